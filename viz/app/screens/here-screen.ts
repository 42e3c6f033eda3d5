/** Run here: a scenario, or a stored run, simulated in this page: its hash, its figures, and its film. */
import { amountText, durationText, groupText, percentText } from '../../data/index.js';
import { element, setAttribute, setText } from '../dom.js';
import { pageScenarios } from '../library.js';
import type { StoredRun } from '../film-source.js';
import type { Route } from '../route.js';
import { formatRoute } from '../route.js';
import type { PageRun } from '../run-here.js';
import { startPageRun } from '../run-here.js';
import type { RunMessage, RunRequest } from '../run-messages.js';
import type { Screen } from './screen.js';

type HereRoute = Extract<Route, { screen: 'here' | 'again' }>;
type Done = Extract<RunMessage, { kind: 'done' }>;

/** The form, a progress bar and the result. */
export class HereScreen implements Screen {
  readonly root: HTMLElement;
  private readonly onFilm: (id: string, film: Blob) => void;
  private readonly scenario = element('select', { name: 'scenario' });
  private readonly seed = element('input', { name: 'seed', type: 'number', min: 0, step: 1 });
  private readonly leverage = element('input', {
    name: 'leverage',
    type: 'number',
    min: 0.1,
    max: 5,
    step: 0.1,
    value: 1,
  });
  private readonly runButton = element('button', { type: 'submit', class: 'primary' }, 'Run');
  private readonly stopButton = element('button', { type: 'button', hidden: true }, 'Stop');
  private readonly bar = element('div');
  private readonly progress = element('div', { class: 'progress', hidden: true }, this.bar);
  private readonly status = element('p', { class: 'hint', role: 'status' });
  private readonly result = element('div', { class: 'result' });
  private readonly stored: StoredRun | null;
  private run: PageRun | null = null;

  /** @param stored the run to run again; null offers the scenarios of the page */
  constructor(route: HereRoute, stored: StoredRun | null, onFilm: (id: string, film: Blob) => void) {
    this.onFilm = onFilm;
    this.stored = stored;
    for (const one of pageScenarios) {
      this.scenario.append(element('option', { value: one.name }, one.title));
    }
    const form = element(
      'form',
      {},
      stored ? null : element('label', {}, 'Scenario', this.scenario),
      element('label', {}, 'Seed', this.seed),
      element('label', {}, 'Leverage \u00d7', this.leverage),
      this.runButton,
      this.stopButton,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.start();
    });
    this.stopButton.addEventListener('click', () => this.stop());
    this.root = element(
      'main',
      { id: 'main', class: 'page here screen', 'data-ready': 'true', 'data-running': 'false' },
      element('h1', {}, stored ? `Run again: ${stored.scenario.name}` : 'Run here'),
      element('p', { class: 'lead' }, stored ? storedLead(stored) : LEAD),
      form,
      this.progress,
      this.status,
      this.result,
    );
    this.show(route);
  }

  show(route: Route): void {
    if (this.stored) {
      this.seed.value = String(this.stored.seed);
      return;
    }
    if (route.screen !== 'here') return;
    const known = pageScenarios.some((one) => one.name === route.scenario);
    this.scenario.value = known ? route.scenario : 'flash-crash';
    this.seed.value = String(route.seed);
  }

  themeChanged(): void {}

  close(): void {
    this.run?.stop();
  }

  private start(): void {
    const seed = Number(this.seed.value);
    if (!Number.isSafeInteger(seed) || seed < 0) {
      setText(this.status, 'The seed must be a whole number from 0 on.');
      return;
    }
    const request = this.stored ? storedRequest(this.stored, seed) : this.request(seed);
    if (!request) return;
    const leverage = Number(this.leverage.value);
    if (leverage !== 1) request.settings.push(`dials.leverage=${leverage}`);
    const isAsStored = this.stored !== null && seed === this.stored.seed && leverage === 1;
    this.running(true);
    this.result.replaceChildren();
    for (const name of ['data-hash', 'data-agrees', 'data-error']) this.root.removeAttribute(name);
    setText(this.status, 'Drawing the traders\u2026');
    this.run = startPageRun(request, (message) => this.hear(message, request, isAsStored));
  }

  /** The chosen scenario of the page, which the address then names; null when there is none. */
  private request(seed: number): RunRequest | null {
    const found = pageScenarios.find((one) => one.name === this.scenario.value);
    if (!found) return null;
    const route = { screen: 'here' as const, scenario: found.name, seed };
    history.replaceState(null, '', formatRoute(route));
    const { name, text } = found;
    return { scenarioText: text, fileName: `${name}.yaml`, seed, settings: [], untilMicros: 0, film: true };
  }

  private stop(): void {
    this.run?.stop();
    this.running(false);
    setText(this.status, 'Stopped.');
  }

  private hear(message: RunMessage, request: RunRequest, isAsStored: boolean): void {
    if (message.kind === 'deciding') return;
    if (message.kind === 'progress') {
      const share = message.micros / message.durationMicros;
      this.bar.style.transform = `scaleX(${share})`;
      setText(this.status, `${durationText(message.micros)} simulated`);
      return;
    }
    this.running(false);
    if (message.kind === 'failed') {
      setText(this.status, message.message);
      setAttribute(this.root, 'data-error', message.code);
      return;
    }
    setText(this.status, `Done in ${message.wallSeconds.toFixed(1)} s.`);
    setAttribute(this.root, 'data-hash', message.figures.hash);
    const verdict = isAsStored ? this.compare(message.figures.hash) : null;
    this.result.replaceChildren(this.told(message, request, verdict));
  }

  /** Says whether the stored run has the same hash. */
  private compare(hash: string): HTMLElement {
    const agrees = hash === this.stored?.hash;
    setAttribute(this.root, 'data-agrees', String(agrees));
    const words = agrees
      ? '\u2713 the same hash: the stored run is what its inputs give'
      : `\u2717 its hash is ${this.stored?.hash}: another version made it, or it was changed`;
    return element('span', { class: agrees ? 'agrees' : 'differs' }, words);
  }

  private told(done: Done, request: RunRequest, verdict: HTMLElement | null): HTMLElement {
    const { figures } = done;
    const { seed } = request;
    const scenario = this.stored?.scenario.name ?? request.fileName.replace(/\.yaml$/, '');
    const watch = element('button', { type: 'button', class: 'primary' }, 'Watch it');
    watch.addEventListener('click', () => {
      this.onFilm(`here-${scenario}-${seed}`, new Blob(done.replay));
    });
    const rows: [string, Node | string][] = [
      ['hash', element('code', {}, figures.hash)],
      ...(verdict ? [['stored run', verdict] as [string, Node]] : []),
      ['traders', groupText(figures.traders)],
      ['simulated', durationText(figures.simulatedSeconds * 1e6)],
      ['order actions, trades', `${groupText(figures.orderActions)}, ${groupText(figures.trades)}`],
      ['lowest price', `$${amountText(figures.price.minQuote)}`],
      ['drawdown', percentText(-figures.price.maxDrawdownFraction)],
      [
        'liquidations',
        `${groupText(figures.liquidations.count)}, $${amountText(figures.liquidations.notionalQuote)}`,
      ],
      ['largest cascade', groupText(figures.liquidations.largestCascade)],
      ['bad debt', `$${amountText(figures.badDebtQuote)}`],
    ];
    return element(
      'section',
      { 'aria-label': 'Result' },
      element('h2', {}, `${scenario}, seed ${seed}`),
      element(
        'dl',
        {},
        ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
      ),
      watch,
    );
  }

  private running(running: boolean): void {
    setAttribute(this.root, 'data-running', String(running));
    this.runButton.disabled = running;
    this.stopButton.hidden = !running;
    this.progress.hidden = !running;
    this.bar.style.transform = 'scaleX(0)';
  }
}

const LEAD =
  'The same simulator as on the command line, in this page. The same scenario and seed give ' +
  'the same hash there and here. Change the leverage and see who survives.';

function storedLead({ id, strategies, indexUrl }: StoredRun): string {
  const names = strategies.map((one) => one.name).join(', ');
  const own = names === '' ? '' : ` with the trading rule the folder keeps (${names})`;
  const prices = indexUrl === '' ? '' : ', on the prices it keeps';
  return (
    `Simulates ${id} in this page once more${own}${prices}. Unchanged, it must give the hash of the ` +
    'stored run; with another seed or leverage it is another run.'
  );
}

function storedRequest(stored: StoredRun, seed: number): RunRequest {
  const { scenario, id, untilMicros, strategies, indexUrl } = stored;
  const scenarioText = JSON.stringify(scenario);
  return { scenarioText, fileName: id, seed, settings: [], untilMicros, film: true, strategies, indexUrl };
}
