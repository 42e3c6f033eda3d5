/** The speed limit of the sizing wrapper, and its place among the other rules. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  AgentField,
  dailyVolumeLots,
  DecisionBatch,
  Economics,
  FORCED_OUT,
  MARKET_FIELDS,
  MarketField,
  type OrderDesk,
  ROW_HEADER,
  targetToLots,
  Urgency,
} from '../../sim/strategy/index.js';

const HOUR = 3600e6;

/** An agent holding 100 lots at price 10 (a lot is a unit) after an hour in which 50 were traded. */
function agent(speedLimit: number, held = 100, band = 0, leverageMax = 10): DecisionBatch {
  const batch = new DecisionBatch({
    rows: new Float64Array(ROW_HEADER),
    market: new Float64Array(MARKET_FIELDS),
    economics: new Economics({ kind: 'linear', multiplier: 1, quotePerTick: 1, quotePerLot: 1 }),
    random: new RandomSource(1).stream('x'),
    orders: {} as OrderDesk,
  });
  batch.count = 1;
  batch.speedLimit = speedLimit;
  batch.rows[AgentField.position] = held;
  batch.rows[AgentField.band] = band;
  batch.rows[AgentField.leverageMax] = leverageMax;
  batch.rows[AgentField.feedLatencyMicros] = 1e6;
  batch.time[0] = HOUR + 1e6;
  batch.market[MarketField.volume] = 50;
  batch.price[0] = 10;
  batch.equity[0] = 1000;
  return batch;
}

function lots(batch: DecisionBatch, targetQuote: number, urgency = 0): number {
  batch.target[0] = targetQuote;
  batch.urgency[0] = urgency;
  return targetToLots(batch, 0);
}

describe('the speed limit', () => {
  it('is a fraction of the average daily volume seen', () => {
    expect(dailyVolumeLots(agent(1), 0)).toBe(1200);
    // 0.05 x 1200 = 60 lots a decision, either way.
    expect(lots(agent(0.05), 5000)).toBe(60);
    expect(lots(agent(0.05), -5000)).toBe(-60);
    expect(lots(agent(0.05), 1300)).toBe(30);
    expect(lots(agent(Infinity), 5000)).toBe(400);
  });

  it('lets nothing pass before anything was seen', () => {
    const early = agent(0.05);
    early.time[0] = 1e6;
    expect(lots(early, 5000)).toBe(0);
    const quiet = agent(0.05);
    quiet.market[MarketField.volume] = 0;
    expect(lots(quiet, 5000)).toBe(0);
  });

  it('comes after the band and before the cap', () => {
    // Inside the band of what was wanted, though beyond the limit.
    expect(lots(agent(0.05, 100, 1), 1900)).toBe(0);
    // Far outside the band, though the limit leads back into it.
    expect(lots(agent(0.05, 100, 1), 2100)).toBe(60);
    // The cap of one equity is 100 lots: with 200 held it asks for more than the limit allows.
    expect(lots(agent(0.05, 200, 0, 1), 3000)).toBe(-100);
    expect(lots(agent(0.05, 80, 0, 1), 3000)).toBe(20);
  });

  it('holds forced decisions, but not those that are forced out', () => {
    expect(lots(agent(0.05, 100, 1), 5000, Urgency.forced)).toBe(60);
    expect(lots(agent(0.05), 0, Urgency.reduceOnly)).toBe(-60);
    expect(lots(agent(0.05), 0, FORCED_OUT)).toBe(-100);
  });
});
