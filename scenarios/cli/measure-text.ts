/** What a stored run measures, for people. */
import { metricInfos } from '../../sim/metrics/index.js';
import type { Measurement, RunMeasurements } from '../runtime/index.js';
import { short } from './number-text.js';
import { fitted, paint } from './terminal.js';

const groupOf = new Map(metricInfos.map(({ name, group }) => [name, group]));
/** Metrics with many values, which the table puts on one line. */
const MATRIX = 'reproductionNumber.matrix';
const LISTS: readonly string[] = ['reproductionNumber.byGeneration', MATRIX];
const LISTED_MAX = 4;
const MICROS_PER_SECOND = 1e6;

/** One line of the table. */
interface Line {
  group: string;
  label: string;
  text: string;
}

/** Writes a line for each value, group by group; values that are undefined stand together. */
export function measureTable(run: RunMeasurements): string {
  const lines = [...new Set(run.values.map((one) => groupOf.get(one.name) ?? ''))].flatMap((group) => {
    const values = run.values.filter((one) => groupOf.get(one.name) === group);
    const named = values.filter((one) => one.value !== null && !LISTS.includes(one.name));
    return [
      ...named.map((one) => ({ group, label: labelOf(one), text: valueText(one) })),
      ...LISTS.flatMap((name) => listLine(group, name, values)),
      ...undefinedLines(group, values),
    ];
  });
  const width = Math.max(...lines.map((one) => one.label.length)) + 2;
  let group = '';
  const rows = lines.map((line) => {
    const head = paint('dim', (line.group === group ? '' : line.group).padEnd(GROUP_WIDTH));
    group = line.group;
    return head + line.label.padEnd(width) + fitted(line.text, GROUP_WIDTH + width);
  });
  return [titleOf(run), ...rows].join('\n');
}

const GROUP_WIDTH = 11;

/** Writes every value of one metric. */
export function measureText(run: RunMeasurements): string {
  const rows = run.values.map((one) => {
    const about = one.note === null ? '' : `; ${one.note}`;
    const text = one.value === null ? `not defined: ${one.note}` : `${valueText(one)}${about}`;
    return `${one.scope === null ? '' : `${one.scope}: `}${text}`;
  });
  return [titleOf(run), ...rows].join('\n');
}

function titleOf({ scenario, seed, complete }: RunMeasurements): string {
  return paint('bold', `${scenario}, seed ${seed}${complete ? '' : ', interrupted before its end'}`);
}

/** The scope where a name has more than one. */
function labelOf({ name, scope }: Measurement): string {
  return scope === null || scope === 'L1' && name !== 'reproductionNumber' ? name : `${name} (${scope})`;
}

function valueText({ value, unit, interval, n }: Measurement): string {
  const isTime = unit === 'us';
  const scale = isTime ? MICROS_PER_SECOND : 1;
  // A unit "1 (0..1)" is a pure number.
  const word = isTime ? ' s' : /^1( \(|$)/.test(unit) ? '' : ` ${unit}`;
  const end = (bound: number): string => figure(bound / scale);
  const ends = interval === null ? '' : ` (${end(interval.low)} to ${end(interval.high)})`;
  return `${figure((value ?? Number.NaN) / scale)}${ends}${word}, n ${short(n)}`;
}

function listLine(group: string, label: string, values: readonly Measurement[]): Line[] {
  const own = values.filter((one) => one.name === label && one.value !== null && one.value > 0);
  if (own.length === 0) return [];
  if (label === MATRIX) own.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const shown = own.slice(0, LISTED_MAX).map((one) => {
    const scope = (one.scope ?? '').replace(/^L1, (generation )?/, '');
    return `${scope}: ${figure(one.value ?? Number.NaN)}`;
  });
  const more = own.length > LISTED_MAX ? `; ${own.length - LISTED_MAX} more in --json` : '';
  return [{ group, label, text: shown.join('; ') + more }];
}

function undefinedLines(group: string, values: readonly Measurement[]): Line[] {
  const names = new Map<string, Set<string>>();
  for (const { name, value, note } of values) {
    if (value !== null || note === null) continue;
    names.set(note, (names.get(note) ?? new Set()).add(name));
  }
  return [...names].map(([note, own]) => ({
    group,
    label: 'undefined',
    text: `${note}: ${[...own].join(', ')}`,
  }));
}

/** Three or four digits: more than that a run's figures do not carry. */
function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 1 || size === 0) return short(value);
  return size < 1e-3 ? value.toExponential(2) : value.toPrecision(3);
}
