/** Volatility targeting on an implied volatility that each agent reads off a modelled index. */
import { exp } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import {
  barDays, cappedGain, daysPerYearParam, directionParam, leverageScaleParam, standsDown, startClock,
  startVariance, trackVariance, varianceParams, varianceState,
} from '../parts/index.js';

/** Lane of the noise in implied volatility. */
const LANE = 0;

export const impliedVolatilityTarget = defineStrategy({
  name: 'implied-volatility-target',
  family: 'scaling',
  doc:
    'Holds target volatility / implied volatility times its equity, capped. Implied variance is ' +
    'a mix of measured and long-run variance plus a premium, times a deviation that jumps ' +
    'against returns and reverts.',
  source:
    'Moreira & Muir 2017 with implied for realised volatility; Black 1976 for the leverage ' +
    'effect. Differs: the level and the dynamics of implied volatility are joined by letting the ' +
    'dynamics drive the log deviation from the level',
  params: {
    volatilityTarget: {
      doc: 'Annualised volatility aimed at', unit: 'fraction', min: 1e-6, max: 10, default: 0.1,
      source: 'practice: 10 % a year',
    },
    measuredShare: {
      doc: 'Weight of measured variance in the level of implied variance',
      unit: 'fraction', min: 0, max: 1, default: 0.7, source: 'assumption',
    },
    volatilityLongRun: {
      doc: 'Annual volatility that has the rest of the weight',
      unit: 'fraction', min: 1e-6, max: 10, default: 0.2, source: 'assumption',
    },
    premium: {
      doc: 'Variance risk premium: what it adds to the long-run volatility alone',
      unit: 'fraction', min: 0, max: 10, default: 0.02, source: 'assumption: 2 volatility points',
    },
    leverageEffect: {
      doc: 'Log rise of implied volatility per unit of negative log return',
      unit: '1', min: 0, max: 100, default: 4, source: 'assumption',
    },
    reversionDaily: {
      doc: 'Speed at which the deviation reverts', unit: '1/day', min: 0, max: 1e4, default: 0.05,
      source: 'assumption',
    },
    noiseDaily: {
      doc: 'Standard deviation of a day\'s noise in log implied volatility; crowding makes it ' +
        'common',
      unit: 'fraction', min: 0, max: 10, default: 0.03, source: 'assumption',
    },
    ...varianceParams,
    daysPerYear: daysPerYearParam,
    direction: directionParam,
    leverageScale: leverageScaleParam,
  },
  state: {
    ...varianceState,
    impliedVolatility: { doc: 'Annual implied volatility', unit: 'fraction', initial: 0 },
    deviation: { doc: 'Log of implied volatility over its level', unit: '1', initial: 0 },
    barsPerYear: { doc: 'Bars a year', unit: 'bars', initial: 0 },
    keepBar: { doc: 'Part of the deviation kept over one bar', unit: 'fraction', initial: 0 },
    noiseBar: { doc: 'Standard deviation of a bar\'s noise', unit: 'fraction', initial: 0 },
    fixedVariance: {
      doc: 'Long-run part and premium of the annual implied variance', unit: '1', initial: 0,
    },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      'L W (L\' (1 + psi / L) - 1), L\' the next bar\'s leverage at r = 0; L (L - 1) W + psi L W ' +
      'in a steady state; without noise',
    evaluate(state) {
      const { equity, exposure, of } = state;
      if (of('noiseBar') > 0) return { down: NaN, up: NaN };
      const annual = of('variance') * of('decayBar') * of('barsPerYear');
      const level = Math.sqrt(of('measuredShare') * annual + of('fixedVariance'));
      const implied = level * exp(of('deviation') * of('keepBar'));
      const wanted = of('direction') * of('leverageScale') * of('volatilityTarget');
      const next = wanted / implied;
      const slope = next * (exposure + of('leverageEffect') * equity);
      return cappedGain(state, next * equity, { down: slope, up: slope });
    },
  },
  exitTrigger: 'a jump of implied volatility, at once with a fall of prices',
  examples: [
    ...([[0.1, 1], [0.2, 0.5], [0.8, 0.125], [0.02, 3]] as const).map(([implied, leverage]) => ({
      card: 'A8',
      doc: `Leverage at an implied volatility of ${implied * 100} %, cap 3`,
      set: {
        measuredShare: 0, volatilityLongRun: implied, premium: 0, leverageEffect: 0, noiseDaily: 0,
        leverageMax: 3,
      },
      expect: [{ field: 'targetLeverage', values: [leverage, leverage, leverage] }],
    })),
    {
      card: 'A8',
      doc: 'The feedback of the leverage effect at a leverage of one half',
      prices: [100],
      equity: 100,
      set: { measuredShare: 0, premium: 0, noiseDaily: 0 },
      expect: [
        { field: 'gain.down', values: [175], tolerance: 1e-4 },
        { field: 'gain.up', values: [175], tolerance: 1e-4 },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    startVariance(batch, at);
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const days = barDays(batch, i);
      const longRun = rows[r + at.volatilityLongRun];
      const raised = longRun + rows[r + at.premium];
      rows[r + at.barsPerYear] = rows[r + at.daysPerYear] / days;
      rows[r + at.keepBar] = exp(-rows[r + at.reversionDaily] * days);
      rows[r + at.noiseBar] = rows[r + at.noiseDaily] * Math.sqrt(days);
      const square = longRun * longRun;
      rows[r + at.fixedVariance] =
        (1 - rows[r + at.measuredShare]) * square + (raised * raised - square);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { deviation, keepBar, noiseBar, leverageEffect, impliedVolatility, lastLog } = at;
    const { measuredShare, barsPerYear, fixedVariance } = at;
    const { volatilityTarget, leverageScale, direction } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const period = rows[r + AgentField.periodMicros];
      const before = rows[r + lastLog];
      const v = trackVariance(rows, r, at, market[marketAt[i] + MarketField.mark]);
      let x = rows[r + deviation];
      if (before >= 0) {
        x = x * rows[r + keepBar] - rows[r + leverageEffect] * (rows[r + lastLog] - before);
        const noise = rows[r + noiseBar];
        if (noise > 0) x += noise * batch.noise(i, LANE, Math.floor(time[i] / period));
        rows[r + deviation] = x;
      }
      const level = rows[r + measuredShare] * v * rows[r + barsPerYear] + rows[r + fixedVariance];
      const implied = Math.sqrt(level) * exp(x);
      rows[r + impliedVolatility] = implied;
      const cap = rows[r + AgentField.leverageMax];
      const leverage = (rows[r + leverageScale] * rows[r + volatilityTarget]) / implied;
      target[i] = equity[i] * rows[r + direction] * Math.min(leverage, cap);
      wakeAt[i] = time[i] + period;
    }
  },
});
