/** The stop-runner: pushes the price through a round number, where stops lie. */
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  WakeOn,
  type DecisionBatch,
} from '../../sim/strategy/index.js';
import { HOUR_MICROS, SECOND_MICROS, standsDown, startClock } from '../parts/index.js';
import { ownImpact } from './own-impact.js';
import { unwind } from './unwind.js';

export const stopRunner = defineStrategy({
  name: 'stop-runner',
  family: 'adversary',
  doc:
    'Reckons what the stops just beyond the nearest round prices would earn it: impact x push x ' +
    'stops less fees both ways. Beyond its hurdle it pushes the price through by a market order ' +
    'and leaves into the stops, in equal slices, once the mark is there or its patience ends. ' +
    'Round prices follow the digits of the price: only powers of ten of the currency leave its ' +
    'decisions as they are.',
  source:
    'Osler 2003 and 2005: stops cluster just beyond round numbers; Brunnermeier & Pedersen 2005 ' +
    'for predatory trading',
  params: {
    gridPrice: {
      doc: 'Distance of round prices; 0 to take it from the digits of the price', unit: 'price',
      min: 0, max: 1e12, default: 0, source: 'assumption',
    },
    gridDigits: {
      doc: 'Digits a round price has beside its first, where the grid follows the price',
      unit: '1', min: 0, max: 6, default: 1, integer: true,
      source: 'Osler 2003: stops cluster at prices with few digits',
    },
    stopShare: {
      doc: 'Stops it expects beyond a round price, part of the open interest', unit: 'fraction',
      min: 0, max: 1, default: 0.02, source: 'assumption',
    },
    stopLots: {
      doc: 'Stops it expects beyond a round price; 0 to take them from the open interest',
      unit: 'lots', min: 0, max: 1e9, default: 0, source: 'assumption',
    },
    reach: {
      doc: 'Farthest round price it pushes to', unit: 'fraction', min: 0, max: 1, default: 0.005,
      source: 'assumption',
    },
    impact: {
      doc: 'Price change of a lot, for good; 0 to read it from the touch (a tick per lot there)',
      unit: 'price', min: 0, max: 1e9, default: 0, source: 'assumption',
    },
    feeRate: {
      doc: 'Fee of a trade', unit: 'fraction', min: 0, max: 0.1, default: 0.0005,
      source: 'practice: taker fees of perpetual venues',
    },
    hurdle: {
      doc: 'Attacks when the profit exceeds this times the fees it risks', unit: '1', min: 0,
      max: 1e6, default: 2, source: 'assumption',
    },
    leverage: {
      doc: 'Largest leverage of a push', unit: 'leverage', min: 0, max: 100, default: 3,
      source: 'assumption',
    },
    patienceMicros: {
      doc: 'Time it waits for the mark before it leaves', unit: 'microseconds', min: 1, max: 1e15,
      default: 10 * SECOND_MICROS, source: 'assumption',
    },
    slices: {
      doc: 'Orders of its way out', unit: '1', min: 1, max: 1000, default: 4, integer: true,
      source: 'assumption',
    },
    exitMicros: {
      doc: 'Time its way out takes', unit: 'microseconds', min: 1, max: 1e15,
      default: 4 * SECOND_MICROS, source: 'assumption',
    },
    cooldownMicros: {
      doc: 'Rest after a push', unit: 'microseconds', min: 0, max: 1e15, default: HOUR_MICROS,
      source: 'assumption',
    },
  },
  state: {
    level: { doc: 'Round price it thought about last', unit: 'price', initial: 0 },
    push: { doc: 'Push that would reach it; negative sells', unit: 'lots', initial: 0 },
    profit: { doc: 'Profit its model gives that push', unit: 'quote', initial: 0 },
    touchLots: { doc: 'Average size at the touch', unit: 'lots', initial: 0 },
    slicesLeft: { doc: 'Orders of its way out to come; 0 when not out', unit: '1', initial: 0 },
  },
  style: 'quoting',
  orderSlots: 8,
  wakeOn: WakeOn.none,
  gainSign: 0,
  exitTrigger: 'the round price passed, or its patience',
  examples: [
    {
      card: 'C5',
      doc: 'Profit of a push through 100 from 100.5, and the push, with 1000 lots of stops',
      prices: [100.5, 99.5],
      set: { impact: 0.001, stopLots: 1000, slices: 1, patienceMicros: 864e9 },
      expect: [
        { field: 'state.level', values: [100] },
        { field: 'state.push', values: [-501] },
        { field: 'state.profit', values: [450.6495] },
        { field: 'orderUnits', values: [-501, 501] },
      ],
    },
    {
      card: 'C5',
      doc: 'With too few stops there is no profit in it',
      prices: [100.5, 99.5],
      set: { impact: 0.001, stopLots: 100 },
      expect: [{ field: 'orderUnits', values: [0, 0] }],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, market, marketAt, orders, wakeAt } = batch;
    const { alertBelow, alertAbove } = batch;
    const { quotePerTick } = batch.economics;
    const { slices, slicesLeft } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const status = rows[r + AgentField.status];
      if ((status !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
      // Whatever it holds outside a campaign it closes first.
      if (held !== 0 && rows[r + slicesLeft] === 0) rows[r + slicesLeft] = rows[r + slices];
      if (rows[r + slicesLeft] > 0) {
        alertBelow[i] = -1;
        alertAbove[i] = -1;
        unwind(batch, i, at);
        continue;
      }
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const halted = market[marketAt[i] + MarketField.halted] !== 0;
      if (halted || (status & AgentStatus.halted) !== 0) continue;
      if (!paysToRun(batch, i, at)) continue;
      const push = rows[r + at.push];
      const levelTicks = rows[r + at.level] / quotePerTick;
      orders.market(i, push < 0 ? 1 : 0, Math.abs(push), -1, 0);
      if (push < 0) alertBelow[i] = Math.floor(levelTicks);
      else alertAbove[i] = Math.ceil(levelTicks);
      rows[r + slicesLeft] = rows[r + slices];
      wakeAt[i] = time[i] + rows[r + at.patienceMicros];
    }
  },
});

type Offsets = Readonly<
  Record<
    | 'gridPrice' | 'gridDigits' | 'stopShare' | 'stopLots' | 'reach' | 'impact' | 'touchLots'
    | 'feeRate' | 'hurdle' | 'leverage' | 'level' | 'push' | 'profit',
    number
  >
>;

/** Notes the push through the better of two round prices; says whether it passes the hurdle. */
function paysToRun(batch: DecisionBatch, i: number, at: Offsets): boolean {
  const { rows, economics, market } = batch;
  const r = batch.row[i];
  const price = batch.price[i];
  const impact = ownImpact(batch, i, at);
  rows[r + at.level] = 0;
  rows[r + at.push] = 0;
  rows[r + at.profit] = 0;
  if (!(impact > 0)) return false;
  const given = rows[r + at.gridPrice];
  const grid = given > 0 ? given : roundDistance(price, rows[r + at.gridDigits]);
  const expected = rows[r + at.stopLots];
  const interest = market[batch.marketAt[i] + MarketField.openInterest];
  const stops = expected > 0 ? expected : rows[r + at.stopShare] * interest;
  const edge = (impact * stops) / price - 2 * rows[r + at.feeRate];
  const ticks = price / economics.quotePerTick;
  const cap = Math.min(rows[r + at.leverage], rows[r + AgentField.leverageMax]);
  const capitalLots = Math.floor(economics.lotsOf(cap * batch.equity[i], ticks));
  const below = (Math.ceil(price / grid) - 1) * grid;
  const above = (Math.floor(price / grid) + 1) * grid;
  for (let side = 0; side < 2; side++) {
    const level = side === 0 ? below : above;
    const distance = Math.abs(price - level);
    if (!(level > 0) || distance > rows[r + at.reach] * price) continue;
    const lots = Math.floor(distance / impact) + 1;
    if (lots > capitalLots) continue;
    const profit = economics.exposureQuote(lots, ticks) * edge;
    if (rows[r + at.push] !== 0 && profit <= rows[r + at.profit]) continue;
    rows[r + at.level] = level;
    rows[r + at.push] = side === 0 ? -lots : lots;
    rows[r + at.profit] = profit;
  }
  const size = Math.abs(rows[r + at.push]);
  const fees = 2 * rows[r + at.feeRate] * economics.exposureQuote(size, ticks);
  return rows[r + at.profit] > 0 && rows[r + at.profit] > rows[r + at.hurdle] * fees;
}

/** Distance of prices with `digits` digits beside the first: a power of ten. */
function roundDistance(price: number, digits: number): number {
  let power = 1;
  while (power * 10 <= price) power *= 10;
  while (power > price) power /= 10;
  for (let k = 0; k < digits; k++) power /= 10;
  return power;
}
