/** R12: networks of debts, exposures and common holdings, to the digits of their exact answers. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  debtRank,
  eisenbergNoe,
  fireSale,
  leverageMatrix,
  linearDebtRank,
  ratioSales,
  spectralRadius,
} from '../../sim/metrics/index.js';

const expectAll = (actual: ArrayLike<number>, exact: number[], digits = 12): void => {
  expect(actual.length).toBe(exact.length);
  exact.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits);
  });
};

describe('Eisenberg & Noe', () => {
  it('case A: one default', () => {
    const liability = [0, 10, 4, 6, 0, 6, 2, 3, 0];
    const found = eisenbergNoe({ count: 3, liability, external: [3, 8, 9] });
    expectAll(found.payment, [11, 12, 5]);
    expectAll(found.equity, [0, 48 / 7, 92 / 7]);
    expect([...found.defaultRound]).toEqual([1, 0, 0]);
    expect(found.rounds).toBe(1);
    expect(found.shortfall).toBeCloseTo(3, 12);
  });

  it('case B: dominoes, one a round', () => {
    const liability = [0, 12, 0, 0, 0, 0, 10, 2, 0, 0, 0, 9, 1, 0, 0, 0];
    const found = eisenbergNoe({ count: 4, liability, external: [6, 2, 1, 5] });
    expectAll(found.payment, [7, 9, 17 / 2, 1]);
    expectAll(found.equity, [0, 0, 0, 14]);
    expect([...found.defaultRound]).toEqual([1, 2, 3, 0]);
  });

  it('case C: a ring without means of its own pays in full', () => {
    const found = eisenbergNoe({ count: 3, liability: [0, 10, 0, 0, 0, 10, 10, 0, 0], external: [0, 0, 0] });
    expectAll(found.payment, [10, 10, 10]);
    expect(found.rounds).toBe(0);
  });

  it('is the fixed point that iteration from above finds, whatever the network', () => {
    const stream = new RandomSource(2).stream('networks');
    let defaults = 0;
    for (let round = 0; round < 200; round++) {
      const count = 2 + (round % 7);
      const liability = Array.from({ length: count * count }, (_, at) => {
        const isOwn = Math.floor(at / count) === at % count;
        return isOwn || stream.uniform(round, at, 0) < 0.5 ? 0 : Math.floor(20 * stream.uniform(round, at, 1));
      });
      // Some have nothing at all, so that circles of paupers occur.
      const external = Array.from({ length: count }, (_, i) => Math.floor(6 * stream.uniform(round, i, 2) ** 2));
      const { payment, rounds } = eisenbergNoe({ count, liability, external });
      expectAll(payment, naiveClearing(count, liability, external), 6);
      defaults += rounds;
    }
    expect(defaults).toBeGreaterThan(100);
  });
});

/** p <- min(owed, external + Pi' p) from p = owed downwards. */
function naiveClearing(count: number, liability: number[], external: number[]): number[] {
  const owed = external.map((_, i) =>
    liability.slice(i * count, (i + 1) * count).reduce((sum, one) => sum + one, 0),
  );
  let payment = owed;
  for (let k = 0; k < 20_000; k++) {
    payment = owed.map((total, j) => {
      let inflow = external[j];
      payment.forEach((paid, i) => {
        if (owed[i] > 0) inflow += (liability[i * count + j] / owed[i]) * paid;
      });
      return Math.min(total, inflow);
    });
  }
  return payment;
}

describe('DebtRank', () => {
  const network = {
    count: 4,
    exposure: [0, 4, 0, 2, 1, 0, 5, 0, 0, 2, 0, 3, 2, 0, 1, 0],
    equity: [10, 8, 6, 4],
    value: [0.4, 0.3, 0.2, 0.1],
  };
  const seeded = (psi: number, spread: typeof debtRank): number[] =>
    [0, 1, 2, 3].map((seed) => {
      const first = [0, 0, 0, 0];
      first[seed] = psi;
      return spread(network, first).debtRank;
    });

  it('each passing on once, 2012', () => {
    expectAll(seeded(1, debtRank), [0.2078125, 0.306, 0.35875, 0.35775]);
    expectAll(seeded(0.5, debtRank), [0.13390625, 0.19175, 0.21270833, 0.190125], 8);
  });

  it('linear, 2015', () => {
    expectAll(seeded(1, linearDebtRank), [0.26796875, 0.32903226, 0.38455882, 0.41966292], 8);
    expectAll(seeded(0.5, linearDebtRank), [0.26467391, 0.35869565, 0.41847826, 0.35217391], 8);
    expect(spectralRadius(leverageMatrix(network), 4)).toBeCloseTo(0.742528, 6);
  });

  it('linear is 1 / (1 - Lambda) for small shocks, and all where Lambda exceeds 1', () => {
    const pair = { count: 2, exposure: [0, 5, 4, 0], equity: [10, 10], value: [0.5, 0.5] };
    // h = (1 - Lambda)^-1 (e, 0) with Lambda = (0 .5; .4 0): (e, .4 e) / .8.
    const { loss, debtRank: rank } = linearDebtRank(pair, [0.01, 0]);
    expectAll(loss, [0.0125, 0.005]);
    expect(rank).toBeCloseTo(0.5 * 0.0075, 12);
    const steep = { ...pair, exposure: [0, 50, 40, 0] };
    expectAll(linearDebtRank(steep, [1e-6, 0]).loss, [1, 1]);
  });
});

describe('Greenwood, Landier & Thesmar', () => {
  it('sales, prices, vulnerabilities', () => {
    const found = fireSale(
      {
        holders: 3,
        instruments: 3,
        assets: [100, 60, 80],
        leverage: [9, 11, 7],
        weight: [0.6, 0.4, 0, 0.2, 0.5, 0.3, 0, 0.3, 0.7],
        impact: [2e-3, 1e-3, 4e-3],
      },
      [-0.02, 0, -0.01],
    );
    expectAll(found.traded, [-7.404, -7.806, -4.13]);
    expectAll(found.priceReturn, [-0.014808, -0.007806, -0.01652]);
    expect(found.aggregateVulnerability).toBeCloseTo(-0.1208968, 12);
    expectAll(found.systemicness, [-0.053568, -0.03041808, -0.03691072]);
    expectAll(found.indirectVulnerability, [-0.120072, -0.1418472, -0.1112464]);
  });
});

describe('Cifuentes, Ferrucci & Shin', () => {
  const at = (impact: number) =>
    ratioSales({
      // Bank 2 has lost 1 of its cash.
      liquid: [10, 4, 8],
      illiquid: [50, 70, 60],
      netDebt: [52, 69, 63],
      ratioMin: 0.08,
      impact,
    });

  it('price and sales', () => {
    const low = at(2e-4);
    expect(low.price).toBeCloseTo(0.998210247, 9);
    expectAll(low.sold, [0, 8.956781, 0], 6);
    const middle = at(4e-4);
    expect(middle.price).toBeCloseTo(0.99499365, 9);
    expectAll(middle.sold, [0, 11.588126, 0.959184], 6);
    const high = at(6e-4);
    expect(high.price).toBeCloseTo(0.964780348, 9);
    expectAll(high.sold, [0, 37.160603, 22.597434], 6);
    expect([...high.insolvent]).toEqual([0, 0, 0]);
  });

  it('slows down towards the impact at which bank 2 is insolvent', () => {
    const counts = [2e-4, 4e-4, 6e-4].map((impact) => at(impact).iterations);
    expect(counts).toEqual([17, 56, 407]);
    let low = 6e-4;
    let high = 7e-4;
    while (high - low > 1e-12) {
      const middle = 0.5 * (low + high);
      if (at(middle).insolvent[1] === 1) high = middle;
      else low = middle;
    }
    expect(high).toBeCloseTo(6.15593e-4, 9);
    expect(at(high).iterations).toBeGreaterThan(counts[2]);
  });
});
