/** Play, step, speed, and the scrub bar. */
import type { Palette } from '../../charts/index.js';
import { drawScrubBar } from '../../charts/index.js';
import type { Film } from '../../data/index.js';
import { clockText, durationText } from '../../data/index.js';
import type { ReplayActions } from '../commands.js';
import { commandNamed, tooltipOf } from '../commands.js';
import { element, setAttribute, setText } from '../dom.js';
import type { IconName } from '../icons.js';
import { icon } from '../icons.js';
import type { Playback } from '../playback.js';
import { speedText } from '../playback.js';

/** What dragging on the scrub bar does. */
export interface ScrubActions {
  seek(micros: number): void;
  setView(fromMicros: number, toMicros: number): void;
}

/** Slices of the scrub bar's density. */
const SLICES = 480;
/** Pixels around a window's edge that take hold of it. */
const GRIP_PIXELS = 6;

/** The bar at the bottom of a replay. */
export class TransportBar {
  readonly root: HTMLElement;
  private readonly film: Film;
  private readonly scrub: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly head: HTMLElement;
  private readonly playButton: HTMLButtonElement;
  private readonly speed: HTMLElement;
  private readonly clock: HTMLElement;
  private readonly summary: { marks: Float64Array; density: Float64Array };
  private window: [number, number];

  constructor(film: Film, actions: ReplayActions & ScrubActions) {
    this.film = film;
    this.summary = film.summary(SLICES);
    this.window = [0, film.info.durationMicros];
    this.canvas = element('canvas', { 'aria-hidden': 'true' });
    this.head = element('div', { class: 'scrub-head' });
    this.scrub = element(
      'div',
      {
        class: 'scrub',
        role: 'slider',
        tabindex: 0,
        'aria-label': 'Time',
        'aria-valuemin': 0,
        'aria-valuemax': film.info.durationMicros,
      },
      this.canvas,
      this.head,
    );
    this.playButton = commandButton('play', 'play', actions);
    this.playButton.classList.add('primary');
    this.speed = element('span', { class: 'speed', title: 'simulated time per second' });
    this.clock = element('span', { class: 'clock' });
    this.root = element(
      'footer',
      { class: 'transport' },
      element(
        'div',
        { class: 'buttons', role: 'toolbar', 'aria-label': 'Playback' },
        commandButton('start', 'start', actions),
        commandButton('previous-liquidation', 'back', actions),
        this.playButton,
        commandButton('next-liquidation', 'forward', actions),
        commandButton('end', 'end', actions),
        commandButton('slower', 'slower', actions),
        this.speed,
        commandButton('faster', 'faster', actions),
      ),
      this.scrub,
      element(
        'div',
        { class: 'clocks' },
        this.clock,
        element('span', { class: 'of' }, `of ${durationText(film.info.durationMicros)}`),
      ),
      element(
        'div',
        { class: 'buttons', role: 'toolbar', 'aria-label': 'View' },
        commandButton('zoom-in', 'zoomIn', actions),
        commandButton('zoom-out', 'zoomOut', actions),
        commandButton('fit', 'fit', actions),
        commandButton('table', 'table', actions),
      ),
    );
    this.listen(actions);
  }

  /** Redraws the bar for a view. */
  draw(view: [number, number], palette: Palette, density: number): void {
    this.window = view;
    const plot = {
      width: this.scrub.clientWidth,
      height: this.scrub.clientHeight,
      gutter: 0,
      density,
    };
    drawScrubBar(
      this.canvas,
      plot,
      {
        durationMicros: this.film.info.durationMicros,
        fromMicros: view[0],
        toMicros: view[1],
        halts: this.film.halts,
        ...this.summary,
      },
      palette,
    );
  }

  /** Shows the clock. */
  setTime(playback: Playback): void {
    const { startEpochMs, durationMicros } = this.film.info;
    const text = clockText(playback.timeMicros, startEpochMs);
    setText(this.clock, text);
    setText(this.speed, speedText(playback.speed));
    setAttribute(this.scrub, 'aria-valuenow', String(playback.timeMicros));
    setAttribute(this.scrub, 'aria-valuetext', text);
    const x = (playback.timeMicros / durationMicros) * this.scrub.clientWidth;
    this.head.style.transform = `translateX(${x}px)`;
    if (this.playButton.dataset.playing === String(playback.playing)) return;
    this.playButton.dataset.playing = String(playback.playing);
    this.playButton.setAttribute('aria-label', playback.playing ? 'Pause' : 'Play');
    this.playButton.replaceChildren(icon(playback.playing ? 'pause' : 'play'));
  }

  private listen(actions: ScrubActions): void {
    let grip: 'time' | 'from' | 'to' | null = null;
    const apply = (event: PointerEvent) => {
      const at = this.microsAt(event);
      const least = this.film.info.durationMicros / 10_000;
      if (grip === 'from') actions.setView(Math.min(at, this.window[1] - least), this.window[1]);
      else if (grip === 'to') actions.setView(this.window[0], Math.max(at, this.window[0] + least));
      else if (grip === 'time') actions.seek(at);
    };
    this.scrub.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      grip = this.gripAt(event);
      this.scrub.setPointerCapture(event.pointerId);
      apply(event);
    });
    this.scrub.addEventListener('pointermove', (event) => {
      if (grip) apply(event);
      else this.scrub.classList.toggle('at-edge', this.gripAt(event) !== 'time');
    });
    const release = () => {
      grip = null;
    };
    this.scrub.addEventListener('pointerup', release);
    this.scrub.addEventListener('pointercancel', release);
  }

  private gripAt(event: PointerEvent): 'time' | 'from' | 'to' {
    const scale = this.scrub.clientWidth / this.film.info.durationMicros;
    const x = event.clientX - this.scrub.getBoundingClientRect().left;
    const [from, to] = this.window;
    if (from > 0 && Math.abs(x - from * scale) <= GRIP_PIXELS) return 'from';
    const whole = to >= this.film.info.durationMicros;
    if (!whole && Math.abs(x - to * scale) <= GRIP_PIXELS) return 'to';
    return 'time';
  }

  private microsAt(event: PointerEvent): number {
    const box = this.scrub.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return Math.round(share * this.film.info.durationMicros);
  }
}

/** A button that runs a command and says so. */
export function commandButton(
  id: string,
  iconName: IconName,
  actions: ReplayActions,
): HTMLButtonElement {
  const command = commandNamed(id);
  const button = element(
    'button',
    {
      type: 'button',
      class: 'icon',
      title: tooltipOf(command),
      'aria-label': command.title,
      'data-command': id,
    },
    icon(iconName),
  );
  button.addEventListener('click', () => command.run(actions));
  return button;
}
