/** Drawdown control: a multiple of the wealth above a part of its running maximum. */
import { exp } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, WakeOn } from '../../sim/strategy/index.js';
import {
  barDays, cappedGain, daysPerYearParam, reaches, riskFreeParam, standsDown, startClock,
} from '../parts/index.js';

export const grossmanZhou = defineStrategy({
  name: 'grossman-zhou',
  family: 'scaling',
  doc:
    'Holds a multiple of its surplus, the equity above a part of its highest value so far (which ' +
    'grows at the risk-free rate): it never lets the drawdown reach the rest.',
  source: 'Grossman & Zhou 1993',
  params: {
    multiplier: {
      doc: 'Exposure per unit of surplus: the growth-optimal leverage of the asset',
      unit: 'leverage', min: 0, max: 1000, default: 2, source: 'assumption',
    },
    protectedShare: {
      doc: 'Part of the highest equity that is never to be lost', unit: 'fraction', min: 0, max: 1,
      default: 0.8, source: 'assumption',
    },
    riskFree: riskFreeParam,
    daysPerYear: daysPerYearParam,
  },
  state: {
    peak: { doc: 'Highest equity so far, grown at the risk-free rate', unit: 'quote', initial: 0 },
    surplus: { doc: 'Equity above its protected part', unit: 'quote', initial: 0 },
    growthBar: { doc: 'What the peak is multiplied by in one bar', unit: '1', initial: 1 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      '(k - 1) N, and up from a new high (k (1 - a) - 1) N, a the part protected; l (l - 1) W at ' +
      'the cap l of the wrapper',
    evaluate(state) {
      const { equity, exposure, of } = state;
      const k = of('multiplier');
      const share = of('protectedShare');
      const peak = of('peak') * of('growthBar');
      const surplus = equity - share * Math.max(peak, equity);
      if (!(surplus > 0)) return { down: -exposure, up: -exposure };
      const down = exposure * k;
      const up = reaches(equity, peak, equity) ? down * (1 - share) : down;
      return cappedGain(state, k * surplus, { down, up });
    },
  },
  exitTrigger: 'a drawdown that uses up the surplus',
  examples: [
    {
      card: 'A12',
      doc: 'Exposures on the reference path',
      equity: 100,
      expect: [
        {
          field: 'targetNotionalQuote',
          values: [40, 40.16, 40.478, 39.692, 37.357, 35.848, 36.587, 38.827, 40.609],
          tolerance: 0.0005,
        },
        { field: 'equityQuote', from: 9, values: [101.132531] },
        { field: 'state.peak', from: 9, values: [101.523004] },
      ],
    },
    {
      card: 'A12',
      doc: 'Its kink at a high: +N down, -.6 N up, for N = 40',
      prices: [100],
      equity: 100,
      expect: [
        { field: 'gain.down', values: [40], tolerance: 1e-4 },
        { field: 'gain.up', values: [-24], tolerance: 1e-4 },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const years = barDays(batch, i) / rows[r + at.daysPerYear];
      rows[r + at.growthBar] = exp(rows[r + at.riskFree] * years);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt } = batch;
    const { peak, surplus, growthBar, multiplier, protectedShare } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const high = Math.max(rows[r + peak] * rows[r + growthBar], equity[i]);
      const left = equity[i] - rows[r + protectedShare] * high;
      rows[r + peak] = high;
      rows[r + surplus] = left;
      target[i] = rows[r + multiplier] * Math.max(left, 0);
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
