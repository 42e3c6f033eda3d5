/** The figures that one run of many leaves: a column each. */
import { UserError } from '../../../sim/kernel/index.js';
import { didYouMean } from '../../model/index.js';
import { earlyMetrics } from './early-metrics.js';
import { figureMetrics } from './figure-metrics.js';
import type { RunMetric } from './run-metric.js';
import { traceMetrics } from './trace-metrics.js';

/** Every figure that a run of a scenario leaves, in the order of its values. */
export const runMetrics: readonly RunMetric[] = [...figureMetrics, ...earlyMetrics, ...traceMetrics];

/** Other spellings: as the summary of a run nests it. */
const ALIASES: Readonly<Record<string, string>> = {
  'contagion.reproductionNumber': 'reproductionNumber',
  'liquidations': 'liquidations.count',
};

/**
 * Returns the place of a figure among `metrics`.
 * @param where stands before the refusal, such as `--assert "x < 1": `
 * @throws UserError `metric/unknown` with the nearest name
 */
export function metricPlace(
  name: string,
  where = '',
  metrics: readonly RunMetric[] = runMetrics,
): number {
  const meant = ALIASES[name] ?? name;
  const place = metrics.findIndex((one) => one.name === meant);
  if (place >= 0) return place;
  const names = metrics.map((one) => one.name);
  const near = didYouMean(name, names);
  const fix = near === '' ? '; "stampede metrics --figures" lists them' : near;
  throw new UserError('metric/unknown', `${where}metric was "${name}", must be a figure of a run${fix}`);
}
