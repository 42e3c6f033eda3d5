/** A counterfactual for people. */
import { describeTime } from '../../sim/trace/index.js';
import { MEASURES } from '../runtime/index.js';
import type { Cause, Counterfactual, Division, Measure } from '../runtime/index.js';
import { percent, short, whole } from './number-text.js';
import { paint } from './terminal.js';

const LABEL_COLUMNS = 22;
const COLUMNS = 12;

const LABELS: Record<Measure, string> = {
  liquidations: 'liquidations',
  liquidatedQuote: 'liquidated, quote',
  badDebtQuote: 'bad debt, quote',
  priceFallFraction: 'largest fall of price',
  fundDrawdownQuote: 'fund drawdown, quote',
};

/** Returns the lines of an answer. */
export function counterfactualText(found: Counterfactual): string {
  const { cause, scenario, seed, branchMicros, untilMicros } = found;
  const head = ['', 'happened', 'without', 'effect'];
  const count = found.effects.liquidations.continuations?.count ?? 0;
  const futures = count === 0 ? '' : `  over ${count} futures, 95 %`;
  const lines = [
    paint('bold', `${scenario}, seed ${seed}, without ${causeText(cause)}`),
    `${modeText(found)}; told from ${describeTime(branchMicros)} to ${describeTime(untilMicros)}`,
    '',
    paint('dim', row(head[0], head.slice(1)) + futures),
    ...MEASURES.map((measure) => effectLine(found, measure)),
    ...chances(found),
  ];
  if (found.division !== null) lines.push('', ...divisionLines(found.division));
  return lines.join('\n');
}

function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'liquidation': {
      const { liquidation, account, ordinal, cohortName, side, notionalQuote } = cause;
      const who = `account ${account} of ${cohortName ?? 'outside the population'}`;
      const what = `${short(notionalQuote)} quote ${side > 0 ? 'long' : 'short'}`;
      return `liquidation ${liquidation} (${who}, its no. ${ordinal}, ${what})`;
    }
    case 'cohort':
      return `cohort ${cause.cohortName} (its orders and forced sales)`;
    case 'mechanism':
      return cause.mechanism;
    default:
      return `fault ${cause.fault}`;
  }
}

function modeText({ cause, mode, without }: Counterfactual): string {
  if (without.suppressed === 0) return NOTHING_SUPPRESSED[cause.kind];
  const taken = `${whole(without.suppressed)} liquidation${without.suppressed === 1 ? '' : 's'}`;
  if (mode === 'warehouse') return `${taken} warehoused, never traded`;
  if (mode === 'defer') return `${taken} deferred, of which ${whole(without.deferredBegun)} began`;
  return `${taken} saved with ${short(without.injectedQuote)} quote from outside`;
}

const NOTHING_SUPPRESSED: Record<Cause['kind'], string> = {
  liquidation: 'it does not happen',
  cohort: 'its orders are refused, it is never liquidated',
  mechanism: 'it is switched off',
  fault: 'it does not happen',
};

function effectLine({ effects }: Counterfactual, measure: Measure): string {
  const { value, twin, difference, continuations } = effects[measure];
  const text = (x: number): string => amount(measure, x);
  const line = row(LABELS[measure], [text(value), text(twin), text(difference)]);
  if (continuations === null) return line;
  const { mean, low, high } = continuations;
  const interval = Number.isNaN(low) ? '' : ` (${text(low)} to ${text(high)})`;
  return `${line}  ${text(mean)}${interval}`;
}

function chances({ necessity, sufficiency }: Counterfactual): string[] {
  if (necessity === null) return [];
  const lines = [''];
  const range = (low: number, high: number): string => `${percent(low)} to ${percent(high)}`;
  if (necessity.count === 0) lines.push('necessary             no future had liquidations of others');
  else {
    const { hits, count, low, high } = necessity;
    const of = `fewer others fall in ${hits} of ${count} futures with a cascade`;
    lines.push(`necessary             ${of} (${range(low, high)})`);
  }
  if (sufficiency === null) {
    lines.push('sufficient            cannot be told: the account held nothing in the calm before');
  } else {
    const { calmMicros, forced, leftAlone } = sufficiency;
    const of = `forced at ${describeTime(calmMicros)}, others fall in ${forced.hits} of ${forced.count} futures`;
    const alone = `left alone in ${leftAlone.hits}`;
    lines.push(`sufficient            ${of} (${range(forced.low, forced.high)}); ${alone}`);
  }
  return lines;
}

function divisionLines({ players, permutations, runs, measures }: Division): string[] {
  const how = permutations === 0 ? `exact, ${runs} runs` : `${permutations} orders, ${runs} runs, ± one error`;
  const lines = [paint('bold', `Whose forced sales did it: Shapley values (${how})`)];
  lines.push(paint('dim', row('', MEASURES.map((measure) => SHORT_LABELS[measure]))));
  const told = MEASURES.map((measure) => ({ measure, ...measures[measure] }));
  players.forEach((player, i) => {
    const values = told.map(({ measure, values, standardErrors }) => {
      const error = permutations === 0 ? '' : ` ± ${amount(measure, standardErrors[i])}`;
      return `${amount(measure, values[i])}${error}`;
    });
    lines.push(row(player, values));
  });
  const line = (label: string, of: (one: (typeof told)[number]) => number): void => {
    lines.push(row(label, told.map((one) => amount(one.measure, of(one)))));
  };
  line('none of these', (one) => one.none);
  line('all', (one) => one.all);
  line('synergy', (one) => one.synergy);
  return lines;
}

const SHORT_LABELS: Record<Measure, string> = {
  liquidations: 'count',
  liquidatedQuote: 'quote',
  badDebtQuote: 'bad debt',
  priceFallFraction: 'fall',
  fundDrawdownQuote: 'fund',
};

function amount(measure: Measure, value: number): string {
  if (measure !== 'priceFallFraction') return short(Math.abs(value) < 1e-9 ? 0 : value);
  return `${(100 * value).toFixed(2)} %`;
}

function row(label: string, cells: readonly string[]): string {
  return `${label.padEnd(LABEL_COLUMNS)}${cells.map((cell) => cell.padStart(COLUMNS)).join('')}`;
}
