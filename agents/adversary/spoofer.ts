/** The spoofer: feigns an imbalance of the book with orders it does not mean to trade. */
import { log } from '../../sim/kernel/index.js';
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  SlotState,
  WakeOn,
  type DecisionBatch,
} from '../../sim/strategy/index.js';
import { SECOND_MICROS, standsDown, startClock } from '../parts/index.js';

const LAYERS_MAX = 8;
/** A set of layers live, another one being cancelled, and the genuine order. */
const ORDER_SLOTS = 2 * LAYERS_MAX + 4;
/** The post-only bit of an order's flags. */
const POST_ONLY = 1;

export const spoofer = defineStrategy({
  name: 'spoofer',
  family: 'adversary',
  doc:
    'Now and then it joins the best quote on one side with a small order and layers large ones ' +
    'some ticks away on the other, to make the book look lopsided. When the touch comes close to ' +
    'the large ones it draws them back; when the small one has traded, or time is up, it cancels ' +
    'all. It reduces what it holds before it opens anew.',
  source:
    'practice: layering as in US v. Coscia (2015) and CFTC v. Sarao (2015); sizes and times are ' +
    'assumptions',
  params: {
    feignedLeverage: {
      doc: 'Notional of the large orders together, times its equity', unit: 'leverage', min: 0,
      max: 100, default: 2, source: 'assumption',
    },
    genuineLeverage: {
      doc: 'Notional of the small order, times its equity', unit: 'leverage', min: 0, max: 100,
      default: 0.2, source: 'assumption',
    },
    layers: {
      doc: 'Large orders', unit: '1', min: 1, max: LAYERS_MAX, default: 4, integer: true,
      source: 'practice: four to six layers in CFTC v. Sarao',
    },
    distanceTicks: {
      doc: 'Distance of the first large order from the best quote of its side', unit: 'ticks',
      min: 1, max: 1e6, default: 4, integer: true, source: 'assumption',
    },
    retreatTicks: {
      doc: 'Draws back when that distance is down to this', unit: 'ticks', min: 0, max: 1e6,
      default: 1, integer: true, source: 'assumption',
    },
    holdMicros: {
      doc: 'Longest feint', unit: 'microseconds', min: 1, max: 1e15, default: 10 * SECOND_MICROS,
      source: 'assumption',
    },
    restMicros: {
      doc: 'Mean rest between feints, exponential', unit: 'microseconds', min: 1, max: 1e15,
      default: 60 * SECOND_MICROS, source: 'assumption',
    },
  },
  state: {
    side: { doc: 'Side of its small order: 1 buys, -1 sells, 0 at rest', unit: '1', initial: 0 },
    until: { doc: 'End of the feint', unit: 'microseconds', initial: 0 },
    feints: { doc: 'Feints begun', unit: '1', initial: 0 },
  },
  style: 'quoting',
  orderSlots: ORDER_SLOTS,
  wakeOn: WakeOn.fill,
  gainSign: 0,
  exitTrigger: 'its small order filled, or time',
  examples: [
    {
      doc: 'Long two units, it offers them at the best ask behind two large bids',
      prices: [100],
      equity: 1000,
      position: 2,
      set: { layers: 2 },
      expect: [
        { field: 'orders.0.sizeUnits', values: [10] },
        { field: 'orders.1.sizeUnits', values: [10] },
        { field: 'orders.2.sizeUnits', values: [2] },
        { field: 'state.side', values: [-1] },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, market, marketAt, orders, wakeAt } = batch;
    const { alertBelow, alertAbove } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const status = rows[r + AgentField.status];
      if ((status !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) {
        orders.cancelAll(i);
        rows[r + at.side] = 0;
        continue;
      }
      const seen = marketAt[i];
      const bid = market[seen + MarketField.bestBid];
      const ask = market[seen + MarketField.bestAsk];
      const halted = market[seen + MarketField.halted] !== 0;
      const quiet = halted || (status & AgentStatus.halted) !== 0 || !(bid > 0 && ask > 0);
      if (rows[r + at.side] !== 0) {
        if (!quiet && time[i] < rows[r + at.until] && genuineRests(batch, i, at)) {
          drawBack(batch, i, at);
          wakeAt[i] = Math.min(time[i] + rows[r + AgentField.periodMicros], rows[r + at.until]);
          continue;
        }
        orders.cancelAll(i);
        rows[r + at.side] = 0;
        alertBelow[i] = -1;
        alertAbove[i] = -1;
        wakeAt[i] = time[i] + restOf(batch, i, at);
        continue;
      }
      // A late fill of an order that was being cancelled does not end its rest.
      if (time[i] < rows[r + at.until]) continue;
      if (quiet || !begin(batch, i, at)) {
        wakeAt[i] = time[i] + restOf(batch, i, at);
        continue;
      }
      rows[r + at.until] = time[i] + rows[r + at.holdMicros];
      wakeAt[i] = Math.min(time[i] + rows[r + AgentField.periodMicros], rows[r + at.until]);
    }
  },
});

type Offsets = Readonly<
  Record<
    | 'feignedLeverage' | 'genuineLeverage' | 'layers' | 'distanceTicks' | 'retreatTicks'
    | 'restMicros' | 'side' | 'until' | 'feints',
    number
  >
>;

/** Draws the length of a rest, and notes its end. */
function restOf(batch: DecisionBatch, i: number, at: Offsets): number {
  const rows = batch.rows;
  const r = batch.row[i];
  const u = Math.max(batch.uniformNoise(i, 1, rows[r + at.feints]++), 1e-12);
  const rest = Math.ceil(-log(u) * rows[r + at.restMicros]) + 1;
  rows[r + at.until] = batch.time[i] + rest;
  return rest;
}

/** Says whether the small order is still there. */
function genuineRests(batch: DecisionBatch, i: number, at: Offsets): boolean {
  const { orders } = batch;
  const side = batch.rows[batch.row[i] + at.side] > 0 ? 0 : 1;
  for (let slot = 0; slot < ORDER_SLOTS; slot++) {
    if (orders.slotState(i, slot) !== SlotState.live) continue;
    if (orders.slotSide(i, slot) === side) return true;
  }
  return false;
}

/** Begins a feint; says whether its means allow one. */
function begin(batch: DecisionBatch, i: number, at: Offsets): boolean {
  const { rows, economics, market, orders } = batch;
  const r = batch.row[i];
  const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
  const ticks = batch.price[i] / economics.quotePerTick;
  const most = rows[r + AgentField.leverageMax];
  const small = Math.min(rows[r + at.genuineLeverage], most) * batch.equity[i];
  let lots = Math.floor(economics.lotsOf(small, ticks));
  let side = 0;
  if (held !== 0) {
    side = held > 0 ? -1 : 1;
    lots = Math.min(lots, Math.abs(held));
  } else {
    side = batch.noise(i, 0, rows[r + at.feints]) > 0 ? 1 : -1;
  }
  if (lots < 1 || layerLots(batch, i, at) < 1) return false;
  const seen = batch.marketAt[i];
  const touch = market[seen + (side > 0 ? MarketField.bestBid : MarketField.bestAsk)];
  rows[r + at.side] = side;
  orders.limit(i, side > 0 ? 0 : 1, touch, lots, POST_ONLY);
  layer(batch, i, at);
  return true;
}

/** Size of a large order, lots. */
function layerLots(batch: DecisionBatch, i: number, at: Offsets): number {
  const { rows, economics } = batch;
  const r = batch.row[i];
  const leverage = Math.min(rows[r + at.feignedLeverage], rows[r + AgentField.leverageMax]);
  const ticks = batch.price[i] / economics.quotePerTick;
  return Math.floor(economics.lotsOf(leverage * batch.equity[i], ticks) / rows[r + at.layers]);
}

/** Sends the large orders, and asks to be woken when the mark comes near them. */
function layer(batch: DecisionBatch, i: number, at: Offsets): void {
  const { rows, market, orders } = batch;
  const r = batch.row[i];
  const seen = batch.marketAt[i];
  const sells = rows[r + at.side] > 0;
  const away = sells ? 1 : -1;
  const touch = market[seen + (sells ? MarketField.bestAsk : MarketField.bestBid)];
  const first = touch + away * rows[r + at.distanceTicks];
  const lots = layerLots(batch, i, at);
  for (let k = 0; k < rows[r + at.layers]; k++) {
    const priceTicks = first + away * k;
    if (priceTicks < 1 || lots < 1) break;
    orders.limit(i, sells ? 1 : 0, priceTicks, lots, POST_ONLY);
  }
  const near = first - away * rows[r + at.retreatTicks];
  if (sells) batch.alertAbove[i] = near;
  else batch.alertBelow[i] = Math.max(near, 1);
}

/** Cancels the large orders and sends them anew further away once the touch is close to them. */
function drawBack(batch: DecisionBatch, i: number, at: Offsets): void {
  const { rows, market, orders } = batch;
  const r = batch.row[i];
  const seen = batch.marketAt[i];
  const sells = rows[r + at.side] > 0;
  const side = sells ? 1 : 0;
  const touch = market[seen + (sells ? MarketField.bestAsk : MarketField.bestBid)];
  let gap = Infinity;
  for (let slot = 0; slot < ORDER_SLOTS; slot++) {
    if (orders.slotState(i, slot) !== SlotState.live || orders.slotSide(i, slot) !== side) continue;
    gap = Math.min(gap, (orders.slotPrice(i, slot) - touch) * (sells ? 1 : -1));
  }
  if (gap > rows[r + at.retreatTicks]) return;
  for (let slot = 0; slot < ORDER_SLOTS; slot++) {
    if (orders.slotState(i, slot) === SlotState.live && orders.slotSide(i, slot) === side) {
      orders.cancel(i, slot);
    }
  }
  layer(batch, i, at);
}
