/** The page: a frame with the header, and the screen that the address names. */
import { Film } from '../data/index.js';
import { element, setText } from './dom.js';
import {
  SourceError,
  fetchManifestHash,
  fetchStoredRun,
  isLocalFilm,
  keepLocalFilm,
  readerOf,
} from './film-source.js';
import { brandIcon, icon } from './icons.js';
import { announce } from './parts/announcer.js';
import { Banner } from './parts/banner.js';
import type { Route } from './route.js';
import { formatRoute, parseRoute } from './route.js';
import { HereScreen } from './screens/here-screen.js';
import { ReplayScreen } from './screens/replay-screen.js';
import { RunsScreen } from './screens/runs-screen.js';
import type { Screen } from './screens/screen.js';
import { Theme } from './theme.js';

/** Owns what outlives a screen. */
class Page {
  private readonly theme = new Theme(() => this.themeChanged());
  private readonly banner = new Banner();
  private readonly stage = element('div', { class: 'stage' });
  private readonly title = element('p', { class: 'run-title' });
  private readonly themeButton = headerButton('Dark or light');
  private readonly linkButton = headerButton('Copy a link to this moment [C]');
  private readonly helpButton = headerButton('All keys [?]');
  private readonly links = {
    runs: element('a', { href: '#/' }, 'Runs'),
    here: element('a', { href: '#/here' }, 'Run here'),
  };
  private screen: Screen | null = null;
  private shown = '';
  private visit = 0;

  start(): void {
    const app = document.getElementById('app');
    if (!app) throw new Error('the page has no #app');
    this.linkButton.append(icon('link'), 'Copy link');
    this.helpButton.append(icon('help'));
    app.append(
      element(
        'header',
        { class: 'top' },
        element(
          'a',
          { class: 'brand', href: '#/', 'aria-label': 'Stampede, all runs' },
          brandIcon(),
          'stampede',
        ),
        element('nav', { 'aria-label': 'Screens' }, this.links.runs, this.links.here),
        this.title,
        element('div', { class: 'actions' }, this.linkButton, this.themeButton, this.helpButton),
      ),
      this.banner.root,
      this.stage,
    );
    this.themeButton.addEventListener('click', () => this.theme.toggle());
    this.linkButton.addEventListener('click', () => this.replay()?.copyLink());
    this.helpButton.addEventListener('click', () => this.replay()?.openHelp());
    this.themeChanged();
    window.addEventListener('hashchange', () => void this.open());
    window.addEventListener('dragover', (event) => event.preventDefault());
    window.addEventListener('drop', (event) => this.drop(event));
    void this.open();
  }

  private async open(): Promise<void> {
    const route = parseRoute(location.hash, location.search);
    const name = screenName(route);
    if (this.screen && name === this.shown) {
      this.screen.show(route);
      return;
    }
    this.visit += 1;
    const { visit } = this;
    this.screen?.close();
    this.screen = null;
    this.shown = name;
    this.banner.hide();
    this.decorate(route, null);
    this.stage.replaceChildren(skeleton(route));
    try {
      const screen = await this.build(route);
      if (visit !== this.visit) {
        screen.close();
        return;
      }
      this.screen = screen;
      this.stage.replaceChildren(screen.root);
    } catch (error) {
      if (visit !== this.visit) return;
      this.shown = '';
      this.stage.replaceChildren(failure(route, error, () => void this.open()));
    }
  }

  private async build(route: Route): Promise<Screen> {
    if (route.screen === 'here') return new HereScreen(route, null, openFilm);
    if (route.screen === 'again') {
      return new HereScreen(route, await fetchStoredRun(route.runId), openFilm);
    }
    if (route.screen === 'runs') return RunsScreen.open();
    const film = await Film.open(readerOf(route.runId));
    this.decorate(route, film);
    if (!film.info.complete) {
      this.banner.show('This run was interrupted: the film ends where the run did.');
    }
    void this.compareHash(route.runId, film);
    return new ReplayScreen({
      film,
      route,
      theme: this.theme,
      onFailure: (error) => this.banner.show(words(error), () => location.reload()),
    });
  }

  /** A film beside the manifest of another run would tell a false story. */
  private async compareHash(runId: string, film: Film): Promise<void> {
    if (isLocalFilm(runId)) return;
    // A host of static files may have no manifest: then there is nothing to compare with.
    const hash = await fetchManifestHash(runId).catch(() => '');
    if (hash === '' || hash === film.info.hash || this.shown !== `replay/${runId}`) return;
    this.banner.alarm(
      `Hash mismatch: the manifest says ${hash}, the film ${film.info.hash}. Do not trust this film.`,
    );
  }

  private decorate(route: Route, film: Film | null): void {
    const replay = route.screen === 'replay';
    this.linkButton.hidden = !replay;
    this.helpButton.hidden = !replay;
    for (const name of ['runs', 'here'] as const) {
      if (route.screen === name || (name === 'here' && route.screen === 'again')) this.links[name].setAttribute('aria-current', 'page');
      else this.links[name].removeAttribute('aria-current');
    }
    this.title.replaceChildren();
    setText(this.title, '');
    document.title = film ? `${film.info.scenario} \u2013 Stampede` : 'Stampede';
    if (!film) return;
    const { scenario, seed, hash } = film.info;
    this.title.append(
      element('b', {}, scenario),
      element('span', {}, ` \u00b7 seed ${seed} \u00b7 hash `),
      element('code', { title: 'the same inputs give the same hash' }, hash),
    );
  }

  private replay(): ReplayScreen | null {
    return this.screen instanceof ReplayScreen ? this.screen : null;
  }

  private themeChanged(): void {
    const dark = document.documentElement.dataset.theme === 'dark';
    this.themeButton?.replaceChildren(icon(dark ? 'sun' : 'moon'));
    this.screen?.themeChanged();
  }

  /** A replay file dropped anywhere is played from memory. */
  private drop(event: DragEvent): void {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    openFilm(`file-${file.name}`, file);
    announce(`Opening ${file.name}.`);
  }
}

/** Keeps a film in this page and goes to it. */
function openFilm(id: string, blob: Blob): void {
  keepLocalFilm(id, blob);
  location.hash = formatRoute({
    screen: 'replay',
    runId: id,
    timeMicros: null,
    view: null,
    selectedId: null,
    testing: false,
  });
}

function headerButton(title: string): HTMLButtonElement {
  return element('button', { type: 'button', class: 'quiet', title, 'aria-label': title });
}

function skeleton(route: Route): HTMLElement {
  const lanes = route.screen === 'replay' ? 4 : 1;
  return element(
    'div',
    { class: 'skeleton', 'aria-busy': 'true', 'aria-label': 'Loading' },
    ...Array.from({ length: lanes }, () => element('div')),
  );
}

/** Addresses of one name are one screen in different states. */
function screenName(route: Route): string {
  const isOfRun = route.screen === 'replay' || route.screen === 'again';
  return isOfRun ? `${route.screen}/${route.runId}` : route.screen;
}

function failure(route: Route, error: unknown, again: () => void): HTMLElement {
  const retry = element('button', { type: 'button', class: 'primary' }, 'Try again');
  retry.addEventListener('click', again);
  const code = codeOf(error);
  const what = route.screen === 'again' ? 'This run cannot be run again' : 'This film cannot be shown';
  return element(
    'main',
    { id: 'main', class: 'page failure', role: 'alert', 'data-error': code },
    element('h1', {}, code === 'server/gone' ? 'No server' : what),
    element('p', {}, words(error)),
    element('p', {}, retry, element('a', { href: '#/' }, 'All runs')),
  );
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return error instanceof SourceError || typeof code === 'string' ? String(code) : 'page/internal';
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

new Page().start();
