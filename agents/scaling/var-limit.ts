/** A limit on Gaussian value at risk or expected shortfall. */
import { normalQuantile } from '../../sim/kernel/index.js';
import {
  AgentField, defineStrategy, MarketField, WakeOn,
} from '../../sim/strategy/index.js';
import {
  heldExposure, keepRiskLimit, normalTailMean, riskLimitGain, riskLimitParams, riskLimitState,
  standsDown, startClock, startVariance, trackVariance, varianceParams, varianceState,
} from '../parts/index.js';

export const varLimit = defineStrategy({
  name: 'var-limit',
  family: 'scaling',
  doc:
    'Holds a leverage as long as value at risk (or expected shortfall) of a bar stays within a ' +
    'part of its equity, with normal returns of measured volatility; cuts at once to the limit ' +
    'when it is passed, restores slowly when there is room again.',
  source: 'Adrian & Shin 2014; RiskMetrics 1996 for the estimator',
  params: { ...riskLimitParams, ...varianceParams },
  state: {
    ...riskLimitState,
    ...varianceState,
    quantile: {
      doc: 'Value at risk in standard deviations', unit: '1', initial: 0,
    },
    tailMean: { doc: 'Expected shortfall in standard deviations', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      'b (b - 1) W on the side where leverage b rises, when the limit binds at the next bar\'s ' +
      'volatility; 0 between the restoring point and the limit; q K N in a step of restoring, q ' +
      'its rate, and (K - 1) N in the last, to the leverage K',
    evaluate(state) {
      const { of } = state;
      const deviations = of('measure') > 0 ? of('tailMean') : of('quantile');
      return riskLimitGain(state, deviations * Math.sqrt(of('variance') * of('decayBar')));
    },
  },
  exitTrigger: 'a rise of measured volatility or a loss that takes the risk past the limit',
  examples: [
    {
      card: 'A9',
      doc: 'What a limit of 5 % allows at a volatility of 2 % a bar',
      prices: [100],
      equity: 1000,
      position: 15,
      set: { volatilityInitial: 0.02, safety: 1 },
      expect: [
        { field: 'targetNotionalQuote', values: [1074.6458], tolerance: 0.00005 },
        { field: 'state.scale', values: [0.716431] },
        { field: 'state.valueAtRisk', values: [0.046527], tolerance: 0.5e-7 },
        { field: 'state.expectedShortfall', values: [0.0467561], tolerance: 0.5e-7 },
      ],
    },
    {
      card: 'A9',
      doc: 'Its feedback with the volatility kept: one-sided, b (b - 1) W for b = 1.0746458',
      prices: [100],
      equity: 100,
      position: 1.5,
      set: { volatilityInitial: 0.02, decayDaily: 1, safety: 1 },
      expect: [
        { field: 'gain.down', values: [8.0218], tolerance: 0.00005 },
        { field: 'gain.up', values: [0] },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    startVariance(batch, at);
    for (let i = 0; i < count; i++) {
      const r = row[i];
      rows[r + at.quantile] = normalQuantile(rows[r + at.confidence]);
      rows[r + at.tailMean] = normalTailMean(rows[r + at.confidenceShortfall]);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, wakeAt, market, marketAt } = batch;
    const { valueAtRisk, expectedShortfall, quantile, tailMean } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const v = trackVariance(rows, r, at, market[marketAt[i] + MarketField.mark]);
      const volatility = Math.sqrt(v);
      rows[r + valueAtRisk] = rows[r + quantile] * volatility;
      rows[r + expectedShortfall] = rows[r + tailMean] * volatility;
      keepRiskLimit(batch, i, at, heldExposure(batch, i));
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
