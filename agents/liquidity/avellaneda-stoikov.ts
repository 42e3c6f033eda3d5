/** The finite-horizon market maker of Avellaneda and Stoikov, session after session. */
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  SlotState,
  WakeOn,
  type DecisionBatch,
} from '../../sim/strategy/index.js';
import {
  DAY_MICROS,
  finiteHorizonSpread,
  reservationPrice,
  SECOND_MICROS,
  standsDown,
  startClock,
} from '../parts/index.js';

/** A quote a side, and older ones being cancelled. */
const ORDER_SLOTS = 8;
/** The post-only bit of an order's flags. */
const POST_ONLY = 1;

export const avellanedaStoikov = defineStrategy({
  name: 'avellaneda-stoikov',
  family: 'liquidity',
  doc:
    'Quotes one bid and one ask around its reservation price, which lies below the mid when it ' +
    'is long and comes back to it as the session ends; the spread narrows with the time left. ' +
    'Sessions follow each other; at its inventory limit it quotes the reducing side alone.',
  source: 'Avellaneda & Stoikov 2008, eq. 29 and 30; inventory counts level sizes',
  params: {
    sizeLots: {
      doc: 'Size of a quote: the unit of inventory', unit: 'lots', min: 1, max: 1e9, default: 100,
      source: 'assumption',
    },
    riskAversion: {
      doc: 'Gamma, per quote unit gained on one size a unit of price', unit: '1/quote',
      min: 1e-12, max: 1e9, default: 0.1, source: 'Avellaneda & Stoikov 2008',
    },
    depthDecay: {
      doc: 'k: fills arrive at a rate proportional to exp(-k x distance)', unit: '1/price',
      min: 1e-9, max: 1e9, default: 1.5, source: 'Avellaneda & Stoikov 2008',
    },
    volatility: {
      doc: 'Standard deviation of the price over a session', unit: 'price', min: 0, max: 1e9,
      default: 2, source: 'Avellaneda & Stoikov 2008',
    },
    sessionMicros: {
      doc: 'Length of a session: the horizon T', unit: 'microseconds', min: SECOND_MICROS,
      max: 1e15, default: DAY_MICROS, source: 'assumption',
    },
    inventoryMax: {
      doc: 'Q: inventory at which it quotes one side only, sizes', unit: '1', min: 1, max: 1e6,
      default: 10, source: 'assumption',
    },
    toleranceTicks: {
      doc: 'A quote is sent anew when it should lie this far away', unit: 'ticks', min: 1,
      max: 1e6, default: 1, source: 'assumption',
    },
    postOnly: {
      doc: 'When 1, a quote that would trade at once joins the touch instead', unit: '1', min: 0,
      max: 1, default: 1, integer: true, source: 'practice',
    },
  },
  state: {
    reservation: { doc: 'Reservation price', unit: 'price', initial: 0 },
    bid: { doc: 'Bid before rounding', unit: 'price', initial: 0 },
    ask: { doc: 'Ask before rounding', unit: 'price', initial: 0 },
  },
  style: 'quoting',
  orderSlots: ORDER_SLOTS,
  wakeOn: WakeOn.none,
  gainSign: -1,
  exitTrigger: 'inventory limit, leverage cap',
  examples: [
    {
      card: 'C1',
      doc: 'Quotes at the start of a session, three sizes long at 100',
      prices: [100],
      position: 3,
      set: { sizeLots: 1 },
      expect: [
        { field: 'state.reservation', values: [98.8] },
        { field: 'state.bid', values: [97.954615] },
        { field: 'state.ask', values: [99.645385] },
      ],
    },
    {
      card: 'C1',
      doc: 'Without inventory the quotes lie around the mid',
      prices: [100],
      set: { sizeLots: 1 },
      expect: [
        { field: 'state.reservation', values: [100] },
        { field: 'state.bid', values: [99.154615] },
        { field: 'state.ask', values: [100.845385] },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, exposure, market, marketAt, wakeAt } = batch;
    const { quotePerTick } = batch.economics;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const status = rows[r + AgentField.status];
      if ((status !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) {
        batch.orders.cancelAll(i);
        continue;
      }
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const seen = marketAt[i];
      if (market[seen + MarketField.halted] !== 0 || (status & AgentStatus.halted) !== 0) continue;
      const unit = rows[r + at.sizeLots];
      const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
      const gamma = rows[r + at.riskAversion];
      const sigma = rows[r + at.volatility];
      const session = rows[r + at.sessionMicros];
      const past = time[i] - Math.floor(time[i] / session) * session;
      const varianceLeft = sigma * sigma * (1 - past / session);
      const mid = market[seen + MarketField.mid] * quotePerTick;
      const centre = reservationPrice(mid, held / unit, gamma, varianceLeft);
      const half = 0.5 * finiteHorizonSpread(gamma, rows[r + at.depthDecay], varianceLeft);
      rows[r + at.reservation] = centre;
      rows[r + at.bid] = centre - half;
      rows[r + at.ask] = centre + half;

      let bid = Math.floor((centre - half) / quotePerTick);
      let ask = Math.max(Math.ceil((centre + half) / quotePerTick), bid + 1);
      if (rows[r + at.postOnly] !== 0) {
        const bestAsk = market[seen + MarketField.bestAsk];
        if (bestAsk > 0) bid = Math.min(bid, bestAsk - 1);
        ask = Math.max(ask, market[seen + MarketField.bestBid] + 1);
      }
      const full = Math.abs(exposure[i]) >= rows[r + AgentField.leverageMax] * equity[i];
      const most = rows[r + at.inventoryMax] * unit;
      const bidLots = full && held >= 0 ? 0 : Math.min(unit, Math.floor(most - held));
      const askLots = full && held <= 0 ? 0 : Math.min(unit, Math.floor(most + held));
      const tolerance = rows[r + at.toleranceTicks];
      // Cancels go first, so that a new quote does not meet an old one of its own.
      const hasBid = keep(batch, i, 0, bid, bidLots, tolerance);
      const hasAsk = keep(batch, i, 1, ask, askLots, tolerance);
      const flags = rows[r + at.postOnly] !== 0 ? POST_ONLY : 0;
      if (!hasBid && bidLots >= 1 && bid >= 1) batch.orders.limit(i, 0, bid, bidLots, flags);
      if (!hasAsk && askLots >= 1) batch.orders.limit(i, 1, ask, askLots, flags);
    }
  },
});

/**
 * Cancels what a side has elsewhere than within the tolerance of `ticks`, or too large; says
 * whether an order stays.
 */
function keep(
  batch: DecisionBatch,
  i: number,
  side: number,
  ticks: number,
  lots: number,
  tolerance: number,
): boolean {
  const { orders } = batch;
  let stays = false;
  for (let slot = 0; slot < ORDER_SLOTS; slot++) {
    if (orders.slotState(i, slot) !== SlotState.live || orders.slotSide(i, slot) !== side) continue;
    const near = Math.abs(orders.slotPrice(i, slot) - ticks) < tolerance;
    if (near && !stays && orders.slotLeaves(i, slot) <= lots) stays = true;
    else orders.cancel(i, slot);
  }
  return stays;
}
