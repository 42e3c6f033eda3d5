/** Volatility targeting on realised volatility: leverage falls as measured volatility rises. */
import { pow } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import { cappedGain, DAY_MICROS, logTicks, standsDown, startClock } from '../parts/index.js';

export const volatilityTarget = defineStrategy({
  name: 'volatility-target',
  family: 'scaling',
  doc:
    'Holds target volatility / measured volatility times its equity, capped; measures ' +
    'volatility by an exponentially weighted mean of squared log returns, once a bar. With ' +
    'exponent 2 it holds c / measured variance, c such that the volatility is the target\'s on ' +
    'average over the variances measured so far.',
  source: 'Moreira & Muir 2017; RiskMetrics 1996 for the estimator',
  params: {
    volatilityTarget: {
      doc: 'Annualised volatility aimed at', unit: 'fraction', min: 1e-6, max: 10, default: 0.1,
      source: 'practice: 10 % a year',
    },
    volatilityInitial: {
      doc: 'Daily volatility believed at the start',
      unit: 'fraction', min: 0, max: 1, default: 0.01,
      source: 'assumption',
    },
    decayDaily: {
      doc: 'Weight kept by the variance estimate over one day',
      unit: 'fraction', min: 0, max: 0.9999999,
      default: 0.94, source: 'RiskMetrics 1996, daily data',
    },
    daysPerYear: {
      doc: 'Trading days a year: 252, or 365 where trading never stops',
      unit: 'days', min: 1, max: 366,
      default: 365, source: 'practice',
    },
    direction: {
      doc: 'Side held: 1 long, -1 short',
      unit: '1', min: -1, max: 1, default: 1, source: 'assumption',
    },
    leverageScale: {
      doc: 'Multiplies the target leverage before its cap', unit: 'leverage', min: 0, max: 1000,
      default: 1, source: 'assumption',
    },
    exponent: {
      doc: 'Power of measured volatility that leverage falls with: 1, or 2 for variance',
      unit: '1', min: 1, max: 2, default: 1, integer: true,
      source: 'practice: volatility; 2 is the managed portfolio of Moreira & Muir 2017, eq. 1',
    },
  },
  state: {
    lastLog: { doc: 'Log of the mark in ticks at the last bar; -1 before', unit: '1', initial: -1 },
    variance: { doc: 'Variance of a bar\'s log return', unit: '1', initial: 0 },
    decayBar: { doc: 'Weight kept by the estimate over one bar', unit: 'fraction', initial: 0 },
    targetBar: { doc: 'Signed volatility aimed at, per bar', unit: 'fraction', initial: 0 },
    precision: { doc: 'Mean of 1 / variance so far; exponent 2 only', unit: '1', initial: 0 },
    bars: { doc: 'Variances in that mean', unit: 'bars', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      'L W (L / sqrt(decay) - 1), and L (L - 1) W at the cap; W equity, L leverage. With ' +
      'exponent 2, L W (L\' - 1), L\' the next bar\'s leverage at r = 0',
    evaluate(state) {
      const { equity, exposure, of } = state;
      const variance = of('variance') * of('decayBar');
      const bars = of('bars') + 1;
      const precision = of('precision') + (1 / variance - of('precision')) / bars;
      const power = of('exponent') > 1 ? variance * Math.sqrt(precision) : Math.sqrt(variance);
      const next = of('targetBar') / power;
      return cappedGain(state, next * equity, { down: next * exposure, up: next * exposure });
    },
  },
  exitTrigger: 'a jump of measured volatility',
  examples: [
    {
      card: 'A7',
      doc: 'Leverage on the reference path',
      set: { daysPerYear: 252, leverageMax: 3 },
      expect: [
        {
          field: 'targetLeverage',
          from: 1,
          values: [
            0.630128, 0.582347, 0.585634, 0.494572, 0.472837, 0.478723, 0.42732, 0.393957, 0.401682,
          ],
        },
      ],
    },
    {
      card: 'A7',
      doc: 'The variance variant starts from the same leverage, and falls with the variance',
      prices: [100, 104],
      set: { daysPerYear: 252, leverageMax: 3, exponent: 2 },
      expect: [{ field: 'targetLeverage', values: [0.629941, 0.38575] }],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const period = rows[r + AgentField.periodMicros];
      // Without a clock the agent never decides; a day stands in so that no state is infinite.
      const days = (period > 0 ? period : DAY_MICROS) / DAY_MICROS;
      const initial = rows[r + at.volatilityInitial];
      rows[r + at.variance] = initial * initial * days;
      rows[r + at.decayBar] = pow(rows[r + at.decayDaily], days);
      rows[r + at.targetBar] =
        rows[r + at.direction] * rows[r + at.leverageScale] * rows[r + at.volatilityTarget] *
        Math.sqrt(days / rows[r + at.daysPerYear]);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { lastLog, variance, decayBar, targetBar, exponent, precision, bars } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const now = logTicks(market[marketAt[i] + MarketField.mark]);
      const last = rows[r + lastLog];
      rows[r + lastLog] = now;
      let v = rows[r + variance];
      if (last >= 0) {
        const move = now - last;
        const square = move * move;
        v = square + rows[r + decayBar] * (v - square);
        rows[r + variance] = v;
      }
      const cap = rows[r + AgentField.leverageMax];
      let leverage = rows[r + targetBar] / Math.sqrt(v);
      // The volatility of a return times c / variance is c sqrt(mean of 1 / variance).
      if (rows[r + exponent] > 1 && v > 0) {
        rows[r + bars] += 1;
        rows[r + precision] += (1 / v - rows[r + precision]) / rows[r + bars];
        leverage = rows[r + targetBar] / (v * Math.sqrt(rows[r + precision]));
      }
      target[i] = equity[i] * Math.min(Math.max(leverage, -cap), cap);
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
