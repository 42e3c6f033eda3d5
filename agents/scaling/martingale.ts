/** Martingale: doubles the stake after each loss, starts over after a win. */
import {
  AgentField,
  defineStrategy,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
import {
  betOutcome,
  BetOutcome,
  betState,
  standsDown,
  startClock,
  watchBarriers,
} from '../parts/index.js';

export const martingale = defineStrategy({
  name: 'martingale',
  family: 'scaling',
  doc:
    'Bets that the price reaches entry x (1 + barrier) before entry x (1 - barrier); the amount ' +
    'at risk is multiplied after a loss, and back to its base after a win, or after so many ' +
    'losses in a row that the next stake would exceed its maximum.',
  source: 'the martingale of gamblers; ruin in Feller 1968, ch. XIV',
  params: {
    riskFraction: {
      doc: 'Base stake: part of equity lost at the barrier', unit: 'fraction', min: 0, max: 1,
      default: 0.01, source: 'practice: 1 %',
    },
    multiplier: {
      doc: 'Factor on the stake after a loss',
      unit: '1', min: 1, max: 10, default: 2, source: 'practice: doubling',
    },
    lossesMax: {
      doc: 'Losses in a row after which it gives the run up and starts over',
      unit: '1', min: 1, max: 20, default: 6, integer: true, source: 'assumption: 5 to 8',
    },
    barrier: {
      doc: 'Distance of both barriers from the entry', unit: 'fraction', min: 1e-5, max: 0.9,
      default: 0.02, source: 'assumption',
    },
    direction: {
      doc: 'Side of the first bet: 1 long, -1 short', unit: '1', min: -1, max: 1, default: 1,
      source: 'assumption',
    },
    flipOnLoss: {
      doc: 'Changes side after a loss when 1', unit: '1', min: 0, max: 1, default: 0, integer: true,
      source: 'assumption',
    },
    leverageScale: {
      doc: 'Multiplies every stake',
      unit: 'leverage', min: 0, max: 1000, default: 1, source: 'assumption',
    },
  },
  state: {
    ...betState,
    losses: { doc: 'Losses in a row', unit: '1', initial: 0 },
    busts: { doc: 'Runs given up', unit: '1', initial: 0 },
    baseQuote: { doc: 'Base stake of this run of bets', unit: 'quote', initial: 0 },
    multiple: { doc: 'Stake over the base stake', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  bets: { barrier: 'barrier', side: 'side' },
  gainSign: -1,
  exitTrigger: 'the barrier against it, then ruin',
  examples: [
    {
      card: 'A4',
      doc: 'Stakes over the base stake: doubled by a loss, back after a win or six losses',
      outcomes: [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1],
      expect: [
        { field: 'state.multiple', values: [1, 2, 4, 1, 1, 2, 4, 8, 16, 32, 1] },
        { field: 'state.busts', from: 9, values: [0, 1] },
      ],
    },
    {
      card: 'A4',
      doc: 'A win at any step of a run earns the base stake, 1 % of equity',
      outcomes: [0, 0, 0, 1, 1],
      expect: [{ field: 'equityQuote', values: [100_000, 99_000, 97_000, 93_000, 101_000] }],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, price, equity, target, urgency, wakeAt } = batch;
    const { entryPrice, side, losses, busts, baseQuote, multiple } = at;
    const { riskFraction, multiplier, lossesMax, barrier, direction, flipOnLoss } = at;
    const { leverageScale } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const p = price[i];
      const outcome = betOutcome(batch, i, r + entryPrice, r + barrier);
      if (outcome !== BetOutcome.open) {
        let lost = 0;
        if (outcome === BetOutcome.first) {
          rows[r + side] = rows[r + direction];
        } else if (outcome === BetOutcome.lost) {
          lost = rows[r + losses] + 1;
          if (lost >= rows[r + lossesMax]) {
            rows[r + busts]++;
            lost = 0;
          }
          rows[r + side] *= 1 - 2 * rows[r + flipOnLoss];
        }
        rows[r + losses] = lost;
        if (lost === 0) {
          rows[r + baseQuote] = rows[r + riskFraction] * equity[i];
          rows[r + multiple] = 1;
        } else {
          rows[r + multiple] *= rows[r + multiplier];
        }
        rows[r + entryPrice] = p;
        urgency[i] = Urgency.forced;
      }
      const stake = rows[r + leverageScale] * rows[r + baseQuote] * rows[r + multiple];
      target[i] = (rows[r + side] * stake * p) / (rows[r + barrier] * rows[r + entryPrice]);
      watchBarriers(batch, i, r + entryPrice, r + barrier);
      if ((reason[i] & WakeReason.timer) !== 0) {
        wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      }
    }
  },
});
