/** The replay: lanes, figures, transport, one clock and one selection, all of it in the address. */
import type { Film, Liquidation } from '../../data/index.js';
import { commandOf } from '../commands.js';
import type { ReplayActions } from '../commands.js';
import { element, setAttribute } from '../dom.js';
import { aboutPanel } from '../parts/about-panel.js';
import { announce } from '../parts/announcer.js';
import { openGoTo, openHelp, openTable } from '../parts/dialogs.js';
import { CascadeWalk } from '../parts/cascade-walk.js';
import { LanesPointer } from '../parts/lanes-pointer.js';
import type { PointerActions } from '../parts/lanes-pointer.js';
import { LanesView } from '../parts/lanes-view.js';
import { LiquidationCard, liquidationWords } from '../parts/liquidation-card.js';
import { StatePanel, stateWords } from '../parts/state-panel.js';
import { TransportBar } from '../parts/transport-bar.js';
import type { ScrubActions } from '../parts/transport-bar.js';
import { Playback } from '../playback.js';
import type { Route } from '../route.js';
import { formatRoute } from '../route.js';
import { stateHash } from '../state-hash.js';
import type { Theme } from '../theme.js';
import { TimeWindow } from '../time-window.js';
import type { Screen } from './screen.js';

type ReplayRoute = Extract<Route, { screen: 'replay' }>;

/** What a replay screen is made for. */
export interface ReplayOptions {
  film: Film;
  route: ReplayRoute;
  theme: Theme;
  /** Called when bytes cannot be had; the screen keeps what it has. */
  onFailure(error: unknown): void;
}

/** One film on screen. */
export class ReplayScreen implements Screen, ReplayActions, ScrubActions, PointerActions {
  readonly root: HTMLElement;
  private readonly film: Film;
  private readonly theme: Theme;
  private readonly onFailure: (error: unknown) => void;
  private readonly runId: string;
  private readonly testing: boolean;
  private readonly playback: Playback;
  private readonly lanes = new LanesView();
  private readonly panel: StatePanel;
  private readonly card: LiquidationCard;
  private readonly cascade: CascadeWalk;
  private readonly transport: TransportBar;
  private readonly observer: ResizeObserver;
  private readonly reduced = matchMedia('(prefers-reduced-motion: reduce)');
  private readonly window: TimeWindow;
  private selected = -1;
  private inkIsStale = true;
  private loads = 0;
  private frame = 0;
  private lastFrameMillis = 0;
  private addressTimer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(options: ReplayOptions) {
    this.film = options.film;
    this.theme = options.theme;
    this.onFailure = options.onFailure;
    this.runId = options.route.runId;
    this.testing = options.route.testing;
    const { info } = this.film;
    this.playback = new Playback(info.durationMicros);
    this.window = new TimeWindow(info.durationMicros, info.seriesMicros);
    this.panel = new StatePanel(info);
    this.card = new LiquidationCard(info, {
      walk: (direction) => this.walk(direction),
      selectLiquidation: (id) => this.track(this.cascade.selectLiquidation(id)),
    });
    this.cascade = new CascadeWalk(this.film, this.card, {
      select: (ordinal) => this.select(ordinal),
      seek: (micros) => this.seek(micros),
      track: (load) => this.track(load),
    });
    this.transport = new TransportBar(this.film, this);
    this.root = this.build();
    new LanesPointer(this.lanes, info, this);
    this.observer = new ResizeObserver(() => this.invalidate(true));
    this.observer.observe(this.lanes.root);
    document.addEventListener('keydown', this.onKey);
    this.show(options.route);
  }

  /** Takes over what an address says: on opening, and when the visitor goes back. */
  show(route: Route): void {
    if (route.screen !== 'replay') return;
    this.playback.playing = false;
    // Without a time the whole film is past: nothing dimmed. Play starts it over.
    this.playback.seek(route.timeMicros ?? this.film.info.durationMicros);
    const view = route.view ?? [0, this.film.info.durationMicros];
    this.place(view[0], view[1]);
    this.selected = route.selectedId ?? -1;
    if (this.selected >= 0) this.track(this.film.liquidation(this.selected).then(() => {}));
    this.needState();
    this.invalidate(true);
  }

  close(): void {
    this.closed = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.addressTimer);
    document.removeEventListener('keydown', this.onKey);
    this.observer.disconnect();
  }

  themeChanged(): void {
    this.invalidate(true);
  }

  togglePlay(): void {
    this.playback.toggle();
    this.lastFrameMillis = 0;
    if (!this.playback.playing) this.settled();
    else if (!this.isVisible(this.playback.timeMicros)) this.follow();
    this.invalidate(false);
  }

  changeSpeed(steps: number): void {
    this.playback.changeSpeed(steps);
    this.invalidate(false);
  }

  step(steps: number): void {
    this.seek(this.film.sampleTime(this.playback.timeMicros, steps));
  }

  seekFraction(fraction: number): void {
    this.seek(fraction * this.film.info.durationMicros);
  }

  seekEnd(end: 'start' | 'end'): void {
    this.seek(end === 'start' ? 0 : this.film.info.durationMicros);
  }

  seekShare(share: number): void {
    this.seek(this.window.at(share));
  }

  /** Goes to a time; stops playing. */
  seek(micros: number): void {
    this.playback.playing = false;
    this.playback.seek(micros);
    if (!this.isVisible(this.playback.timeMicros)) this.follow();
    this.settled();
  }

  /** From the selected one to its neighbour if the clock stands on it, else by time. */
  stepLiquidation(direction: 1 | -1): void {
    const time = this.playback.timeMicros;
    const here = this.film.loadedLiquidation(this.selected);
    const found =
      here?.timeMicros === time
        ? Promise.resolve(this.selected + direction)
        : direction > 0
          ? this.film.liquidationAfter(time)
          : this.film.liquidationBefore(time);
    this.track(
      found.then(async (ordinal) => {
        const liquidation = await this.film.liquidation(ordinal);
        if (this.closed) return;
        if (liquidation) this.goTo(liquidation);
        else announce(direction > 0 ? 'No later liquidation.' : 'No earlier liquidation.');
      }),
    );
  }

  select(ordinal: number): void {
    this.track(
      this.film.liquidation(ordinal).then((liquidation) => {
        if (liquidation && !this.closed) this.goTo(liquidation);
      }),
    );
  }

  walk(direction: 'cause' | 'effect'): void {
    this.track(this.cascade.walk(direction));
  }

  stepCascade(direction: 1 | -1): void {
    this.track(this.cascade.walkCascades(this.playback.timeMicros, direction));
  }

  zoom(factor: number): void {
    const share = this.window.shareOf(this.playback.timeMicros);
    this.zoomAt(factor, share >= 0 && share <= 1 ? share : 0.5);
  }

  zoomAt(factor: number, share: number): void {
    const at = this.window.at(share);
    const length = this.window.length * factor;
    this.setView(at - share * length, at + (1 - share) * length);
  }

  pan(share: number): void {
    this.panBy(share);
  }

  panBy(share: number): void {
    this.setView(this.window.at(share), this.window.at(1 + share));
  }

  fit(): void {
    this.setView(0, this.film.info.durationMicros);
  }

  setView(fromMicros: number, toMicros: number): void {
    this.place(fromMicros, toMicros);
    this.keepAddress();
    this.invalidate(true);
  }

  clearSelection(): void {
    this.selected = -1;
    this.keepAddress();
    this.invalidate(true);
  }

  openGoTo(): void {
    openGoTo(this.film, this.playback.timeMicros, (micros) => this.seek(micros));
  }

  openTable(): void {
    openTable(this.film, [this.window.from, this.window.to]);
  }

  openHelp(): void {
    openHelp();
  }

  copyLink(): void {
    history.replaceState(null, '', this.address());
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error());
    copied.then(
      () => announce('Link copied.', true),
      () => announce('The link is in the address bar.', true),
    );
  }

  toggleTheme(): void {
    this.theme.toggle();
  }

  private build(): HTMLElement {
    const { card, cascade } = this;
    const cards = [this.panel.root, card.root, cascade.panel.root, card.figures, aboutPanel()];
    return element(
      'div',
      { class: 'screen replay', 'data-ready': 'false' },
      element(
        'main',
        { id: 'main', class: 'replay-main' },
        this.lanes.root,
        element('aside', { class: 'side' }, ...cards),
      ),
      this.transport.root,
    );
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (document.querySelector('dialog[open]')) return;
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    command.run(this);
  };

  private goTo(liquidation: Liquidation): void {
    this.selected = liquidation.ordinal;
    this.seek(liquidation.timeMicros);
    this.invalidate(true);
    announce(liquidationWords(liquidation, this.film.info));
  }

  private place(fromMicros: number, toMicros: number): void {
    const { window } = this;
    window.place(fromMicros, toMicros);
    if (this.film.isFine(window.from, window.to)) return;
    this.track(this.film.ensure(window.from, window.to, () => this.invalidate(true)));
  }

  private isVisible(micros: number): boolean {
    return this.window.contains(micros);
  }

  /** Turns the page so that the clock stands near its left. */
  private follow(): void {
    const { length } = this.window;
    const from = this.playback.timeMicros - 0.08 * length;
    this.place(from, from + length);
    this.inkIsStale = true;
  }

  /** The clock came to rest: figures, address and words follow. */
  private settled(): void {
    this.needState();
    this.keepAddress();
    this.invalidate(false);
    const { timeMicros } = this.playback;
    const state = this.film.state(timeMicros);
    if (state) announce(stateWords(state, this.film.info));
  }

  private needState(): void {
    this.track(this.film.ensureState(this.playback.timeMicros));
  }

  /** Counts a load, so that `data-ready` waits for it; failures go to the banner. */
  private track(load: Promise<void>): void {
    this.loads += 1;
    setAttribute(this.root, 'data-ready', 'false');
    load.catch(this.onFailure).finally(() => {
      this.loads -= 1;
      this.invalidate(true);
    });
  }

  private keepAddress(): void {
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => {
      history.replaceState(null, '', this.address());
    }, 120);
  }

  private address(): string {
    return formatRoute({
      screen: 'replay',
      runId: this.runId,
      timeMicros: this.playback.timeMicros,
      view: this.window.isWhole ? null : [this.window.from, this.window.to],
      selectedId: this.selected >= 0 ? this.selected : null,
      testing: this.testing,
    });
  }

  private invalidate(ink: boolean): void {
    if (this.closed) return;
    if (ink) this.inkIsStale = true;
    setAttribute(this.root, 'data-ready', 'false');
    if (this.frame === 0) this.frame = requestAnimationFrame(this.onFrame);
  }

  private readonly onFrame = (now: number): void => {
    this.frame = 0;
    const started = performance.now();
    this.advance(now);
    this.cascade.show(this.selected);
    const density = this.testing ? 1 : Math.min(3, devicePixelRatio || 1);
    const { palette } = this.theme;
    if (this.inkIsStale) {
      this.inkIsStale = false;
      const marks = this.lanes.draw({
        film: this.film,
        fromMicros: this.window.from,
        toMicros: this.window.to,
        selectedOrdinal: this.selected,
        links: this.cascade,
        palette,
        density,
      });
      this.transport.draw([this.window.from, this.window.to], palette, density);
      setAttribute(this.root, 'data-marks', String(marks));
    }
    this.showMoment();
    setAttribute(this.root, 'data-frame-ms', (performance.now() - started).toFixed(1));
    if (this.playback.playing) this.frame = requestAnimationFrame(this.onFrame);
    else if (this.loads === 0) setAttribute(this.root, 'data-ready', 'true');
  };

  private advance(now: number): void {
    if (!this.playback.playing) return;
    const passed = this.lastFrameMillis === 0 ? 0 : Math.min(500, now - this.lastFrameMillis);
    // Who wants less motion gets steps, four a second.
    if (this.reduced.matches && passed > 0 && passed < 250) return;
    this.lastFrameMillis = now;
    this.playback.advance(passed);
    if (!this.isVisible(this.playback.timeMicros)) this.follow();
    if (!this.playback.playing) this.settled();
  }

  private showMoment(): void {
    const { timeMicros } = this.playback;
    const state = this.film.state(timeMicros);
    if (this.playback.playing && state && !state.exact && this.loads === 0) this.needState();
    this.lanes.setTime(timeMicros);
    this.transport.setTime(this.playback);
    this.panel.show(timeMicros, state);
    this.card.show(this.film.loadedLiquidation(this.selected));
    setAttribute(this.root, 'data-time', String(timeMicros));
    setAttribute(this.root, 'data-playing', String(this.playback.playing));
    setAttribute(this.root, 'data-hash', stateHash(state));
    setAttribute(this.root, 'data-run-hash', this.film.info.hash);
    setAttribute(this.root, 'data-selected', String(this.selected));
  }
}
