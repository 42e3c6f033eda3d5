/** The market maker: stationary GLFT quotes that widen, shrink and withdraw in stress. */
import { expm1, log, pow } from '../../sim/kernel/index.js';
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  SlotState,
  WakeOn,
  type DecisionBatch,
  type StrategyExample,
} from '../../sim/strategy/index.js';
import {
  DAY_MICROS,
  glftHalfSpread,
  glftSlopePerVolatility,
  HOUR_MICROS,
  SECOND_MICROS,
  standsDown,
  startClock,
} from '../parts/index.js';

const LEVELS_MAX = 10;
/** A full set on both sides live, and another one being cancelled, with room to spare. */
const ORDER_SLOTS = 4 * LEVELS_MAX + 8;
const DAY_SECONDS = DAY_MICROS / SECOND_MICROS;
/** The post-only bit of an order's flags. */
const POST_ONLY = 1;
/** Sizes are renewed when they differ by more than this factor. */
const RESIZE = 1.33;

export const marketMaker = defineStrategy({
  name: 'market-maker',
  family: 'liquidity',
  doc:
    'Quotes several levels a side at the Gueant-Lehalle-Fernandez-Tapia distances around a mix ' +
    'of mid and index, skewed by inventory; in stress it widens with volatility, shrinks its ' +
    'size, and withdraws beyond a volatility or drawdown limit.',
  source:
    'Gueant, Lehalle & Fernandez-Tapia 2013; Avellaneda & Stoikov 2008. Distances are fractions ' +
    'of the price and inventory counts level sizes',
  params: {
    sizeLots: {
      doc: 'Size of a level', unit: 'lots', min: 1, max: 1e9, default: 100, source: 'assumption',
    },
    levels: {
      doc: 'Levels a side', unit: '1', min: 1, max: LEVELS_MAX, default: 5, integer: true,
      source: 'assumption',
    },
    levelSpacing: {
      doc: 'Distance between levels', unit: 'fraction', min: 0, max: 0.1, default: 0.0005,
      source: 'assumption',
    },
    riskAversion: {
      doc: 'Gamma, per fraction of price and level size', unit: '1', min: 1e-6, max: 1e7,
      default: 333, source: 'Avellaneda & Stoikov 2008: gamma/k = 1/15, rescaled',
    },
    depthDecay: {
      doc: 'k: fills arrive at fillRate x exp(-k x distance), distance a fraction of price',
      unit: '1',
      min: 1e-6, max: 1e7, default: 5000, source: 'assumption: half a spread of 2 basis points',
    },
    fillRate: {
      doc: 'A: fills a second at zero distance', unit: '1/second', min: 1e-6, max: 1e6, default: 1,
      source: 'assumption',
    },
    indexWeight: {
      doc: 'Weight of the index in the reference price; the rest is the mid', unit: 'fraction',
      min: 0, max: 1, default: 0.5, source: 'assumption',
    },
    inventoryMax: {
      doc: 'Q: inventory at which it quotes one side only, level sizes',
      unit: '1', min: 1, max: 1e6,
      default: 10, source: 'assumption',
    },
    volatilityDaily: {
      doc: 'Normal volatility of a day', unit: 'fraction', min: 1e-6, max: 1, default: 0.04,
      source: 'assumption: bitcoin',
    },
    halfLifeMicros: {
      doc: 'Half-life of its volatility estimate', unit: 'microseconds', min: SECOND_MICROS,
      max: 1e13, default: 600 * SECOND_MICROS, source: 'assumption',
    },
    widening: {
      doc: 'Half-spread grows by this times the excess of volatility over normal',
      unit: '1', min: 0,
      max: 100, default: 1, source: 'assumption',
    },
    shrinking: {
      doc: 'Sizes fall as (normal / measured volatility) to this power', unit: '1', min: 0, max: 10,
      default: 1, source: 'assumption',
    },
    withdrawalVolatility: {
      doc: 'Withdraws above this multiple of normal volatility', unit: '1', min: 1, max: 1e6,
      default: 5, source: 'assumption',
    },
    withdrawalDrawdown: {
      doc: 'Withdraws when equity falls this far below its peak', unit: 'fraction', min: 0.001,
      max: 1, default: 0.2, source: 'assumption',
    },
    withdrawalMicros: {
      doc: 'Time it stays away after a drawdown', unit: 'microseconds', min: 0, max: 1e15,
      default: HOUR_MICROS, source: 'assumption',
    },
    utilisationMax: {
      doc: 'Part of its leverage cap above which it quotes the reducing side only',
      unit: 'fraction', min: 0, max: 1, default: 0.9, source: 'assumption',
    },
    toleranceTicks: {
      doc: 'A side is quoted anew when its best price moved by this',
      unit: 'ticks', min: 1, max: 1e6,
      default: 2, source: 'assumption',
    },
    postOnly: {
      doc: 'Quotes never take when 1', unit: '1', min: 0, max: 1, default: 1, integer: true,
      source: 'practice',
    },
  },
  state: {
    halfSpread: { doc: 'GLFT half-spread without risk', unit: 'fraction', initial: 0 },
    slopeUnit: { doc: 'GLFT slope per unit of volatility', unit: '1', initial: 0 },
    lastTime: { doc: 'Time of its last look', unit: 'microseconds', initial: -1 },
    lastReference: { doc: 'Reference price then', unit: 'ticks', initial: 0 },
    variance: { doc: 'Variance of the log reference, per second', unit: '1/second', initial: 0 },
    equityPeak: { doc: 'Largest equity since the last withdrawal', unit: 'quote', initial: 0 },
    awayUntil: { doc: 'End of a withdrawal', unit: 'microseconds', initial: 0 },
    bidTicks: { doc: 'Best bid it quotes; 0 for none', unit: 'ticks', initial: 0 },
    askTicks: { doc: 'Best ask it quotes; 0 for none', unit: 'ticks', initial: 0 },
    spacingTicks: { doc: 'Distance of its levels', unit: 'ticks', initial: 1 },
    quotedLots: { doc: 'Size of its levels', unit: 'lots', initial: 0 },
    bidDistance: {
      doc: 'Distance of its best bid from the reference, before rounding', unit: 'fraction',
      initial: 0,
    },
    askDistance: {
      doc: 'Distance of its best ask from the reference, before rounding', unit: 'fraction',
      initial: 0,
    },
  },
  style: 'quoting',
  orderSlots: ORDER_SLOTS,
  wakeOn: WakeOn.none,
  gainSign: -1,
  exitTrigger: 'volatility, drawdown or inventory limit',
  examples: [
    stationaryExample(0, 0.671244, 0.671244),
    stationaryExample(1, 0.722961, 0.619527),
    stationaryExample(5, 0.92983, 0.412658),
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const gamma = rows[r + at.riskAversion];
      const k = rows[r + at.depthDecay];
      rows[r + at.halfSpread] = glftHalfSpread(gamma, k);
      rows[r + at.slopeUnit] = glftSlopePerVolatility(gamma, k, rows[r + at.fillRate]);
      const daily = rows[r + at.volatilityDaily];
      rows[r + at.variance] = (daily * daily) / DAY_SECONDS;
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, exposure, market, marketAt, wakeAt } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const status = rows[r + AgentField.status];
      if ((status !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) {
        withdraw(batch, i, r, at);
        continue;
      }
      const now = time[i];
      wakeAt[i] = now + rows[r + AgentField.periodMicros];
      const seen = marketAt[i];
      const weight = rows[r + at.indexWeight];
      const reference =
        weight * market[seen + MarketField.index] + (1 - weight) * market[seen + MarketField.mid];
      const sigma = measure(rows, r, now, reference, at);
      if (market[seen + MarketField.halted] !== 0 || (status & AgentStatus.halted) !== 0) continue;

      const normal = rows[r + at.volatilityDaily] / Math.sqrt(DAY_SECONDS);
      const stress = sigma / normal;
      const peak = Math.max(rows[r + at.equityPeak], equity[i]);
      rows[r + at.equityPeak] = peak;
      if (equity[i] < peak * (1 - rows[r + at.withdrawalDrawdown])) {
        rows[r + at.awayUntil] = now + rows[r + at.withdrawalMicros];
        rows[r + at.equityPeak] = equity[i];
      }
      if (stress > rows[r + at.withdrawalVolatility] || now < rows[r + at.awayUntil]) {
        withdraw(batch, i, r, at);
        continue;
      }

      const unit = rows[r + at.sizeLots];
      const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
      const slope = rows[r + at.slopeUnit] * sigma;
      const skew = (held / unit) * slope;
      const excess = Math.max(stress - 1, 0);
      const half =
        (rows[r + at.halfSpread] + 0.5 * slope) * (1 + rows[r + at.widening] * excess);
      rows[r + at.bidDistance] = half + skew;
      rows[r + at.askDistance] = half - skew;
      const bid = Math.floor(reference * (1 - half - skew));
      // The two sides never meet, however narrow the spread.
      const ask = Math.max(Math.ceil(reference * (1 + half - skew)), bid + 1);
      const shrink = excess > 0 ? shrunk(stress, rows[r + at.shrinking]) : 1;
      const lots = Math.floor(unit * shrink);
      const capLots = rows[r + at.inventoryMax] * unit;
      const budget = rows[r + at.utilisationMax] * rows[r + AgentField.leverageMax] * equity[i];
      const full = Math.abs(exposure[i]) > budget;
      const roomBid = full && held >= 0 ? 0 : capLots - held;
      const roomAsk = full && held <= 0 ? 0 : capLots + held;
      const quoted = rows[r + at.quotedLots];
      const resized = lots * RESIZE < quoted || lots > quoted * RESIZE;
      const tolerance = rows[r + at.toleranceTicks];
      // A new quote never meets its own old one.
      const askBefore = rows[r + at.askTicks];
      const bidBefore = rows[r + at.bidTicks];
      const all = resized || bid >= askBefore || ask <= bidBefore;
      const movedBid = all || Math.abs(bid - bidBefore) >= tolerance;
      const movedAsk = all || Math.abs(ask - askBefore) >= tolerance;
      if (movedBid) rows[r + at.bidTicks] = bid;
      if (movedAsk) rows[r + at.askTicks] = ask;
      if (resized) rows[r + at.quotedLots] = lots;
      if (movedBid && movedAsk) {
        rows[r + at.spacingTicks] = Math.max(Math.round(reference * rows[r + at.levelSpacing]), 1);
      }
      quoteSide(batch, i, r, 0, movedBid, roomBid, at);
      quoteSide(batch, i, r, 1, movedAsk, roomAsk, at);
    }
  },
});

/**
 * The stationary distances for the parameters of Avellaneda & Stoikov 2008 (gamma .1, k 1.5, A 140,
 * sigma 2 over a session): at price 1 a fraction is a price, and 16 days stand for their session.
 */
function stationaryExample(inventory: number, bid: number, ask: number): StrategyExample {
  return {
    card: 'C1',
    doc: `Stationary distances at inventory ${inventory}`,
    prices: [1],
    position: inventory,
    set: {
      sizeLots: 1, riskAversion: 0.1, depthDecay: 1.5, fillRate: 140 / (16 * DAY_SECONDS),
      volatilityDaily: 0.5,
    },
    expect: [
      { field: 'state.bidDistance', values: [bid] },
      { field: 'state.askDistance', values: [ask] },
    ],
  };
}

type Offsets = Readonly<
  Record<
    | 'bidTicks' | 'askTicks' | 'spacingTicks' | 'quotedLots' | 'levels' | 'postOnly'
    | 'lastTime' | 'lastReference' | 'variance' | 'halfLifeMicros',
    number
  >
>;

/** Updates the volatility estimate; returns it, per square root of a second. */
function measure(
  rows: Float64Array,
  r: number,
  now: number,
  reference: number,
  at: Offsets,
): number {
  const last = rows[r + at.lastTime];
  const seconds = (now - last) / SECOND_MICROS;
  let variance = rows[r + at.variance];
  if (last >= 0 && seconds > 0) {
    const move = log(reference / rows[r + at.lastReference]);
    const weight = -expm1((-(now - last) * Math.LN2) / rows[r + at.halfLifeMicros]);
    variance += weight * ((move * move) / seconds - variance);
    rows[r + at.variance] = variance;
  }
  rows[r + at.lastTime] = now;
  rows[r + at.lastReference] = reference;
  return Math.sqrt(variance);
}

/** Returns (1 / stress)^exponent. */
function shrunk(stress: number, exponent: number): number {
  return exponent === 1 ? 1 / stress : pow(stress, -exponent);
}

/** Cancels everything and forgets the quotes. */
function withdraw(batch: DecisionBatch, i: number, r: number, at: Offsets): void {
  const rows = batch.rows;
  if (rows[r + at.quotedLots] !== 0) batch.orders.cancelAll(i);
  rows[r + at.bidTicks] = 0;
  rows[r + at.askTicks] = 0;
  rows[r + at.quotedLots] = 0;
}

/**
 * Brings one side to its levels: all anew when the quotes moved, else only the levels that are
 * gone, and never more lots than there is room for.
 */
function quoteSide(
  batch: DecisionBatch,
  i: number,
  r: number,
  side: number,
  moved: boolean,
  roomLots: number,
  at: Offsets,
): void {
  const { rows, orders } = batch;
  const top = rows[r + (side === 0 ? at.bidTicks : at.askTicks)];
  const step = side === 0 ? -rows[r + at.spacingTicks] : rows[r + at.spacingTicks];
  const levels = rows[r + at.levels];
  let there = 0;
  let room = roomLots;
  for (let slot = 0; slot < ORDER_SLOTS; slot++) {
    if (orders.slotState(i, slot) !== SlotState.live || orders.slotSide(i, slot) !== side) continue;
    const leaves = orders.slotLeaves(i, slot);
    const level = (orders.slotPrice(i, slot) - top) / step;
    const known = level >= 0 && level < levels && Math.floor(level) === level;
    if (moved || !known || leaves > room) {
      orders.cancel(i, slot);
    } else {
      there |= 1 << level;
      room -= leaves;
    }
  }
  const lots = rows[r + at.quotedLots];
  if (!(lots > 0)) return;
  const flags = rows[r + at.postOnly] !== 0 ? POST_ONLY : 0;
  for (let level = 0; level < levels; level++) {
    if ((there & (1 << level)) !== 0) continue;
    const priceTicks = top + level * step;
    const size = Math.min(lots, Math.floor(room));
    if (size < 1 || priceTicks < 1) return;
    if (orders.limit(i, side, priceTicks, size, flags) < 0) return;
    room -= size;
  }
}
