/** The probability of a rare event for people. */
import type { Splitting } from '../runtime/index.js';
import { percent, short, whole } from './number-text.js';
import { paint } from './terminal.js';

const LABEL_COLUMNS = 22;
const COLUMNS = 12;

/** Returns the lines of an estimate. */
export function rareText(found: Splitting): string {
  const { scenario, seed, level, particles, estimate, pilot, crude } = found;
  const { stages, replications } = estimate;
  const lines = [
    paint('bold', `${scenario}, seed ${seed}: ${level.metric} reaches ${short(level.threshold)}`),
    `${particles} particles, ${replications} replications, ${stageCount(found.levels.length)}`,
    '',
    line('probability', probabilityText(found)),
    line('work', `${whole(estimate.spent.cost)} windows in ${whole(estimate.spent.runs)} particles`),
    line('pilot', `${whole(pilot.spent.cost)} windows; highest seen ${short(pilot.highest)}`),
  ];
  if (crude !== null) {
    const { hits, count, low, high, spent } = crude;
    const of = `${hits} of ${whole(count)} (${power(low)} to ${power(high)})`;
    lines.push(line('independent runs', `${of}, ${whole(spent.cost)} windows`));
  }
  lines.push('', paint('dim', row('level', ['started', 'reached', 'share', 'starts'])));
  for (const stage of stages) {
    const { started, reached, share, rootsMean } = stage;
    lines.push(
      row(short(stage.level), [whole(started), whole(reached), percent(share), rootsMean.toFixed(1)]),
    );
  }
  lines.push(paint('dim', 'starts: different first worlds, a replication, behind those which reached the level'));
  return lines.join('\n');
}

function probabilityText({ estimate }: Splitting): string {
  const { probability, low, high, relativeError, upperBound, extinct, replications } = estimate;
  if (upperBound !== null) return `0; at most about ${power(upperBound)} (rule of three on the last level)`;
  const error = `relative error ${percent(relativeError)}`;
  const died = extinct === 0 ? '' : `; ${extinct} of ${replications} replications died out`;
  return `${power(probability)} (${power(low)} to ${power(high)}), ${error}${died}`;
}

/** A probability: three digits, with a power of ten when small. */
function power(value: number): string {
  return value === 0 || value >= 1e-3 ? String(Number(value.toPrecision(3))) : value.toExponential(2);
}

function stageCount(levels: number): string {
  return levels === 1 ? 'the event itself is the only level' : `${levels} levels from a pilot`;
}

function line(label: string, text: string): string {
  return label.padEnd(LABEL_COLUMNS) + text;
}

function row(label: string, cells: readonly string[]): string {
  return label.padEnd(LABEL_COLUMNS) + cells.map((cell) => cell.padStart(COLUMNS)).join('');
}
