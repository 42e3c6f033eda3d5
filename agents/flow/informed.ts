/** The informed trader of Kyle: trades on its knowledge of the value, hidden among noise. */
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  WakeOn,
} from '../../sim/strategy/index.js';
import { solveKyle, standsDown, startClock } from '../parts/index.js';

/** Most auctions of a session: each has three values in the row. */
const AUCTIONS_MAX = 32;
/** Slack of the rounding to whole lots, for intensities with rounding errors. */
const LOT_SLACK = 1 + 1e-12;

export const informed = defineStrategy({
  name: 'informed',
  family: 'flow',
  doc:
    'Once a bar, an auction, it trades beta (value - price): value is the index with an error of ' +
    'its own that lasts a session, beta the equilibrium intensity of that auction. After the ' +
    'last auction a session begins anew. It pays no more than its value.',
  source:
    'Kyle 1985, theorems 1 and 2. Differs: the position is not delivered at the end of a session ' +
    'but kept within its leverage, and orders have the value as their limit',
  params: {
    auctions: {
      doc: 'Auctions of a session; 1 for the single auction', unit: '1', min: 1,
      max: AUCTIONS_MAX, default: 20, integer: true, source: 'assumption',
    },
    noiseLots: {
      doc: "Standard deviation of the noise traders' flow over a session, as it believes",
      unit: 'lots', min: 1e-6, max: 1e12, default: 100, source: 'assumption',
    },
    priorDeviation: {
      doc: "Standard deviation of the value in the market's eyes when a session begins",
      unit: 'price', min: 1e-9, max: 1e12, default: 2, source: 'assumption',
    },
    signalDeviation: {
      doc: 'Standard deviation of the error of its value', unit: 'price', min: 0, max: 1e12,
      default: 0, source: 'Kyle 1985: it knows the value',
    },
    leverage: {
      doc: 'Largest leverage', unit: 'leverage', min: 0, max: 100, default: 3, source: 'assumption',
    },
  },
  state: {
    auction: { doc: 'Auctions of this session that are over', unit: '1', initial: 0 },
    session: { doc: 'Sessions begun', unit: '1', initial: 0 },
    error: { doc: 'Error of its value in this session', unit: 'price', initial: 0 },
    value: { doc: 'Its value of the asset', unit: 'price', initial: 0 },
    flow: { doc: 'What it wanted to trade last, before limits', unit: 'lots', initial: 0 },
    intensity: {
      doc: 'Lots traded per unit of mispricing, by auction', unit: 'lots/price', initial: 0,
      count: AUCTIONS_MAX,
    },
    impact: {
      doc: 'Lambda: change of price per lot of flow, by auction', unit: 'price/lot', initial: 0,
      count: AUCTIONS_MAX,
    },
    variance: {
      doc: 'Variance of the value after the auction, by auction', unit: 'price^2', initial: 0,
      count: AUCTIONS_MAX,
    },
  },
  style: 'quoting',
  orderSlots: 4,
  wakeOn: WakeOn.none,
  gainSign: -1,
  exitTrigger: 'the price at its value; its leverage',
  examples: [
    {
      card: 'C7',
      doc: 'A single auction: the value is 104, the price 100',
      prices: [100, 104],
      index: [104, 104],
      set: { auctions: 1, noiseLots: 1.5, priorDeviation: 2 },
      expect: [
        { field: 'state.intensity.0', values: [0.75] },
        { field: 'state.impact.0', values: [0.666667] },
        { field: 'state.variance.0', values: [2] },
        { field: 'state.flow', values: [3, 0] },
        { field: 'orderUnits', values: [3, 0] },
      ],
    },
    {
      card: 'C7',
      doc: 'Two auctions',
      prices: [100],
      set: { auctions: 2, noiseLots: 1.5, priorDeviation: 2 },
      expect: [
        { field: 'state.impact.0', values: [0.87051] },
        { field: 'state.impact.1', values: [0.784302] },
        { field: 'state.variance.0', values: [2.768086] },
        { field: 'state.variance.1', values: [1.384043] },
      ],
    },
    {
      card: 'C7',
      doc: 'Four auctions',
      prices: [100],
      set: { auctions: 4, noiseLots: 1.5, priorDeviation: 2 },
      expect: [
        { field: 'state.impact.0', values: [1.019729] },
        { field: 'state.impact.1', values: [1.00901] },
        { field: 'state.impact.2', values: [0.982943] },
        { field: 'state.impact.3', values: [0.885601] },
        { field: 'state.variance.3', values: [0.882326] },
      ],
    },
    {
      card: 'C7',
      doc: 'Twenty auctions',
      prices: [100],
      set: { auctions: 20, noiseLots: 1.5, priorDeviation: 2 },
      expect: [
        { field: 'state.impact.0', values: [1.220254] },
        { field: 'state.variance.19', values: [0.244774] },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const { intensity, impact, variance } = at;
      solveKyle(
        rows,
        { intensity: r + intensity, impact: r + impact, variance: r + variance },
        rows[r + at.auctions],
        { noise: rows[r + at.noiseLots], deviation: rows[r + at.priorDeviation] },
      );
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, price, equity, market, marketAt, orders, wakeAt } = batch;
    const { economics } = batch;
    const { auction, session, error, value, flow, intensity, signalDeviation, leverage } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const status = rows[r + AgentField.status];
      if ((status !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const seen = marketAt[i];
      if (market[seen + MarketField.halted] !== 0 || (status & AgentStatus.halted) !== 0) continue;
      const n = rows[r + auction];
      if (n === 0) {
        const deviation = rows[r + signalDeviation];
        const turn = rows[r + session]++;
        rows[r + error] = deviation > 0 ? deviation * batch.noise(i, 0, turn) : 0;
      }
      rows[r + auction] = n + 1 < rows[r + at.auctions] ? n + 1 : 0;
      const index = market[seen + MarketField.index];
      const worth = index * economics.quotePerTick + rows[r + error];
      const gap = worth - market[seen + MarketField.mid] * economics.quotePerTick;
      const wanted = rows[r + intensity + n] * gap;
      rows[r + value] = worth;
      rows[r + flow] = wanted;
      const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
      const cap = Math.min(rows[r + leverage], rows[r + AgentField.leverageMax]);
      const most = economics.lotsOf(cap * equity[i], price[i] / economics.quotePerTick);
      // Room on the side it trades: what it holds on the other side is room too.
      const room = wanted > 0 ? most - held : most + held;
      const lots = Math.floor(Math.min(Math.abs(wanted), room) * LOT_SLACK);
      const limit = index + rows[r + error] / economics.quotePerTick;
      const limitTicks = wanted > 0 ? Math.floor(limit) : Math.max(Math.ceil(limit), 1);
      if (lots < 1 || limitTicks < 1) continue;
      orders.immediate(i, wanted > 0 ? 0 : 1, limitTicks, lots, 0);
    }
  },
});
