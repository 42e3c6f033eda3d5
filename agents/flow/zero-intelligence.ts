/** Zero-intelligence flow: random orders around the opposite quote, and random mass cancels. */
import { log, pow } from '../../sim/kernel/index.js';
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  WakeOn,
  type DecisionBatch,
} from '../../sim/strategy/index.js';

const TWO_POW_MINUS_32 = 1 / 4294967296;
const TWO_POW_MINUS_53 = 1 / 9007199254740992;
/** Queries an agent may have under way; one more joins the last. */
const QUERIES_MAX = 4;

export const zeroIntelligence = defineStrategy({
  name: 'zero-intelligence',
  family: 'flow',
  doc:
    'Wakes at exponential times, cancels all its orders with a set probability and asks for the ' +
    'quotes; a round trip later it sends a market order, or a limit order at a geometric ' +
    'distance from the opposite best.',
  source: 'Farmer, Patelli & Zovko 2005; quote-anchored as in the ABIDES comparison workload',
  params: {
    ratePerSecond: {
      doc: 'Mean wakes a second', unit: '1/second', min: 1e-6, max: 1000, default: 0.1,
      source: 'assumption',
    },
    startMicros: {
      doc: 'Time its clock starts at', unit: 'microseconds', min: 0, max: 1e15, default: 0,
      source: 'assumption',
    },
    marketShare: {
      doc: 'Probability that an order is a market order', unit: 'fraction', min: 0, max: 1,
      default: 0.15, source: 'assumption',
    },
    cancelProbability: {
      doc: 'Probability that a wake cancels every live order', unit: 'fraction', min: 0, max: 1,
      default: 0.5, source: 'assumption',
    },
    distanceProbability: {
      doc: 'Success probability of the geometric distance', unit: 'fraction', min: 1e-4, max: 1,
      default: 0.1, source: 'assumption; mean distance 1/p ticks',
    },
    sizeMax: {
      doc: 'Sizes are uniform on 1..sizeMax, times the scale', unit: '1', min: 1, max: 1e6,
      default: 10, integer: true, source: 'assumption',
    },
    sizeScale: {
      doc: 'Lots of a unit of size', unit: 'lots', min: 1, max: 1e8, default: 1, integer: true,
      source: 'assumption',
    },
    sizeTail: {
      doc: 'Exponent of a Pareto size, cut at sizeMax, in place of the uniform one; 0 for uniform',
      unit: '1', min: 0, max: 10, default: 0, source: 'Lillo, Mike & Farmer 2005: 1.5',
    },
  },
  state: {
    nextWakeMicros: { doc: 'Next wake of its own', unit: 'microseconds', initial: 0 },
    queries: { doc: 'Queries under way', unit: '1', initial: 0 },
    reply0: { doc: 'Time of the first reply', unit: 'microseconds', initial: 0 },
    reply1: { doc: 'Time of the second reply', unit: 'microseconds', initial: 0 },
    reply2: { doc: 'Time of the third reply', unit: 'microseconds', initial: 0 },
    reply3: { doc: 'Time of the fourth reply', unit: 'microseconds', initial: 0 },
  },
  style: 'quoting',
  orderSlots: 32,
  wakeOn: WakeOn.none,
  gainSign: 0,
  exitTrigger: 'none',
  start(batch, at) {
    const { count, rows, row, wakeAt, random } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const words = random.words(
        rows[r + AgentField.keyHigh], rows[r + AgentField.keyLow], rows[r + AgentField.draws]++,
      );
      const wait = exponentialMicros(words, rows[r + at.ratePerSecond]);
      rows[r + at.nextWakeMicros] = rows[r + at.startMicros] + wait;
      wakeAt[i] = rows[r + at.nextWakeMicros];
    }
  },
  decide(batch, at) {
    const { count, rows, row, time, random, orders, wakeAt } = batch;
    const { nextWakeMicros, queries, reply0, ratePerSecond, cancelProbability } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const now = time[i];
      if ((rows[r + AgentField.status] & AgentStatus.liquidated) !== 0) {
        wakeAt[i] = Infinity;
        continue;
      }
      let wake = rows[r + nextWakeMicros];
      let pending = rows[r + queries];
      if (wake > now) batch.continued++;
      // Whatever is due by now, in the order of time; a reply before a wake at the same moment.
      while (wake <= now || (pending > 0 && rows[r + reply0] <= now)) {
        if (pending > 0 && rows[r + reply0] <= wake) {
          for (let k = 1; k < pending; k++) rows[r + reply0 + k - 1] = rows[r + reply0 + k];
          pending--;
          sendOrder(batch, i, r, at);
          continue;
        }
        const words = random.words(
          rows[r + AgentField.keyHigh], rows[r + AgentField.keyLow], rows[r + AgentField.draws]++,
        );
        const cancels = words[2] * TWO_POW_MINUS_32 < rows[r + cancelProbability];
        if (pending === QUERIES_MAX) pending--;
        rows[r + reply0 + pending] =
          wake + rows[r + AgentField.orderLatencyMicros] + rows[r + AgentField.feedLatencyMicros];
        pending++;
        wake += exponentialMicros(words, rows[r + ratePerSecond]);
        if (cancels) orders.cancelAll(i);
      }
      rows[r + nextWakeMicros] = wake;
      rows[r + queries] = pending;
      wakeAt[i] = pending > 0 ? Math.min(wake, rows[r + reply0]) : wake;
    }
  },
});

/** Returns a whole, positive waiting time from the block's first two words. */
function exponentialMicros(words: Uint32Array, ratePerSecond: number): number {
  // 1 - u lies in (0, 1], so the logarithm is finite.
  const u = ((words[0] >>> 5) * 67108864 + (words[1] >>> 6)) * TWO_POW_MINUS_53;
  return Math.ceil((-log(1 - u) * 1e6) / ratePerSecond) + 1;
}

type Offsets = Readonly<
  Record<'marketShare' | 'distanceProbability' | 'sizeMax' | 'sizeScale' | 'sizeTail', number>
>;

/** Sends one random order on the quotes that have arrived. */
function sendOrder(
  batch: DecisionBatch,
  i: number,
  r: number,
  at: Offsets,
): void {
  const { rows, market, orders } = batch;
  const seen = batch.marketAt[i];
  const words = batch.random.words(
    rows[r + AgentField.keyHigh], rows[r + AgentField.keyLow], rows[r + AgentField.draws]++,
  );
  // Without equity it goes on looking, so that its clock stays the same, and sends nothing.
  if (market[seen + MarketField.halted] !== 0 || !(batch.equity[i] > 0)) return;
  const side = words[0] & 1;
  const atMarket = words[1] * TWO_POW_MINUS_32 < rows[r + at.marketShare];
  // (0, 1): the middle of one of 2^32 cells.
  const u = (words[2] + 0.5) * TWO_POW_MINUS_32;
  const most = rows[r + at.sizeMax];
  const tail = rows[r + at.sizeTail];
  const units =
    tail > 0
      ? Math.min(Math.floor(pow(1 - words[3] * TWO_POW_MINUS_32, -1 / tail)), most)
      : 1 + Math.floor(words[3] * TWO_POW_MINUS_32 * most);
  const sizeLots = Math.round(units * rows[r + at.sizeScale]);
  if (atMarket) {
    orders.market(i, side, sizeLots, -1, 0);
    return;
  }
  const p = rows[r + at.distanceProbability];
  const distance = p < 1 ? 1 + Math.floor(log(u) / log(1 - p)) : 1;
  const bestBid = market[seen + MarketField.bestBid];
  const bestAsk = market[seen + MarketField.bestAsk];
  const mid = market[seen + MarketField.mid];
  // An empty side is taken to lie one tick beyond the last mid.
  const priceTicks =
    side === 0
      ? (bestAsk > 0 ? bestAsk : Math.floor(mid) + 1) - distance
      : (bestBid > 0 ? bestBid : Math.ceil(mid) - 1) + distance;
  orders.limit(i, side, Math.max(priceTicks, 1), sizeLots, 0);
}
