/** Order splitting: metaorders of heavy-tailed size, sold or bought piece by piece. */
import { log, pow } from '../../sim/kernel/index.js';
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  WakeOn,
  type DecisionBatch,
} from '../../sim/strategy/index.js';
import { standsDown } from '../parts/index.js';

export const orderSplitter = defineStrategy({
  name: 'order-splitter',
  family: 'flow',
  doc:
    'Works one metaorder after another: a random side and a Pareto number of equal market orders ' +
    'sent at exponential times, so that signs of its orders are autocorrelated as lag to the ' +
    'power 1 - tailExponent. At its leverage it gives a metaorder up and turns round.',
  source: 'Lillo, Mike & Farmer 2005',
  params: {
    ratePerSecond: {
      doc: 'Mean orders a second', unit: '1/second', min: 1e-6, max: 1000, default: 0.1,
      source: 'assumption',
    },
    startMicros: {
      doc: 'Time its clock starts at', unit: 'microseconds', min: 0, max: 1e15, default: 0,
      source: 'assumption',
    },
    childLots: {
      doc: 'Size of an order', unit: 'lots', min: 1, max: 1e8, default: 1, integer: true,
      source: 'assumption',
    },
    tailExponent: {
      doc: 'P(a metaorder has n orders or more) = n^-tailExponent', unit: '1', min: 1.01, max: 10,
      default: 1.5, source: 'Lillo, Mike & Farmer 2005',
    },
    childrenMax: {
      doc: 'Most orders of a metaorder', unit: '1', min: 1, max: 1e9, default: 100_000,
      integer: true, source: 'assumption',
    },
    leverage: {
      doc: 'Leverage at which it gives a metaorder up', unit: 'leverage', min: 0, max: 100,
      default: 3, source: 'assumption',
    },
  },
  state: {
    side: { doc: 'Side of the metaorder: 1 buys, -1 sells', unit: '1', initial: 0 },
    remaining: { doc: 'Orders it has still to send', unit: '1', initial: 0 },
    metaorders: { doc: 'Metaorders begun', unit: '1', initial: 0 },
  },
  style: 'quoting',
  orderSlots: 8,
  wakeOn: WakeOn.none,
  gainSign: 0,
  exitTrigger: 'none; its leverage turns it round',
  start(batch, at) {
    const { count, rows, row, wakeAt } = batch;
    for (let i = 0; i < count; i++) {
      wakeAt[i] = rows[row[i] + at.startMicros] + waitMicros(batch, i, at.ratePerSecond);
    }
  },
  decide(batch, at) {
    const { count, rows, row, time, price, equity, market, marketAt, orders, wakeAt } = batch;
    const { economics } = batch;
    const { side, remaining, childLots, leverage } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const status = rows[r + AgentField.status];
      if ((status !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      wakeAt[i] = time[i] + waitMicros(batch, i, at.ratePerSecond);
      const halted = market[marketAt[i] + MarketField.halted] !== 0;
      if (halted || (status & AgentStatus.halted) !== 0) continue;
      if (!(rows[r + remaining] > 0)) beginMetaorder(batch, i, at);
      const lots = rows[r + childLots];
      const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
      const cap = Math.min(rows[r + leverage], rows[r + AgentField.leverageMax]);
      const most = economics.lotsOf(cap * equity[i], price[i] / economics.quotePerTick);
      let sign = rows[r + side];
      if (sign * held + lots > most) {
        if (!(sign * held > 0)) continue;
        // Out of capital: what follows is a metaorder the other way.
        beginMetaorder(batch, i, at);
        sign = -sign;
        rows[r + side] = sign;
      }
      orders.market(i, sign > 0 ? 0 : 1, lots, -1, 0);
      rows[r + remaining]--;
    }
  },
});

/** Returns the whole, positive time to the agent's next order. */
function waitMicros(batch: DecisionBatch, i: number, ratePerSecond: number): number {
  const { rows, random } = batch;
  const r = batch.row[i];
  const u = random.uniformOpen(
    rows[r + AgentField.keyHigh], rows[r + AgentField.keyLow], rows[r + AgentField.draws]++,
  );
  return Math.ceil((-log(u) * 1e6) / rows[r + ratePerSecond]) + 1;
}

type Offsets = Readonly<
  Record<'side' | 'remaining' | 'metaorders' | 'tailExponent' | 'childrenMax', number>
>;

/** Draws side and size of the next metaorder, as alike across the cohort as crowding says. */
function beginMetaorder(batch: DecisionBatch, i: number, at: Offsets): void {
  const rows = batch.rows;
  const r = batch.row[i];
  const number = rows[r + at.metaorders]++;
  rows[r + at.side] = batch.noise(i, 0, number) > 0 ? 1 : -1;
  const size = Math.floor(pow(batch.uniformNoise(i, 1, number), -1 / rows[r + at.tailExponent]));
  rows[r + at.remaining] = Math.min(size, rows[r + at.childrenMax]);
}
