/** Constant leverage, as leveraged and inverse exchange-traded products hold it. */
import { AgentField, defineStrategy, Urgency, WakeOn } from '../../sim/strategy/index.js';
import { standsDown, startClock } from '../parts/index.js';

export const leverageTarget = defineStrategy({
  name: 'leverage-target',
  family: 'scaling',
  doc:
    'Restores exposure to a fixed multiple of its equity on a clock, in equal steps over the ' +
    'last part of each session.',
  source: 'Cheng & Madhavan 2009; Avellaneda & Zhang 2010',
  params: {
    leverage: {
      doc: 'Multiple held; negative for an inverse product', unit: 'leverage', min: -100, max: 100,
      default: 3, source: 'products trade at 2, 3, -1 and -2',
    },
    slices: {
      doc: 'Equal steps of one rebalance', unit: '1', min: 1, max: 100, default: 6, integer: true,
      source: 'assumption',
    },
    windowFraction: {
      doc: 'Part of the period the steps are spread over', unit: 'fraction', min: 0, max: 1,
      default: 0.1, source: 'practice: the last tenth of a session, by TWAP',
    },
  },
  state: {
    slicesLeft: { doc: 'Steps left of the rebalance, with the next', unit: '1', initial: 0 },
    stepMicros: { doc: 'Time between the steps', unit: 'microseconds', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'its rebalance clock',
  gain: {
    formula: 'beta (beta - 1) A',
    evaluate({ equity, of }) {
      const g = of('leverage') * (of('leverage') - 1) * equity;
      return { down: g, up: g };
    },
  },
  examples: [
    {
      card: 'A14',
      doc: 'A three-times fund on the reference path, whole rebalances',
      equity: 100,
      set: { slices: 1 },
      expect: [
        {
          field: 'orderUnits',
          values: [3],
        },
        { field: 'equityQuote', from: 9, values: [108.028476] },
        { field: 'gain.down', values: [600], tolerance: 1e-4 },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const steps = rows[r + at.slices];
      const window = rows[r + AgentField.periodMicros] * rows[r + at.windowFraction];
      rows[r + at.slicesLeft] = steps;
      rows[r + at.stepMicros] = Math.floor(window / steps);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, price, equity, exposure, target, urgency, wakeAt } = batch;
    const { quotePerLot, inverse } = batch.economics;
    const { leverage, slices, slicesLeft, stepMicros } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const left = rows[r + slicesLeft];
      const lotQuote = inverse ? quotePerLot : quotePerLot * price[i];
      const held = exposure[i] + rows[r + AgentField.pending] * lotQuote;
      const wanted = rows[r + leverage] * equity[i];
      target[i] = held + (wanted - held) / left;
      urgency[i] = Urgency.forced;
      const step = rows[r + stepMicros];
      if (left > 1) {
        rows[r + slicesLeft] = left - 1;
        wakeAt[i] = time[i] + step;
      } else {
        const steps = rows[r + slices];
        rows[r + slicesLeft] = steps;
        wakeAt[i] = time[i] + rows[r + AgentField.periodMicros] - step * (steps - 1);
      }
    }
  },
});
