/** What a study found, a line each: for the terminal, and to open the report with. */
import type { Analysis, OutcomeResult } from './analysis.js';
import { chanceText, countText, estimateText, figureText, intervalText, shareText } from './number-words.js';

/** A line: what it is about, and what was found. */
export interface Finding {
  topic: string;
  text: string;
}

/** Effects told per outcome and variant. */
const FACTORS_TOLD = 3;

/** Lists the findings, outcomes first. */
export function findingsOf(analysis: Analysis): Finding[] {
  return [
    ...analysis.results.flatMap(outcomeFindings),
    ...analysis.results.flatMap(effectFindings),
    ...differenceFindings(analysis),
    ...boundaryFindings(analysis),
  ];
}

function outcomeFindings({ outcome, variant, overall, pooled }: OutcomeResult): Finding[] {
  const { label, unit, tail } = outcome;
  const found = [{ topic: 'outcome', text: `${label}, ${variant}: ${estimateText(overall)}${unitWords(unit)}, ${countText(overall.runs, 'run')}` }];
  if (pooled !== null) {
    found.push({ topic: 'outcome', text: `${outcome.metric.name} pooled over runs, ${variant}: ${estimateText(pooled)}` });
  }
  if (tail?.replaced !== null && tail !== null) {
    const index = figureText(tail.hill.wide.value);
    found.push({ topic: 'tail', text: `${label} stands in for ${tail.replaced}: tail index ${index} < 2, means are not to be trusted` });
  }
  return found;
}

/** A unit behind a number; none for what has none. */
function unitWords(unit: string): string {
  return unit === '1' || unit === 'probability' ? '' : ` ${unit}`;
}

function effectFindings({ outcome, variant, effects, sensitivity }: OutcomeResult): Finding[] {
  const { sobol, morris, axes, aleatory } = sensitivity;
  const found: Finding[] = [];
  const ranked = rankedFactors({ effects, sensitivity });
  const told = ranked.slice(0, FACTORS_TOLD).map(({ factor, text }) => `${factor} ${text}`).join(', ');
  const measure = sobol !== null ? 'share of variance (total)' : morris !== null ? 'μ*' : effects.rSquared !== null ? 'rank correlation' : 'last level less first';
  if (told !== '') found.push({ topic: 'effect', text: `${outcome.label}, ${variant}, ${measure}: ${told}` });
  if (ranked.length > FACTORS_TOLD) found.push({ topic: '', text: `and ${countText(axes.length - FACTORS_TOLD, 'factor')} less` });
  if (aleatory !== null) found.push({ topic: 'seed', text: `${outcome.label}, ${variant}: ${shareText(aleatory.value)} ${shareInterval(aleatory)} of the variance of a run` });
  return found;
}

function shareInterval({ low, high }: { low: number; high: number }): string {
  return Number.isNaN(low) ? '' : `[${shareText(low)}, ${shareText(high)}]`;
}

/** A factor with the size it is ranked by. */
interface RankedFactor {
  factor: string;
  size: number;
  text: string;
}

function rankedFactors({ effects, sensitivity }: Pick<OutcomeResult, 'effects' | 'sensitivity'>): RankedFactor[] {
  const { sobol, morris, axes } = sensitivity;
  const found: RankedFactor[] = [];
  const push = (factor: string, estimate: { value: number; low: number; high: number } | null): void => {
    if (estimate === null || Number.isNaN(estimate.value)) return;
    found.push({ factor, size: Math.abs(estimate.value), text: estimateText(estimate) });
  };
  const byAxis = sobol?.total ?? morris?.effects.map((one) => one.muStar);
  if (byAxis !== undefined) for (const [k, axis] of axes.entries()) push(axis, byAxis[k]);
  else for (const { factor, rank, contrast } of effects.factors) push(factor, effects.rSquared === null ? contrast : rank);
  return found.sort((a, b) => b.size - a.size);
}

function differenceFindings({ differences }: Analysis): Finding[] {
  const primary = differences.filter((one) => one.primary);
  const rest = differences.filter((one) => !one.primary);
  const clear = rest.filter((one) => one.adjusted <= 0.05);
  const told = primary.map(({ variant, label, difference, low, high, adjusted, varianceRatio, correlation }): Finding => {
    const gained = Number.isFinite(varianceRatio) && Number.isFinite(correlation) ? `, variance ratio ${figureText(varianceRatio)}` : '';
    return { topic: 'variant', text: `${variant} on ${label}: ${signed(difference)} ${intervalText(low, high)}, Holm p ${chanceText(adjusted)}${gained}` };
  });
  if (rest.length > 0) {
    told.push({ topic: '', text: `of ${countText(rest.length, 'other figure')} that moved, ${clear.length} differ at a false discovery rate of 5 %` });
  }
  return told;
}

/** With its sign. */
export function signed(value: number): string {
  return value > 0 ? `+${figureText(value)}` : figureText(value);
}

function boundaryFindings({ critical }: Analysis): Finding[] {
  const crossed = critical.filter((one) => one.crossing.direction !== null);
  const told = crossed.map(({ factor, outcome, variant, level, crossing }): Finding => {
    const at = estimateText({ value: crossing.control, low: crossing.low, high: crossing.high });
    return { topic: 'boundary', text: `${outcome} ${crossing.direction} through ${level} at ${factor} ${at} (${variant})` };
  });
  const levels = new Map<string, number>();
  for (const { outcome, level, most } of critical) {
    if (crossed.some((one) => one.outcome === outcome)) continue;
    levels.set(`${outcome} does not cross ${level}`, Math.max(levels.get(`${outcome} does not cross ${level}`) ?? -Infinity, most));
  }
  for (const [text, most] of levels) told.push({ topic: 'boundary', text: `${text}: ${figureText(most)} at the most` });
  return told;
}
