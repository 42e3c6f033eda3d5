/** Where a single run tells a figure. */
import { figureMetrics } from './figure-metrics.js';
import { traceMetrics } from './trace-metrics.js';

/** Figures that a summary has elsewhere than under their name. */
const PATHS: Readonly<Record<string, string>> = { reproductionNumber: 'contagion.reproductionNumber' };

/** Returns the path of a figure in what `stampede run --json` prints; null where only the trace tells it. */
export function figurePath(name: string): string | null {
  const isFigure = figureMetrics.some((one) => one.name === name);
  return isFigure ? (PATHS[name] ?? name) : null;
}

/** Returns whether `stampede metrics --run` tells a figure of one run. */
export function isTraceMetric(name: string): boolean {
  return traceMetrics.some((one) => one.name === name);
}
