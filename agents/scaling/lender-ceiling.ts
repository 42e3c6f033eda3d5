/** A borrower whose lender sets a leverage ceiling by measured volatility. */
import { pow } from '../../sim/kernel/index.js';
import {
  AgentField, defineStrategy, MarketField, Urgency, WakeOn,
} from '../../sim/strategy/index.js';
import {
  barDays, cappedGain, daysPerYearParam, directionParam, heldExposure, standsDown, startClock,
  startVariance, trackVariance, varianceParams, varianceState,
} from '../parts/index.js';

export const lenderCeiling = defineStrategy({
  name: 'lender-ceiling',
  family: 'scaling',
  doc:
    'Wants a leverage and holds the smaller of it and the ceiling of its lender, ceiling = a ' +
    '(reference volatility / measured volatility)^b: a margin call cuts it at once.',
  source:
    'Aymanns & Farmer 2015. Differs: the ceiling is written for a reference volatility; with ' +
    'that at 1 it is a / volatility^b',
  params: {
    wantedLeverage: {
      doc: 'Leverage wanted', unit: 'leverage', min: 0, max: 1000, default: 5, source: 'assumption',
    },
    direction: directionParam,
    ceilingLeverage: {
      doc: 'Ceiling at the reference volatility', unit: 'leverage', min: 0, max: 1000, default: 5,
      source: 'assumption',
    },
    volatilityReference: {
      doc: 'Annual volatility at which the ceiling was set', unit: 'fraction', min: 1e-6, max: 100,
      default: 0.2, source: 'assumption',
    },
    cyclicality: {
      doc: 'Power b of volatility that the ceiling falls with: 0 fixed, positive procyclical, ' +
        'negative countercyclical',
      unit: '1', min: -4, max: 4, default: 1,
      source: 'Aymanns & Farmer 2015: value at risk with normal returns makes it 1',
    },
    restoreRate: {
      doc: 'Part of the gap to the leverage it may hold that is closed in one bar; 0 for a ' +
        'borrower that only answers margin calls',
      unit: 'fraction', min: 0, max: 1, default: 1, source: 'assumption',
    },
    ...varianceParams,
    daysPerYear: daysPerYearParam,
  },
  state: {
    ...varianceState,
    ceiling: { doc: 'Leverage ceiling', unit: 'leverage', initial: 0 },
    calls: { doc: 'Margin calls so far', unit: '1', initial: 0 },
    referenceBar: { doc: 'Reference volatility, per bar', unit: 'fraction', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      'l (l - 1) W where leverage passes the ceiling l, and restoreRate times L (l - 1) W, l the ' +
      'leverage it may hold, elsewhere; ceilings of the next bar at r = 0',
    evaluate(state) {
      const { equity, exposure, leverageMax, of } = state;
      const volatility = Math.sqrt(of('variance') * of('decayBar'));
      const factor = pow(of('referenceBar') / volatility, of('cyclicality'));
      const ceiling = of('ceilingLeverage') * factor;
      const side = of('direction') < 0 ? -1 : 1;
      const may = side * Math.min(of('wantedLeverage') * Math.abs(of('direction')), ceiling);
      // Its entry is whole.
      const rate = exposure === 0 ? 1 : of('restoreRate');
      const wanted = exposure + rate * (may * equity - exposure);
      const slope = exposure + rate * exposure * (may - 1);
      const most = Math.min(ceiling, leverageMax);
      return cappedGain({ ...state, leverageMax: most }, wanted, { down: slope, up: slope });
    },
  },
  exitTrigger: 'a fall of the ceiling, or a loss that lifts its leverage above it',
  examples: [
    {
      card: 'C8',
      doc: 'A fixed ceiling stays, whatever volatility does',
      set: { cyclicality: 0, ceilingLeverage: 3 },
      expect: [
        { field: 'state.ceiling', values: Array.from({ length: 10 }, () => 3), tolerance: 0 },
        { field: 'targetLeverage', values: Array.from({ length: 10 }, () => 3) },
      ],
    },
    {
      card: 'C8',
      doc: 'With exponent 1 and known volatility the ceiling is a / volatility',
      set: {
        cyclicality: 1, ceilingLeverage: 0.5, volatilityReference: 1, decayDaily: 1,
        volatilityInitial: 0.01, daysPerYear: 256,
      },
      expect: [{ field: 'state.ceiling', values: [3.125, 3.125] }],
    },
    {
      card: 'C8',
      doc: 'A borrower that only answers margin calls: l (l - 1) W, down only',
      prices: [100],
      equity: 100,
      position: 5,
      set: { cyclicality: 0, ceilingLeverage: 5, wantedLeverage: 10, restoreRate: 0 },
      expect: [
        { field: 'gain.down', values: [2000], tolerance: 1e-3 },
        { field: 'gain.up', values: [0] },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    startVariance(batch, at);
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const years = barDays(batch, i) / rows[r + at.daysPerYear];
      rows[r + at.referenceBar] = rows[r + at.volatilityReference] * Math.sqrt(years);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, urgency, wakeAt, market, marketAt } = batch;
    const { wantedLeverage, direction, ceilingLeverage, cyclicality, restoreRate } = at;
    const { ceiling, calls, referenceBar } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const v = trackVariance(rows, r, at, market[marketAt[i] + MarketField.mark]);
      const calm = rows[r + referenceBar] / Math.sqrt(v);
      const most = rows[r + ceilingLeverage] * pow(calm, rows[r + cyclicality]);
      const held = heldExposure(batch, i);
      const side = rows[r + direction];
      const wanted = Math.min(rows[r + wantedLeverage] * Math.abs(side), most) * equity[i];
      const goal = side < 0 ? -wanted : wanted;
      rows[r + ceiling] = most;
      const limit = most * equity[i];
      // Its entry is whole.
      const next = held === 0 ? goal : held + rows[r + restoreRate] * (goal - held);
      target[i] = Math.min(Math.max(next, -limit), limit);
      if (Math.abs(held) > limit) {
        urgency[i] = Urgency.forced | Urgency.reduceOnly;
        rows[r + calls] += 1;
      }
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
