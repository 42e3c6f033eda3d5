/** Figures that are measured on a run's trace while it is in memory: declared metrics, one value each. */
import { metricInfos } from '../../../sim/metrics/index.js';
import type { Measurement } from '../../runtime/index.js';
import type { Better, RunMetric } from './run-metric.js';

/** What is taken of a declared metric. */
interface TraceMetric extends RunMetric {
  /** Its name among the declared metrics. */
  metric: string;
  /** Begin of the scope that is taken: the first value of that scope counts. */
  scope: string;
}

/** Name, metric, scope, better. Values by instrument are those of the first. */
const TAKEN: readonly (readonly [name: string, metric: string, scope: string, better: Better])[] = [
  ['reproductionNumber.L2', 'reproductionNumber', 'L2', 'lower'],
  ['reproductionNumber.L3', 'reproductionNumber', 'L3', 'lower'],
  ['reproductionNumber.spectralRadius', 'reproductionNumber.spectralRadius', '', 'lower'],
  ['cascade.count', 'cascade.count', '', 'lower'],
  ['cascade.largest', 'cascade.largest', '', 'lower'],
  ['cascade.mean', 'cascade.mean', '', 'lower'],
  ['cascade.notional', 'cascade.notional', '', 'lower'],
  ['cascade.largestShare', 'cascade.largestShare', '', 'lower'],
  ['generations.mean', 'generations.mean', '', 'lower'],
  ['generations.width', 'generations.width', '', 'lower'],
  ['contagionShare', 'contagionShare', '', 'lower'],
  ['contagionShare.shared', 'contagionShare.shared', '', 'lower'],
  ['branchingRatio.fano', 'branchingRatio.fano', '', 'lower'],
  ['tail.hill', 'tail.hill', '', 'higher'],
  ['timeCrowding', 'timeCrowding', '', null],
  ['spread', 'spread', '', 'lower'],
  ['spread.relativeBps', 'spread.relativeBps', '', 'lower'],
  ['spread.quotedShare', 'spread.quotedShare', '', 'higher'],
  ['depth', 'depth', '', 'higher'],
  ['amihud', 'amihud', '', 'lower'],
  ['depth.depletion', 'depth.depletion', '', 'lower'],
  ['recovery.halfLife', 'recovery.halfLife', '', 'lower'],
  ['resilienceLoss', 'resilienceLoss', '', 'lower'],
  ['badDebt.beforeFundQuote', 'badDebtQuote', '', 'lower'],
  ['uncoveredQuote', 'uncoveredQuote', '', 'lower'],
  ['insuranceFund.drawdown', 'insuranceFund.drawdown', '', 'lower'],
  ['adl.overshoot', 'adl.overshoot', '', 'lower'],
  ['adl.incidenceGini', 'adl.incidenceGini', '', null],
  ['adl.proRataDistance', 'adl.proRataDistance', '', null],
  ['volatility', 'volatility', '', 'lower'],
];

/** Units that a run fixes where the declaration leaves them open. */
const UNITS: Readonly<Record<string, string>> = {
  spread: 'quote',
  depth: 'lots',
  'recovery.halfLife': 'us',
  resilienceLoss: 'us',
};

/** In the order of `TAKEN`. */
export const traceMetrics: readonly TraceMetric[] = TAKEN.map(([name, metric, scope, better]) => {
  const info = metricInfos.find((one) => one.name === metric);
  if (info === undefined) throw new Error(`${metric} is no declared metric`);
  const doc = scope === '' ? info.doc : `${info.doc} (scope ${scope})`;
  return { name, metric, scope, better, unit: UNITS[name] ?? info.unit, doc };
});

/** Picks every figure out of what was measured, in order; null where it is undefined. */
export function traceValues(measured: readonly Measurement[]): (number | null)[] {
  const first = new Map<string, number | null>();
  for (const { name, scope, value } of measured) {
    for (const key of [name, `${name} ${(scope ?? '').slice(0, 2)}`]) {
      if (!first.has(key)) first.set(key, value);
    }
  }
  return traceMetrics.map(({ metric, scope }) => {
    return first.get(scope === '' ? metric : `${metric} ${scope}`) ?? null;
  });
}
