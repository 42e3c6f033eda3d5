import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InverseContract, LinearContract } from '../../sim/account/index.js';
import {
  FairMark,
  MedianOfThreeMark,
  PremiumFunding,
  StepDownLiquidation,
  TieredMargin,
  bitmexScore,
  clampedRate,
  fairPrice,
  fundingPayment,
  premiumIndex,
} from '../../sim/risk/index.js';

interface Vector {
  id: string;
  fn: string;
  inputs: Record<string, any>;
  expected: Record<string, any>;
}

/** Vectors of one function, named by their id. */
function vectors(topic: string, fn: string): [string, Vector][] {
  const url = new URL(`../vectors/${topic}.json`, import.meta.url);
  const all = JSON.parse(readFileSync(url, 'utf8')).vectors as Vector[];
  const found = all.filter((vector) => vector.fn === fn);
  expect(found.length, `${topic} ${fn}`).toBeGreaterThan(0);
  return found.map((vector) => [vector.id, vector]);
}

function close(actual: number, expected: string, relative = 1e-12): void {
  const wanted = Number(expected);
  expect(Math.abs(actual - wanted), `${actual} against ${expected}`).toBeLessThanOrEqual(
    Math.abs(wanted) * relative,
  );
}

/** Quanta per quote unit of these tests. */
const SCALE = 1_000_000;
const ppm = (rate: string) => Math.round(Number(rate) * 1_000_000);
const quanta = (amount: string) => Math.round(Number(amount) * SCALE);

function brackets(tiers: { floor: string; mmr: string }[], scale = SCALE): TieredMargin {
  return new TieredMargin({
    tiers: tiers.map((tier) => ({
      floorQuanta: Math.round(Number(tier.floor) * scale),
      maintenanceRate: ppm(tier.mmr),
      initialRate: 1_000_000,
    })),
  });
}

const flat = (rate: string) => brackets([{ floor: '0', mmr: rate }]);
const linear = new LinearContract({
  kind: 'linear',
  multiplier: 1,
  quotePerTick: 1,
  quotePerLot: 1,
});
const inverse = new InverseContract({
  kind: 'inverse',
  multiplier: 1,
  quotePerTick: 1,
  quotePerLot: 1,
});

describe('maintenance margin', () => {
  test.each(vectors('maintenance_margin', 'tiered_maintenance_margin'))(
    '%s',
    (_id, { inputs, expected }) => {
      const margin = brackets(inputs.tiers);
      const notional = quanta(inputs.notional);
      const actual = margin.maintenance(notional, 1);
      const whole = inputs.tiers.every(
        (tier: { mmr: string }) => ppm(tier.mmr) === Number(tier.mmr) * 1e6,
      );
      if (whole) expect(actual).toBe(Math.ceil(Number((Number(expected.mm) * SCALE).toFixed(3))));
      // Rates that are no whole number of ppm are off by at most half a ppm of each bracket.
      else
        expect(Math.abs(actual - Number(expected.mm) * SCALE)).toBeLessThanOrEqual(notional * 1e-6);
      if (expected.tier !== undefined)
        expect(margin.tierOf(notional, 1) + 1).toBe(Number(expected.tier));
    },
  );

  test.each(vectors('maintenance_margin', 'maintenance_amount'))(
    '%s',
    (_id, { inputs, expected }) => {
      // Two brackets whose deductions are cumPrev and cum: MM just above the floor shows the second.
      const low =
        Number(inputs.mmrPrev) === 0 ? 0 : Number(inputs.cumPrev) / Number(inputs.mmrPrev);
      const tiers = [{ floor: '0', mmr: low > 0 ? '0' : inputs.mmrPrev }];
      if (low > 0) tiers.push({ floor: String(low), mmr: inputs.mmrPrev });
      tiers.push({ floor: inputs.floor, mmr: inputs.mmr });
      const margin = brackets(tiers);
      const notional = quanta(inputs.floor) * 2;
      const cum = notional * Number(inputs.mmr) - margin.maintenance(notional, 1);
      expect(Math.abs(cum - Number(expected.cum) * SCALE)).toBeLessThanOrEqual(
        1 + notional * 1e-12,
      );
    },
  );
});

describe('liquidation and bankruptcy prices', () => {
  /** The price at which equity meets the maintenance margin. */
  const liquidation = (
    contract: LinearContract,
    margin: TieredMargin,
    size: number,
    target: number,
  ) => {
    const sign = contract.notionalSign * Math.sign(size);
    return contract.priceOfNotional(size, margin.notionalWhere(sign, target * SCALE, size) / SCALE);
  };

  test.each(vectors('liquidation_price', 'linear_isolated'))('%s', (_id, { inputs, expected }) => {
    const side = Number(inputs.side);
    const entry = Number(inputs.EP);
    const target = side * entry - entry / Number(inputs.leverage);
    close(liquidation(linear, flat(inputs.MMR), side, target), expected.lp);
    if (expected.bp !== undefined) close(linear.priceOfValue(side, target), expected.bp);
  });

  test.each(vectors('liquidation_price', 'inverse_isolated'))('%s', (_id, { inputs, expected }) => {
    const side = Number(inputs.side);
    const value = 1 / Number(inputs.EP);
    const target = -side * value - value / Number(inputs.leverage);
    // The published price reckons the maintenance margin on the entry value.
    close(inverse.priceOfValue(side, target + value * Number(inputs.MMR)), expected.lp);
    if (expected.bp !== undefined) close(inverse.priceOfValue(side, target), expected.bp);
  });

  test.each(vectors('liquidation_price', 'tiered_self_consistent'))(
    '%s',
    (_id, { inputs, expected }) => {
      const size = Number(inputs.side) * Number(inputs.pos);
      const target = size * Number(inputs.EP) - Number(inputs.WB);
      const margin = brackets(inputs.tiers);
      const price = liquidation(linear, margin, size, target);
      close(price, expected.lp);
      const notional = Math.abs(size) * price * SCALE;
      expect(margin.tierOf(notional, 1) + 1).toBe(Number(expected.tierAtLp));
    },
  );

  test.each(vectors('liquidation_price', 'binance_cross'))('%s', (_id, { inputs, expected }) => {
    const size = Number(inputs.side) * Number(inputs.pos);
    const backing = Number(inputs.WB) - Number(inputs.TMM1) + Number(inputs.UPNL1);
    const floor = Number(inputs.cum) / Number(inputs.MMR);
    const margin =
      floor > 0
        ? brackets([
            { floor: '0', mmr: '0' },
            { floor: String(floor), mmr: inputs.MMR },
          ])
        : flat(inputs.MMR);
    close(liquidation(linear, margin, size, size * Number(inputs.EP) - backing), expected.lp);
  });

  test.each(vectors('bankruptcy_price', 'linear_isolated'))('%s', (_id, { inputs, expected }) => {
    const side = Number(inputs.side);
    const entry = Number(inputs.EP);
    close(linear.priceOfValue(side, side * entry - entry / Number(inputs.leverage)), expected.bp);
  });

  test.each(vectors('bankruptcy_price', 'inverse_isolated'))('%s', (_id, { inputs, expected }) => {
    const side = Number(inputs.side);
    const value = 1 / Number(inputs.EP);
    close(inverse.priceOfValue(side, -side * value - value / Number(inputs.leverage)), expected.bp);
  });

  test.each(vectors('bankruptcy_price', 'linear_general'))('%s', (_id, { inputs, expected }) => {
    const side = Number(inputs.side);
    const margin = Number(inputs.margin) - Number(inputs.fundingLoss);
    const target = side * Number(inputs.openNotional) - margin;
    close(linear.priceOfValue(side * Number(inputs.size), target), expected.bp);
  });
});

describe('mark price', () => {
  const HOUR = 3_600_000_000;

  test.each(vectors('mark_price', 'bitmex_fair_price'))('%s', (_id, { inputs, expected }) => {
    const interval = Number(inputs.interval) * HOUR;
    const left = Number(inputs.timeUntilFunding) * HOUR;
    const rate = Number(inputs.fundingRate);
    close(fairPrice(Number(inputs.index), rate, left, interval), expected.mark);
    const ticks = new FairMark().price({
      nowMicros: 0,
      indexTicks: Number(inputs.index) * 2,
      lastTicks: 1,
      bidTicks: -1,
      askTicks: -1,
      fundingRate: rate,
      nextFundingMicros: left,
      fundingIntervalMicros: interval,
    });
    expect(ticks).toBe(Number(expected.mark) * 2);
  });

  test.each(vectors('mark_price', 'binance_mark_2019'))('%s', (_id, { inputs, expected }) => {
    const left = Number(inputs.hoursToFunding);
    close(fairPrice(Number(inputs.index), Number(inputs.funding), left, 8), expected.mark);
  });

  test.each(vectors('mark_price', 'binance_perp_mark'))('%s', (_id, { inputs, expected }) => {
    const mark = new MedianOfThreeMark(1_000_000, 30);
    const index = Number(inputs.index) * 10;
    const quotes = index + Number(inputs.maBasis) * 10;
    const state = {
      nowMicros: 0,
      indexTicks: index,
      lastTicks: Number(inputs.contractPrice) * 10,
      bidTicks: quotes,
      askTicks: quotes,
      fundingRate: Number(inputs.lastFunding),
      nextFundingMicros: Number(inputs.hoursToFunding) * HOUR,
      fundingIntervalMicros: 8 * HOUR,
    };
    for (let sample = 0; sample < 40; sample++) mark.sample(state);
    expect(mark.price(state)).toBe(Number(expected.mark) * 10);
  });
});

describe('funding', () => {
  const policy = (options: object) =>
    new PremiumFunding({
      kind: 'premium',
      intervalMicros: 28_800_000_000,
      firstAtMicros: 0,
      interestRate: 0.0001,
      clamp: 0.0005,
      impactNotional: 1,
      sampleMicros: 1,
      ...options,
    });

  test.each(vectors('funding', 'premium_index'))('%s', (_id, { inputs, expected }) => {
    const { impactBid, impactAsk, ref } = inputs;
    close(premiumIndex(Number(impactBid), Number(impactAsk), Number(ref)), expected.P);
  });

  test.each(vectors('funding', 'clamped_rate'))('%s', (_id, { inputs, expected }) => {
    expect(clampedRate(Number(inputs.P), Number(inputs.I), Number(inputs.c))).toBeCloseTo(
      Number(expected.rate),
      15,
    );
    const funding = policy({ interestRate: Number(inputs.I), clamp: Number(inputs.c) });
    funding.sample(Number(inputs.P));
    expect(funding.settle()).toBe(Math.round(Number(expected.rate) * 1e8));
  });

  test.each(vectors('funding', 'binance_rate_interval'))('%s', (_id, { inputs, expected }) => {
    const intervalMicros = Number(inputs.N) * 3_600_000_000;
    const funding = policy({ intervalMicros, interestRate: Number(inputs.I) });
    funding.sample(Number(inputs.P));
    expect(funding.settle()).toBe(Math.round(Number(expected.rate) * 1e8));
  });

  test.each(vectors('funding', 'binance_avg_premium'))('%s', (_id, { inputs, expected }) => {
    const funding = policy({ rising: true, interestRate: 0, clamp: 0 });
    for (const premium of inputs.premiums) funding.sample(Number(premium));
    expect(funding.settle()).toBe(Math.round(Number(expected.P) * 1e8));
  });

  test.each(vectors('funding', 'funding_payment'))('%s', (_id, { inputs, expected }) => {
    const notional = Math.round(Number(inputs.size) * Number(inputs.mark) * SCALE);
    const rate = Math.round(Number(inputs.rate) * 1e8);
    expect(fundingPayment(Number(inputs.side), notional, rate)).toBe(
      Number(expected.payment) * SCALE,
    );
  });
});

describe('liquidation and deleveraging', () => {
  test.each(vectors('adl_ranking', 'bitmex_score'))('%s', (_id, { inputs, expected }) => {
    const size = Number(inputs.side) * Number(inputs.qty);
    const at = (price: string) => size * Number(price);
    close(bitmexScore(at(inputs.mark), at(inputs.entry), at(inputs.bankruptcy)), expected.score);
  });

  test.each(vectors('liquidation_policy', 'bitmex_tier_step_down'))(
    '%s',
    (_id, { inputs, expected }) => {
      const policy = new StepDownLiquidation({ kind: 'stepDown' });
      const margin = brackets(
        [
          { floor: '0', mmr: '0.005' },
          { floor: inputs.lowerRiskLimit, mmr: '0.01' },
        ],
        1,
      );
      const size = Number(inputs.positionValue);
      expect(policy.closeLots(linear, margin, size, 1, -1)).toBe(Number(expected.fokValue));
      expect(policy.closeLots(linear, margin, size, 7, size)).toBe(Number(expected.fokValue));
      expect(policy.closeLots(linear, margin, -size, 1, -1)).toBe(Number(expected.fokValue));
      expect(policy.closeLots(linear, margin, Number(inputs.lowerRiskLimit), 1, -1)).toBe(0);
    },
  );
});
