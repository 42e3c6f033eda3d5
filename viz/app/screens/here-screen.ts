/** Run here: a scenario simulated in this page, its hash, its figures, and its film. */
import { amountText, durationText, groupText, percentText } from '../../data/index.js';
import { element, setAttribute, setText } from '../dom.js';
import { pageScenarios } from '../library.js';
import type { Route } from '../route.js';
import { formatRoute } from '../route.js';
import type { PageRun } from '../run-here.js';
import { startPageRun } from '../run-here.js';
import type { RunMessage } from '../run-worker.js';
import type { Screen } from './screen.js';

type HereRoute = Extract<Route, { screen: 'here' }>;
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
  private run: PageRun | null = null;

  constructor(route: HereRoute, onFilm: (id: string, film: Blob) => void) {
    this.onFilm = onFilm;
    for (const one of pageScenarios) {
      this.scenario.append(element('option', { value: one.name }, one.title));
    }
    const form = element(
      'form',
      {},
      element('label', {}, 'Scenario', this.scenario),
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
      element('h1', {}, 'Run here'),
      element(
        'p',
        { class: 'lead' },
        'The same simulator as on the command line, in this page. The same scenario and seed give ' +
          'the same hash there and here. Change the leverage and see who survives.',
      ),
      form,
      this.progress,
      this.status,
      this.result,
    );
    this.show(route);
  }

  show(route: Route): void {
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
    const found = pageScenarios.find((one) => one.name === this.scenario.value);
    const seed = Number(this.seed.value);
    if (!found || !Number.isSafeInteger(seed) || seed < 0) {
      setText(this.status, 'The seed must be a whole number from 0 on.');
      return;
    }
    history.replaceState(null, '', formatRoute({ screen: 'here', scenario: found.name, seed }));
    this.running(true);
    this.result.replaceChildren();
    this.root.removeAttribute('data-hash');
    setText(this.status, 'Drawing the traders\u2026');
    const leverage = Number(this.leverage.value);
    this.run = startPageRun(
      {
        scenarioText: found.text,
        fileName: `${found.name}.yaml`,
        seed,
        settings: leverage === 1 ? [] : [`dials.leverage=${leverage}`],
        untilMicros: 0,
        film: true,
      },
      (message) => this.hear(message, found.name, seed),
    );
  }

  private stop(): void {
    this.run?.stop();
    this.running(false);
    setText(this.status, 'Stopped.');
  }

  private hear(message: RunMessage, scenario: string, seed: number): void {
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
    this.result.replaceChildren(this.told(message, scenario, seed));
  }

  private told(done: Done, scenario: string, seed: number): HTMLElement {
    const { figures } = done;
    const watch = element('button', { type: 'button', class: 'primary' }, 'Watch it');
    watch.addEventListener('click', () => {
      this.onFilm(`here-${scenario}-${seed}`, new Blob(done.replay));
    });
    const rows: [string, Node | string][] = [
      ['hash', element('code', {}, figures.hash)],
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
