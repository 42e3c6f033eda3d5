/** The liquidation hunter: pushes the price into positions that must then be closed by force. */
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  WakeOn,
  type DecisionBatch,
} from '../../sim/strategy/index.js';
import { HOUR_MICROS, SECOND_MICROS, standsDown, startClock } from '../parts/index.js';
import { farEdge, followers, MAP_ERRORS, renewErrors } from './cascade-model.js';
import { ownImpact } from './own-impact.js';
import { sliceMicros, unwind } from './unwind.js';

export const liquidationHunter = defineStrategy({
  name: 'liquidation-hunter',
  family: 'adversary',
  doc:
    'Reckons on each side of the mark what a push would set off on its noisy liquidation map and ' +
    'what it would earn: impact x push x followers less fees both ways. Beyond its hurdle it ' +
    'pushes by a market order and buys back in equal slices while the cascade runs.',
  source:
    'Brunnermeier & Pedersen 2005 for predatory trading; Huberman & Stanzl 2004: without ' +
    'followers a round trip under linear permanent impact loses its fees. Differs: no grid of ' +
    'sizes, since in this model profit grows with the push beyond break-even',
  params: {
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
    mapError: {
      doc: 'Standard deviation of the log of its error about a stretch of the map', unit: '1',
      min: 0, max: 5, default: 0.1, source: 'assumption',
    },
    errorMicros: {
      doc: 'Time an error lasts', unit: 'microseconds', min: 1, max: 1e15, default: HOUR_MICROS,
      source: 'assumption',
    },
    reproductionPrior: {
      doc: 'R it believes in where the map is empty: lots that follow each lot closed by force',
      unit: '1', min: 0, max: 0.99, default: 0, source: 'assumption: no map, no attack',
    },
    pushLots: {
      doc: 'Size of its push; 0 for the largest its limits allow', unit: 'lots', min: 0, max: 1e9,
      default: 0, source: 'assumption',
    },
    depthShare: {
      doc: 'Largest push, part of the depth up to the far end of the map', unit: 'fraction',
      min: 0, max: 1, default: 0.2, source: 'assumption',
    },
    leverage: {
      doc: 'Largest leverage of a push', unit: 'leverage', min: 0, max: 100, default: 3,
      source: 'assumption',
    },
    protection: {
      doc: 'Distance from the mark its push does not trade beyond', unit: 'fraction', min: 0,
      max: 1, default: 0.05, source: 'assumption',
    },
    slices: {
      doc: 'Orders of its way out', unit: '1', min: 1, max: 1000, default: 10, integer: true,
      source: 'assumption',
    },
    exitMicros: {
      doc: 'Time its way out takes', unit: 'microseconds', min: 1, max: 1e15,
      default: 20 * SECOND_MICROS, source: 'assumption',
    },
    cooldownMicros: {
      doc: 'Rest after a push', unit: 'microseconds', min: 0, max: 1e15, default: HOUR_MICROS,
      source: 'assumption',
    },
  },
  state: {
    push: { doc: 'Push it thought about last; negative sells', unit: 'lots', initial: 0 },
    profit: { doc: 'Profit its model gives that push', unit: 'quote', initial: 0 },
    breakEven: {
      doc: 'Push that would break even; 0 when nothing would follow', unit: 'lots', initial: 0,
    },
    reproduction: { doc: 'R of that push in its model', unit: '1', initial: 0 },
    believedImpact: { doc: 'Price change of a lot it reckons with', unit: 'price', initial: 0 },
    errorTurn: { doc: 'Turn its errors were drawn in', unit: '1', initial: -1 },
    errors: {
      doc: 'Factors of its map: groups of 8 buckets from the mark down, then up', unit: '1',
      initial: 1, count: MAP_ERRORS,
    },
    touchLots: { doc: 'Average size at the touch', unit: 'lots', initial: 0 },
    slicesLeft: { doc: 'Orders of its way out to come; 0 when not out', unit: '1', initial: 0 },
  },
  style: 'quoting',
  orderSlots: 8,
  wakeOn: WakeOn.none,
  seesLiquidationMap: true,
  gainSign: 0,
  exitTrigger: 'time: equal slices from the push on',
  examples: [
    {
      card: 'C5',
      doc: 'Profit and break-even of a push of 1000 at R = .5',
      prices: [100],
      set: { impact: 0.001, pushLots: 1000, reproductionPrior: 0.5, exitMicros: 864e9 },
      expect: [
        { field: 'state.profit', values: [900] },
        { field: 'state.breakEven', values: [100] },
        { field: 'orderUnits', values: [-1000] },
      ],
    },
    {
      card: 'C5',
      doc: 'Without followers the same push loses its fees, and is not made',
      prices: [100],
      set: { impact: 0.001, pushLots: 1000, reproductionPrior: 0 },
      expect: [
        { field: 'state.profit', values: [-100], tolerance: 0 },
        { field: 'orderUnits', values: [0] },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, price, equity, market, marketAt, orders, wakeAt } = batch;
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
        unwind(batch, i, at);
        continue;
      }
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const halted = market[marketAt[i] + MarketField.halted] !== 0;
      if (halted || (status & AgentStatus.halted) !== 0) continue;
      if (!paysToPush(batch, i, at)) continue;
      const push = rows[r + at.push];
      const mark = price[i] / quotePerTick;
      const bound = mark * (1 + (push < 0 ? -1 : 1) * rows[r + at.protection]);
      const boundTicks = push < 0 ? Math.max(Math.floor(bound), 1) : Math.ceil(bound);
      orders.market(i, push < 0 ? 1 : 0, Math.abs(push), boundTicks, 0);
      rows[r + slicesLeft] = rows[r + slices];
      wakeAt[i] = time[i] + sliceMicros(rows, r, at);
    }
  },
});

type Offsets = Readonly<
  Record<
    | 'impact' | 'touchLots' | 'feeRate' | 'hurdle' | 'mapError' | 'errorMicros' | 'leverage'
    | 'reproductionPrior' | 'pushLots' | 'depthShare' | 'push' | 'profit' | 'breakEven'
    | 'reproduction' | 'believedImpact' | 'errorTurn' | 'errors',
    number
  >
>;

/** Notes the better side's push with its profit; says whether that is beyond the hurdle. */
function paysToPush(batch: DecisionBatch, i: number, at: Offsets): boolean {
  const { rows, economics } = batch;
  const r = batch.row[i];
  const impact = ownImpact(batch, i, at);
  rows[r + at.believedImpact] = impact;
  rows[r + at.push] = 0;
  rows[r + at.profit] = 0;
  rows[r + at.breakEven] = 0;
  rows[r + at.reproduction] = 0;
  if (!(impact > 0)) return false;
  const ticks = batch.price[i] / economics.quotePerTick;
  const cap = Math.min(rows[r + at.leverage], rows[r + AgentField.leverageMax]);
  const capitalLots = Math.floor(economics.lotsOf(cap * batch.equity[i], ticks));
  const asked = rows[r + at.pushLots];
  let mapped = false;
  renewErrors(batch, i, at);
  for (let side = 0; side < 2; side++) {
    const distance = farEdge(batch, i, side);
    if (!(distance > 0)) continue;
    const depthLots = Math.floor((rows[r + at.depthShare] * distance) / impact);
    const lots = asked > 0 ? asked : Math.min(capitalLots, depthLots);
    if (lots < 1) continue;
    const follow = followers(batch, i, side, lots, at);
    note(batch, i, at, side === 0 ? -lots : lots, follow);
    mapped = true;
  }
  if (!mapped) {
    const lots = asked > 0 ? asked : capitalLots;
    const prior = rows[r + at.reproductionPrior];
    if (lots >= 1) note(batch, i, at, -lots, (lots * prior) / (1 - prior));
  }
  const size = Math.abs(rows[r + at.push]);
  if (size < 1 || size > capitalLots) return false;
  const profit = rows[r + at.profit];
  const fees = 2 * rows[r + at.feeRate] * Math.abs(economics.exposureQuote(size, ticks));
  return profit > 0 && profit > rows[r + at.hurdle] * fees;
}

/** Notes a push and what it would earn, unless the one noted before earns as much. */
function note(
  batch: DecisionBatch,
  i: number,
  at: Offsets,
  signedLots: number,
  follow: number,
): void {
  const { rows, economics } = batch;
  const r = batch.row[i];
  const price = batch.price[i];
  const size = Math.abs(signedLots);
  const impact = rows[r + at.believedImpact];
  const fee = rows[r + at.feeRate];
  // k Q S - 2 f Q P, with the followers S = Q R / (1 - R).
  const exposure = economics.exposureQuote(size, price / economics.quotePerTick);
  const profit = exposure * ((impact * follow) / price - 2 * fee);
  if (rows[r + at.push] !== 0 && profit <= rows[r + at.profit]) return;
  rows[r + at.push] = signedLots;
  rows[r + at.profit] = profit;
  rows[r + at.reproduction] = follow / (size + follow);
  rows[r + at.breakEven] = follow > 0 ? (2 * fee * price * size) / (impact * follow) : 0;
}
