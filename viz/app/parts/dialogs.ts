/** The dialogs of a replay: all keys, a time to go to, and the view as a table. */
import type { Film, Liquidation } from '../../data/index.js';
import {
  amountText,
  causeKindNames,
  clockText,
  eventWords,
  groupText,
  parseClock,
  priceText,
} from '../../data/index.js';
import { commands, keyText } from '../commands.js';
import { element } from '../dom.js';
import { icon } from '../icons.js';

/** Most rows of a table. */
const ROWS_MAX = 400;

/** Columns of the CSV file: plain numbers, times in simulated micros. */
const CSV_COLUMNS = [
  'id',
  'timeMicros',
  'account',
  'cohort',
  'side',
  'stage',
  'price',
  'markAtBreach',
  'sizeLots',
  'notionalQuote',
] as const;

/** Opens a modal dialog that removes itself when closed; focus returns to where it was. */
export function openDialog(title: string, ...content: Node[]): HTMLDialogElement {
  const close = element(
    'button',
    { type: 'button', class: 'icon', 'aria-label': 'Close', title: 'Close [Esc]' },
    icon('close'),
  );
  const dialog = element(
    'dialog',
    { 'aria-label': title },
    element('header', {}, element('h2', {}, title), close),
    ...content,
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** All keys, from the command table. */
export function openHelp(): void {
  const groups = [...new Set(commands.map((command) => command.group))].map((group) => {
    const rows = commands
      .filter((command) => command.group === group && !/^seek-[1-9]$/.test(command.id))
      .map((command) => {
        const digits = command.id === 'seek-0';
        const keys = digits ? ['0 \u2013 9'] : [...new Set(command.keys.map(keyText))].slice(0, 2);
        return element(
          'tr',
          {},
          element('td', {}, ...keys.map((key) => element('kbd', {}, key))),
          element('td', {}, digits ? 'Go to 0 \u2013 90 % of the film' : command.title),
        );
      });
    return element('section', {}, element('h3', {}, group), element('table', {}, ...rows));
  });
  openDialog('Keys', element('div', { class: 'keys' }, ...groups)).classList.add('help');
}

/** Asks for a time; `go` is called with simulated micros. */
export function openGoTo(film: Film, timeMicros: number, go: (micros: number) => void): void {
  const { startEpochMs, durationMicros } = film.info;
  const input = element('input', {
    type: 'text',
    'aria-label': 'Time, UTC',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  input.value = clockText(timeMicros, startEpochMs);
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const form = element(
    'form',
    { class: 'go-to' },
    element('label', {}, 'Time, UTC ', input),
    element(
      'p',
      { class: 'hint' },
      'hh:mm:ss, or a day and a time (13 02:15), or +90m from the start',
    ),
    wrong,
    element('button', { type: 'submit', class: 'primary' }, 'Go'),
  );
  const dialog = openDialog('Go to a time', form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const micros = parseClock(input.value, startEpochMs, durationMicros);
    if (micros === null) {
      wrong.textContent = `${input.value || 'nothing'} is not a time within this film`;
      return;
    }
    dialog.close();
    go(micros);
  });
  input.select();
}

/** The view as tables, and as a CSV file. */
export function openTable(film: Film, view: [number, number]): void {
  const { info } = film;
  const samples = sampleRows(film, view);
  const found = film.liquidations(view[0], view[1], ROWS_MAX);
  const liquidations = found.map((one) => [
    clockText(one.timeMicros, info.startEpochMs),
    `#${one.id}`,
    one.cohort,
    one.side,
    priceText(one.price, info.quotePerTick),
    amountText(one.notionalQuote),
    one.stage,
    one.cause ? groupText(one.cause.generation) : '\u2013',
    one.cause ? eventWords(one.cause.parent) : '\u2013',
  ]);
  const samplesHead = ['time', 'mark', 'index', 'last', 'open interest', 'fund', 'liquidated'];
  const liquidationsHead = [
    'time', 'id', 'cohort', 'side', 'price', 'notional', 'outcome', 'generation', 'tipped by',
  ];
  const csv = element('button', { type: 'button' }, icon('download'), 'CSV');
  csv.addEventListener('click', () => {
    const all = film.liquidations(view[0], view[1], Infinity);
    const head = [...CSV_COLUMNS, 'generation', 'parentKind', 'parentLiquidation'];
    const lines = [head, ...all.map(csvCells)];
    saveText(
      `${info.scenario}-${info.seed}-${info.hash}-liquidations.csv`,
      lines.map(csvLine).join(''),
    );
  });
  const dialog = openDialog(
    'This view as a table',
    element(
      'div',
      { class: 'tables' },
      element('h3', {}, 'Market'),
      tableOf(samplesHead, samples),
      element(
        'h3',
        {},
        `Liquidations (${liquidations.length}${liquidations.length === ROWS_MAX ? ', the first' : ''})`,
        csv,
      ),
      liquidations.length > 0
        ? tableOf(liquidationsHead, liquidations)
        : element('p', {}, 'No liquidation in this window.'),
    ),
  );
  dialog.classList.add('wide');
}

function sampleRows(film: Film, view: [number, number]): string[][] {
  const { info } = film;
  const rows: string[][] = [];
  const steps = 24;
  for (let i = 0; i <= steps; i += 1) {
    const time = Math.round(view[0] + ((view[1] - view[0]) * i) / steps);
    const state = film.state(time);
    if (!state) continue;
    rows.push([
      clockText(time, info.startEpochMs),
      priceText(state.mark, info.quotePerTick),
      priceText(state.index, info.quotePerTick),
      priceText(state.last, info.quotePerTick),
      amountText(state.openInterestQuote),
      amountText(state.fund),
      `${groupText(state.liquidations)}; ${amountText(state.liquidatedQuote)}`,
    ]);
  }
  return rows;
}

function tableOf(head: string[], rows: string[][]): HTMLElement {
  return element(
    'div',
    { class: 'scroll', tabindex: 0 },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name))),
      ),
      element(
        'tbody',
        {},
        ...rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, cell)))),
      ),
    ),
  );
}

/** Columns of causes are empty where the film tells none. */
function csvCells(one: Liquidation): (string | number | boolean)[] {
  const { cause } = one;
  const told = cause
    ? [cause.generation, causeKindNames[cause.parent.kind], cause.parent.liquidation || '']
    : ['', '', ''];
  return [...CSV_COLUMNS.map((column) => one[column]), ...told];
}

function csvLine(cells: readonly (string | number | boolean)[]): string {
  const quoted = cells.map(String).map((cell) => {
    return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  });
  return `${quoted.join(',')}\n`;
}

function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
