/** Constant leverage, as leveraged and inverse exchange-traded products hold it. */
import { AgentField, defineStrategy, Urgency, WakeOn } from '../../sim/strategy/index.js';
import {
  barDays, cappedGain, daysPerYearParam, heldExposure, riskFreeParam, standsDown, startClock,
} from '../parts/index.js';

export const leverageTarget = defineStrategy({
  name: 'leverage-target',
  family: 'scaling',
  doc:
    'Restores exposure to a fixed multiple of its net asset value on a clock, in equal steps ' +
    'over the last part of each session. Fees, interest and investors\' flows pass through cash ' +
    'at a custodian, which counts but is not margin.',
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
    fee: {
      doc: 'Annual fee, part of net asset value; funds charge about 0.95 %', unit: 'fraction',
      min: 0, max: 1, default: 0, source: 'assumption',
    },
    riskFree: riskFreeParam,
    daysPerYear: daysPerYearParam,
    flowSensitivity: {
      doc: 'Creations per period, part of net asset value, per unit of the fund\'s own return; ' +
        'negative for investors who take profits',
      unit: '1', min: -10, max: 10, default: 0, source: 'assumption',
    },
  },
  state: {
    slicesLeft: { doc: 'Steps left of the rebalance, with the next', unit: '1', initial: 0 },
    stepMicros: { doc: 'Time between the steps', unit: 'microseconds', initial: 0 },
    navQuote: {
      doc: 'Net asset value at the last rebalance; 0 before and once dead', unit: 'quote',
      initial: 0,
    },
    custodyQuote: {
      doc: 'Net cash at the custodian; negative while fees and redemptions are owed',
      unit: 'quote', initial: 0,
    },
    tradedQuote: { doc: 'What the last decision asked to trade', unit: 'quote', initial: 0 },
    carryBar: {
      doc: 'Interest on uninvested value less fee, part of net asset value a period',
      unit: 'fraction', initial: 0,
    },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'its rebalance clock',
  gain: {
    formula:
      'beta (beta (1 + s) - 1) A over one rebalance, s the flow sensitivity: beta (beta - 1) A ' +
      'without flows; l (l - 1) W at the cap l of the wrapper',
    evaluate(state) {
      const { equity, exposure, of } = state;
      // None in the middle of a rebalance.
      if (of('slicesLeft') !== of('slices')) return { down: NaN, up: NaN };
      const before = of('navQuote');
      const carried = equity + of('custodyQuote') + before * of('carryBar');
      const sensitivity = before > 0 ? of('flowSensitivity') : 0;
      const nav = carried + sensitivity * (carried - before);
      const slope = nav > 0 ? of('leverage') * (1 + sensitivity) * exposure : 0;
      return cappedGain(state, of('leverage') * Math.max(nav, 0), { down: slope, up: slope });
    },
  },
  examples: [
    {
      card: 'A14',
      doc: 'A three-times fund on the reference path, whole rebalances',
      equity: 100,
      set: { slices: 1 },
      expect: [
        { field: 'orderUnits', values: [3] },
        {
          field: 'state.tradedQuote',
          from: 1,
          values: [6, 12.2376, -6.3564, -18.6954, -11.7082, 5.6127, 17.1818, 18.2025, -6.4175],
          tolerance: 0.00005,
        },
        { field: 'equityQuote', from: 9, values: [108.028476] },
        { field: 'gain.down', values: [600], tolerance: 1e-4 },
      ],
    },
    ...([[2, 200], [-1, 200], [-2, 600]] as const).map(([beta, gain]) => ({
      card: 'A14',
      doc: `The feedback of a fund of ${beta} times`,
      prices: [100],
      equity: 100,
      set: { leverage: beta, slices: 1 },
      expect: [
        { field: 'targetLeverage', values: [beta] },
        { field: 'gain.down', values: [gain], tolerance: 1e-4 },
      ],
    })),
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const steps = rows[r + at.slices];
      const window = rows[r + AgentField.periodMicros] * rows[r + at.windowFraction];
      rows[r + at.slicesLeft] = steps;
      rows[r + at.stepMicros] = Math.floor(window / steps);
      const interest = (1 - rows[r + at.leverage]) * rows[r + at.riskFree];
      rows[r + at.carryBar] =
        ((interest - rows[r + at.fee]) * barDays(batch, i)) / rows[r + at.daysPerYear];
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, urgency, wakeAt } = batch;
    const { leverage, slices, slicesLeft, stepMicros, flowSensitivity } = at;
    const { navQuote, custodyQuote, tradedQuote, carryBar } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const left = rows[r + slicesLeft];
      const steps = rows[r + slices];
      let nav = equity[i] + rows[r + custodyQuote];
      if (left === steps) {
        const before = rows[r + navQuote];
        // The period's interest and fee on what it began with, then its investors' answer.
        const carry = before * rows[r + carryBar];
        const gained = before > 0 ? nav + carry - before : 0;
        const flow = Math.max(rows[r + flowSensitivity] * gained, -Math.max(nav + carry, 0));
        rows[r + custodyQuote] += carry + flow;
        nav = Math.max(nav + carry + flow, 0);
        rows[r + navQuote] = nav;
      }
      const held = heldExposure(batch, i);
      const wanted = rows[r + leverage] * Math.max(nav, 0);
      const goal = held + (wanted - held) / left;
      target[i] = goal;
      rows[r + tradedQuote] = goal - held;
      urgency[i] = Urgency.forced;
      const step = rows[r + stepMicros];
      if (left > 1) {
        rows[r + slicesLeft] = left - 1;
        wakeAt[i] = time[i] + step;
      } else {
        rows[r + slicesLeft] = steps;
        wakeAt[i] = time[i] + rows[r + AgentField.periodMicros] - step * (steps - 1);
      }
    }
  },
});
