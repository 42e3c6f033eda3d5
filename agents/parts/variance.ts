/** The exponentially weighted variance of a bar's log return, kept in an agent's row. */
import { pow } from '../../sim/kernel/index.js';
import { AgentField, type DecisionBatch, type ParameterSpec } from '../../sim/strategy/index.js';
import { logTicks } from './log-ticks.js';
import { DAY_MICROS } from './units.js';

/** Parameters of the estimate. */
export const varianceParams = {
  volatilityInitial: {
    doc: 'Daily volatility believed at the start', unit: 'fraction', min: 1e-9, max: 1,
    default: 0.01, source: 'assumption',
  },
  decayDaily: {
    doc: 'Weight kept by the variance estimate over one day; 1 keeps it as it started',
    unit: 'fraction', min: 0, max: 1, default: 0.94, source: 'RiskMetrics 1996, daily data',
  },
} satisfies Record<string, ParameterSpec>;

/** Its state. */
export const varianceState = {
  lastLog: { doc: 'Log of the mark in ticks at the last bar; -1 before', unit: '1', initial: -1 },
  variance: { doc: 'Variance of a bar\'s log return', unit: '1', initial: 0 },
  decayBar: { doc: 'Weight kept by the estimate over one bar', unit: 'fraction', initial: 0 },
};

/** Offsets the estimate needs. */
export type VarianceOffsets = Readonly<
  Record<keyof typeof varianceParams | keyof typeof varianceState, number>
>;

/** Returns the length of an agent's bar, days; one day where it has no clock and never decides. */
export function barDays(batch: DecisionBatch, i: number): number {
  const period = batch.rows[batch.row[i] + AgentField.periodMicros];
  return (period > 0 ? period : DAY_MICROS) / DAY_MICROS;
}

/** Brings the daily parameters of every agent to its bar. */
export function startVariance(batch: DecisionBatch, at: VarianceOffsets): void {
  const { count, rows, row } = batch;
  for (let i = 0; i < count; i++) {
    const r = row[i];
    const days = barDays(batch, i);
    const initial = rows[r + at.volatilityInitial];
    rows[r + at.variance] = initial * initial * days;
    rows[r + at.decayBar] = pow(rows[r + at.decayDaily], days);
  }
}

/** Takes the mark of a new bar, ticks, into the estimate at row `r`; returns the variance. */
export function trackVariance(
  rows: Float64Array,
  r: number,
  at: VarianceOffsets,
  ticks: number,
): number {
  const now = logTicks(ticks);
  const last = rows[r + at.lastLog];
  rows[r + at.lastLog] = now;
  let v = rows[r + at.variance];
  if (last >= 0) {
    const move = now - last;
    // The weight of news comes first, so that a decay of 1 leaves the estimate as it is.
    v += (1 - rows[r + at.decayBar]) * (move * move - v);
    rows[r + at.variance] = v;
  }
  return v;
}
