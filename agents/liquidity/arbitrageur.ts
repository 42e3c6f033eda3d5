/** The basis arbitrageur: trades the venue against the index when the gap exceeds its costs. */
import {
  AgentField,
  AgentStatus,
  defineStrategy,
  MarketField,
  WakeOn,
} from '../../sim/strategy/index.js';
import { HOUR_MICROS, standsDown, startClock } from '../parts/index.js';

export const arbitrageur = defineStrategy({
  name: 'arbitrageur',
  family: 'arbitrage',
  doc:
    'Buys the venue when its best ask lies below the index by more than the entry threshold, ' +
    'sells when the best bid lies above it, and unwinds once the gap is back inside the exit ' +
    'threshold; its orders are immediate and never worse than the threshold. Funding it expects ' +
    'to pay or receive while it holds shifts both thresholds.',
  source:
    'Shleifer & Vishny 1997; Gromb & Vayanos 2002. The other leg is outside the simulation, with ' +
    'margin of its own: legs do not net',
  params: {
    cost: {
      doc: 'Round-trip cost it reckons with: fees, impact, latency risk', unit: 'fraction', min: 0,
      max: 1, default: 0.001, source: 'assumption',
    },
    entryMultiple: {
      doc: 'Enters when the gap exceeds this times the cost', unit: '1', min: 0, max: 1000,
      default: 2, source: 'assumption',
    },
    exitMultiple: {
      doc: 'Leaves when the gap is below this times the cost', unit: '1', min: -1000, max: 1000,
      default: 0.25, source: 'assumption',
    },
    leverage: {
      doc: 'Leverage of each leg', unit: 'leverage', min: 0, max: 100, default: 3,
      source: 'assumption',
    },
    venueShare: {
      doc: "Part of its account that margins the venue's leg", unit: 'fraction', min: 0, max: 1,
      default: 0.5, source: 'assumption: half for each leg',
    },
    clip: {
      doc: 'Part of its capacity traded at once', unit: 'fraction', min: 0, max: 1, default: 0.1,
      source: 'assumption',
    },
    holdingMicros: {
      doc: 'Time it expects to hold, for which it reckons with the present funding; 0 for none',
      unit: 'microseconds', min: 0, max: 1e15, default: 0, source: 'assumption',
    },
    fundingMicros: {
      doc: 'Time between fundings', unit: 'microseconds', min: 1e6, max: 1e15,
      default: 8 * HOUR_MICROS, source: 'practice: three times a day',
    },
  },
  state: {
    carry: {
      doc: 'Funding a long expects to pay while it holds', unit: 'fraction', initial: 0,
    },
  },
  style: 'quoting',
  orderSlots: 4,
  wakeOn: WakeOn.none,
  gainSign: -1,
  exitTrigger: 'convergence, or margin on one leg',
  examples: [
    {
      card: 'C3',
      doc: 'Enters at more than twice the cost below the index, leaves at a quarter of it',
      prices: [100, 99.85, 99.79, 99.95, 99.98],
      index: [100, 100, 100, 100, 100],
      set: { clip: 1 },
      expect: [{ field: 'orderUnits', values: [0, 0, 1503, 0, -1503] }],
    },
    {
      card: 'C3',
      doc: 'The same above the index',
      prices: [100, 100.15, 100.21, 100.05, 100.02],
      index: [100, 100, 100, 100, 100],
      set: { clip: 1 },
      expect: [{ field: 'orderUnits', values: [0, 0, -1496, 0, 1496] }],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, price, equity, market, marketAt, orders, wakeAt } = batch;
    const { economics } = batch;
    const { cost, entryMultiple, exitMultiple, leverage, venueShare, clip } = at;
    const { holdingMicros, fundingMicros, carry } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const status = rows[r + AgentField.status];
      const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
      if ((status !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const seen = marketAt[i];
      if (market[seen + MarketField.halted] !== 0 || (status & AgentStatus.halted) !== 0) continue;
      const index = market[seen + MarketField.index];
      const bid = market[seen + MarketField.bestBid];
      const ask = market[seen + MarketField.bestAsk];
      const holding = rows[r + holdingMicros];
      let paid = 0;
      if (holding > 0) {
        paid = (market[seen + MarketField.fundingRate] * holding) / rows[r + fundingMicros];
        rows[r + carry] = paid;
      }
      const entry = rows[r + cost] * rows[r + entryMultiple];
      const exit = rows[r + cost] * rows[r + exitMultiple];
      const share = Math.min(rows[r + leverage], rows[r + AgentField.leverageMax]);
      const capacityQuote = share * rows[r + venueShare] * equity[i];
      const ticks = price[i] / economics.quotePerTick;
      const capacity = Math.floor(economics.lotsOf(capacityQuote, ticks));
      const most = Math.max(Math.floor(capacity * rows[r + clip]), 1);

      // Prices at which each leg locks in its threshold; an exit may be worth more than an entry.
      const fair = 1 - paid;
      const buyEntry = Math.floor(index * (fair - entry));
      const sellEntry = Math.ceil(index * (fair + entry));
      const sellExit = Math.ceil(index * (fair - exit));
      const buyExit = Math.floor(index * (fair + exit));
      if (ask > 0 && ask <= buyEntry && held < capacity) {
        const exitsFirst = Math.max(-held, 0);
        orders.immediate(i, 0, buyEntry, Math.min(most + exitsFirst, capacity - held), 0);
      } else if (bid > 0 && bid >= sellEntry && -held < capacity) {
        const exitsFirst = Math.max(held, 0);
        orders.immediate(i, 1, sellEntry, Math.min(most + exitsFirst, capacity + held), 0);
      } else if (held > 0 && bid > 0 && bid >= sellExit) {
        orders.immediate(i, 1, sellExit, Math.min(held, most), 0);
      } else if (held < 0 && ask > 0 && ask <= buyExit) {
        orders.immediate(i, 0, buyExit, Math.min(-held, most), 0);
      }
    }
  },
});
