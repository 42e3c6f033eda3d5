/** The list of runs: the door to every replay. */
import { amountText, durationText, groupText } from '../../data/index.js';
import { element } from '../dom.js';
import type { RunListing } from '../film-source.js';
import { fetchRuns } from '../film-source.js';
import { formatRoute } from '../route.js';
import type { Screen } from './screen.js';

/** Runs that the server has, newest first. */
export class RunsScreen implements Screen {
  readonly root: HTMLElement;

  private constructor(runs: RunListing[]) {
    this.root = element(
      'main',
      { id: 'main', class: 'page runs screen', 'data-ready': 'true', 'data-runs': runs.length },
      element('h1', {}, 'Runs'),
      element(
        'p',
        { class: 'lead' },
        'Each run is a crowd of leveraged traders on one simulated market. Open one to watch who ' +
          'was forced out, when, and what that did to the price.',
      ),
      runs.length > 0 ? runTable(runs) : noRuns(),
    );
  }

  /** @throws SourceError when the server does not answer. */
  static async open(): Promise<RunsScreen> {
    return new RunsScreen(await fetchRuns());
  }

  show(): void {}

  themeChanged(): void {}

  close(): void {}
}

function runTable(runs: RunListing[]): HTMLElement {
  const heads = ['scenario', 'run', 'made', 'length', 'liquidations', 'notional', 'seed', 'hash'];
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      { class: 'run-table' },
      element(
        'thead',
        {},
        element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
      ),
      element('tbody', {}, ...runs.map(runRow)),
    ),
  );
}

function runRow(run: RunListing): HTMLElement {
  const href = formatRoute({
    screen: 'replay',
    runId: run.id,
    timeMicros: null,
    view: null,
    selectedId: null,
    testing: false,
  });
  const again = formatRoute({ screen: 'again', runId: run.id });
  const name = run.scenario || run.id;
  return element(
    'tr',
    {},
    element(
      'td',
      {},
      run.replayBytes > 0 ? element('a', { href, 'data-run': run.id }, name) : name,
      run.partial ? element('span', { class: 'tag' }, 'interrupted') : null,
    ),
    element(
      'td',
      {},
      run.id,
      element('a', { class: 'again', href: again, title: `Run ${run.id} again in this page` }, 'run again'),
    ),
    element('td', {}, new Date(run.modifiedEpochMs).toISOString().slice(0, 16).replace('T', ' ')),
    element('td', {}, durationText(run.simulatedSeconds * 1e6)),
    element('td', {}, groupText(run.liquidations)),
    element('td', {}, `$${amountText(run.liquidatedQuote)}`),
    element('td', {}, String(run.seed)),
    element('td', {}, element('code', {}, run.hash)),
  );
}

function noRuns(): HTMLElement {
  return element(
    'div',
    { class: 'empty' },
    element('p', {}, 'There is no run here yet. Make one, then reload:'),
    element('pre', {}, 'npx stampede run black-thursday-2020'),
    element(
      'p',
      {},
      'or ',
      element('a', { href: '#/here' }, 'run a small one in this page'),
      ', or drop a replay.bin anywhere.',
    ),
  );
}
