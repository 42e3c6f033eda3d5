/** Replicates of a flat book for people: estimates beside the law. */
import type { Scenario } from '../model/index.js';
import type { FlatFigures, FlatResult } from '../model/replicates/index.js';
import { whole } from './number-text.js';
import { paint } from './terminal.js';

/** What the figures are of. */
export interface ReplicatesAbout {
  scenario: Scenario;
  seed: number;
  /** Command that gives the same hash. */
  repeat: string;
  partial: boolean;
}

const LABEL_COLUMNS = 24;
const NUMBER_COLUMNS = 12;

/** Rows of the table: label, and where the figure stands. */
const ROWS: readonly (readonly [string, (figures: FlatFigures) => number | null])[] = [
  ['mean liquidations', (one) => one.mean],
  ['variance', (one) => one.variance],
  ['reproduction number', (one) => one.reproductionNumber],
  ['amplification', (one) => one.amplification],
  ['P(at least 20)', (one) => one.pAtLeast['20']],
  ['P(runaway)', (one) => one.runawayProbability],
  ['offspring, variance', (one) => one.offspring.variance],
  ['offspring, P(none)', (one) => one.offspring.pZero],
  ['mean subtree', (one) => one.meanSubtree],
  ['mean counterfactual', (one) => one.meanCounterfactual],
];

/** Returns the table: estimate, standard error, closed form, and the distance in standard errors. */
export function replicatesText(result: FlatResult, about: ReplicatesAbout): string {
  const { scenario, seed, repeat, partial } = about;
  const { R, theta, refill, cap } = scenario.flat ?? { R: 0, theta: 0, refill: 0, cap: 0 };
  const title =
    `${scenario.name}, R ${R}, theta ${theta}, refill ${refill}, cap ${cap}: ` +
    `${whole(result.replicates)} replicates from seed ${seed}`;
  const head = ['', 'estimate', 'std. error', 'closed form', 'z'];
  const lines = ROWS.map(([label, of]) => row(label, of(result), of(result.standardErrors), of(result.closedForm)));
  const correlation = `${paint('dim', 'path by path'.padEnd(LABEL_COLUMNS))}correlation of subtree and counterfactual ${figure(result.correlation).trim()}`;
  return [
    paint('bold', title),
    ...(partial ? [paint('yellow', 'partial: interrupted before its end')] : []),
    paint('dim', cells(head)),
    ...lines,
    correlation,
    `${paint('dim', 'hash'.padEnd(LABEL_COLUMNS))}${paint('bold', result.hash)}`,
    `${paint('dim', 'repeat'.padEnd(LABEL_COLUMNS))}${repeat}`,
  ].join('\n');
}

function row(label: string, estimate: number | null, error: number | null, closed: number | null): string {
  const isComparable = estimate !== null && closed !== null && error !== null && error > 0;
  const z = isComparable ? ((estimate - closed) / error).toFixed(2) : '-';
  return cells([label, figure(estimate), figure(error), figure(closed), z]);
}

function cells([label, ...numbers]: string[]): string {
  return label.padEnd(LABEL_COLUMNS) + numbers.map((text) => text.padStart(NUMBER_COLUMNS)).join('');
}

/** Five significant digits, plain: `0.028100`, `4.9982`, `2048.3`; `-` for none. */
function figure(value: number | null): string {
  if (value === null) return '-';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-6) return value.toExponential(1);
  const decimals = Math.max(0, 4 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(8, decimals));
}
