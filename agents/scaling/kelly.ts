/** Kelly sizing on estimated moments: leverage = fraction x excess return / variance. */
import { pow } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import {
  barDays, cappedGain, daysPerYearParam, leverageScaleParam, riskFreeParam, standsDown, startClock,
} from '../parts/index.js';

export const kelly = defineStrategy({
  name: 'kelly',
  family: 'scaling',
  doc:
    'Holds a fraction of the growth-optimal leverage (mean - risk-free) / variance, capped on ' +
    'both sides; mean and variance are exponentially weighted, the mean shrunk towards a prior.',
  source: 'Kelly 1956; Thorp 2006; MacLean, Thorp & Ziemba 2010',
  params: {
    fraction: {
      doc: 'Part of full Kelly taken', unit: 'fraction', min: 0, max: 10, default: 0.5,
      source: 'MacLean, Thorp & Ziemba 2010: half Kelly',
    },
    meanPrior: {
      doc: 'Annual mean of simple returns believed at the start, and shrunk to',
      unit: 'fraction', min: -100, max: 100, default: 0, source: 'assumption',
    },
    volatilityPrior: {
      doc: 'Annual volatility believed at the start', unit: 'fraction', min: 1e-6, max: 100,
      default: 0.5, source: 'assumption',
    },
    meanHalfLife: {
      doc: 'Half-life of the estimate of the mean; 0 keeps the prior', unit: 'bars', min: 0,
      max: 1e6, default: 120, source: 'assumption',
    },
    varianceHalfLife: {
      doc: 'Half-life of the estimate of the variance; 0 keeps the prior', unit: 'bars', min: 0,
      max: 1e6, default: 30, source: 'assumption',
    },
    shrinkageBars: {
      doc: 'Bars that the prior of the mean weighs as much as', unit: 'bars', min: 0, max: 1e6,
      default: 250, source: 'assumption',
    },
    riskFree: riskFreeParam,
    daysPerYear: daysPerYearParam,
    leverageScale: leverageScaleParam,
  },
  state: {
    lastTicks: { doc: 'Mark at the last bar; 0 before', unit: 'ticks', initial: 0 },
    mean: { doc: 'Mean of a bar\'s simple return', unit: 'fraction', initial: 0 },
    variance: { doc: 'Variance of a bar\'s simple return', unit: '1', initial: 0 },
    bars: { doc: 'Returns seen', unit: 'bars', initial: 0 },
    priorBar: { doc: 'Prior of the mean, per bar', unit: 'fraction', initial: 0 },
    riskFreeBar: { doc: 'Risk-free rate, per bar', unit: 'fraction', initial: 0 },
    meanWeight: { doc: 'Weight of the newest return in the mean', unit: 'fraction', initial: 0 },
    varianceWeight: {
      doc: 'Weight of the newest square in the variance', unit: 'fraction', initial: 0,
    },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      'L W (K - 1) + W dK/dr, K the next bar\'s capped leverage at r = 0; L (L - 1) W with the ' +
      'estimates fixed or at the cap',
    evaluate(state) {
      const { equity, exposure, of } = state;
      const mean = of('mean');
      const weight = of('meanWeight');
      const news = of('varianceWeight');
      const trust = (of('bars') + 1) / (of('bars') + 1 + of('shrinkageBars'));
      const prior = of('priorBar');
      const excess = prior + (mean * (1 - weight) - prior) * trust - of('riskFreeBar');
      const variance = of('variance') + news * (mean * mean - of('variance'));
      const scale = of('leverageScale') * of('fraction');
      const next = (scale * excess) / variance;
      const varianceSlope = -2 * news * mean;
      const free = (scale * (trust * weight - (excess * varianceSlope) / variance)) / variance;
      const slope = exposure * next + equity * free;
      return cappedGain(state, next * equity, { down: slope, up: slope });
    },
  },
  exitTrigger: 'a rise of measured variance, a turn of the measured mean',
  examples: [
    {
      card: 'A6',
      doc: 'Full Kelly of a mean of 8 % and a volatility of 20 %, both known',
      equity: 100,
      set: {
        fraction: 1, meanPrior: 0.08, volatilityPrior: 0.2, meanHalfLife: 0, varianceHalfLife: 0,
      },
      expect: [
        { field: 'targetLeverage', values: Array.from({ length: 10 }, () => 2) },
        { field: 'gain.down', values: [200], tolerance: 1e-4 },
        { field: 'gain.up', values: [200], tolerance: 1e-4 },
      ],
    },
    {
      card: 'A6',
      doc: 'Half Kelly of the same asset',
      set: {
        fraction: 0.5, meanPrior: 0.08, volatilityPrior: 0.2, meanHalfLife: 0, varianceHalfLife: 0,
      },
      expect: [{ field: 'targetLeverage', values: Array.from({ length: 10 }, () => 1) }],
    },
    {
      card: 'A6',
      doc: 'Full Kelly at a volatility of 10 % meets the cap',
      set: {
        fraction: 1, meanPrior: 0.08, volatilityPrior: 0.1, meanHalfLife: 0, varianceHalfLife: 0,
        leverageMax: 3,
      },
      expect: [{ field: 'targetLeverage', values: Array.from({ length: 10 }, () => 3) }],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const years = barDays(batch, i) / rows[r + at.daysPerYear];
      const volatility = rows[r + at.volatilityPrior];
      rows[r + at.priorBar] = rows[r + at.meanPrior] * years;
      rows[r + at.mean] = rows[r + at.priorBar];
      rows[r + at.variance] = volatility * volatility * years;
      rows[r + at.riskFreeBar] = rows[r + at.riskFree] * years;
      rows[r + at.meanWeight] = newsWeight(rows[r + at.meanHalfLife]);
      rows[r + at.varianceWeight] = newsWeight(rows[r + at.varianceHalfLife]);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { lastTicks, mean, variance, bars, priorBar, riskFreeBar } = at;
    const { meanWeight, varianceWeight, shrinkageBars, fraction, leverageScale } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const ticks = market[marketAt[i] + MarketField.mark];
      const last = rows[r + lastTicks];
      rows[r + lastTicks] = ticks;
      if (last > 0) {
        const gap = ticks / last - 1 - rows[r + mean];
        rows[r + mean] += rows[r + meanWeight] * gap;
        rows[r + variance] += rows[r + varianceWeight] * (gap * gap - rows[r + variance]);
        rows[r + bars] += 1;
      }
      const n = rows[r + bars];
      const trust = n > 0 ? n / (n + rows[r + shrinkageBars]) : 0;
      const prior = rows[r + priorBar];
      const excess = prior + (rows[r + mean] - prior) * trust - rows[r + riskFreeBar];
      const scale = rows[r + leverageScale] * rows[r + fraction];
      const cap = rows[r + AgentField.leverageMax];
      // Without excess return nothing is wanted, however small the variance.
      const leverage = excess === 0 ? 0 : (scale * excess) / rows[r + variance];
      target[i] = equity[i] * Math.min(Math.max(leverage, -cap), cap);
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});

/** Returns the weight of the newest value for a half-life in bars; 0 for none. */
function newsWeight(halfLife: number): number {
  return halfLife > 0 ? 1 - pow(0.5, 1 / halfLife) : 0;
}
