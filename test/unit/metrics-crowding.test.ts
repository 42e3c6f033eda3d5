/** Known answers of the group crowding. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  amplificationOf,
  basketLoopGain,
  basketResponse,
  concordance,
  cosineOverlap,
  crowdResponse,
  crowdingMetrics,
  decisionKappa,
  dominantEigenpair,
  effectiveAgents,
  endogenousCovariance,
  fleissKappa,
  gini,
  herding,
  herfindahl,
  inverseOf,
  liquidationDensity,
  liquidityOverlap,
  loopGain,
  loopGainPath,
  netCrowding,
  netCrowdingL1,
  positionOverlap,
  product,
  rowMatrix,
  strategyHomogeneity,
  timeCrowding,
} from '../../sim/metrics/crowding/index.js';

const example = rowMatrix([[3, 1, 0], [3, 1, 0], [0, 1, 3], [-3, -1, 0]]);

describe('overlap of positions', () => {
  it('follows the example of four portfolios', () => {
    expect(cosineOverlap(example, 0, 1)).toBeCloseTo(1, 14);
    expect(cosineOverlap(example, 0, 2)).toBeCloseTo(0.1, 14);
    expect(cosineOverlap(example, 0, 3)).toBeCloseTo(-1, 14);
    expect(netCrowding(example)).toBeCloseTo(0.3708, 4);
    expect(netCrowdingL1(example)).toBe(0.5);
    // Of six pairs one counts whole and two a tenth.
    expect(positionOverlap(example, [1, 1, 1, 1])).toBeCloseTo(1.2 / 6, 14);
    expect(positionOverlap(example, [1, 1, 0, 5])).toBeCloseTo(1 / 11, 14);
  });

  it('knows one instrument by its sides, as it would know two', () => {
    const sizes = [5, -2, 0, 7, -1, 3, 0, -9];
    const weights = [1, 2, 3, 4, 5, 6, 7, 8];
    const one = positionOverlap(rowMatrix(sizes.map((x) => [x])), weights);
    const two = positionOverlap(rowMatrix(sizes.map((x) => [x, 0])), weights);
    expect(one).toBeCloseTo(two, 14);
    expect(one).toBeCloseTo((4 + 6 + 24 + 10 + 16 + 40) / ((36 * 36 - 204) / 2), 14);
  });

  it('is undefined, not nothing, without a pair', () => {
    expect(positionOverlap(rowMatrix([[1, 2]]), [1])).toBeNaN();
    expect(netCrowding(rowMatrix([[0, 0]]))).toBeNaN();
  });
});

describe('overlap by liquidity', () => {
  it('finds the leading direction of Omega', () => {
    const depth = [1, 4, 0.5];
    const { eigenvalue, agents, instruments } = liquidityOverlap(example, depth);
    const omega = rowMatrix([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) =>
      [0, 1, 2].reduce((sum, k) =>
        sum + (example.values[i * 3 + k] * example.values[j * 3 + k]) / depth[k], 0))));
    const image = product(omega, agents);
    agents.forEach((load, i) => {
      expect(image[i]).toBeCloseTo(eigenvalue * load, 12);
    });
    expect(dominantEigenpair(omega).value).toBeCloseTo(eigenvalue, 12);
    // Three agents share (3, 1): 3 (9 + 1/4) = 27.75 of 45.5; the fourth has 18.25.
    expect(eigenvalue).toBeGreaterThan(27.75);
    expect(eigenvalue).toBeLessThan(28);
    expect(instruments[0] + instruments[1] + instruments[2]).toBeCloseTo(1, 14);
    expect(agents[0]).toBeCloseTo(-agents[3], 14);
  });

  it('survives ties and starts that see nothing of the leading direction', () => {
    const tied = dominantEigenpair(rowMatrix([[2, 0, 0], [0, 2, 0], [0, 0, 1]]));
    expect(tied.value).toBe(2);
    // (1, 1) is orthogonal to the leading vector (1, -1).
    const pair = dominantEigenpair(rowMatrix([[2, -1], [-1, 2]]));
    expect(pair.value).toBeCloseTo(3, 14);
    expect(pair.vector[0]).toBeCloseTo(-pair.vector[1], 14);
    // Eigenvalues 1 and 1 + 1e-9.
    const near = dominantEigenpair(rowMatrix([[1 + 0.5e-9, 0.5e-9], [0.5e-9, 1 + 0.5e-9]]));
    expect(near.vector[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(dominantEigenpair(rowMatrix([[0, 0], [0, 0]])).value).toBe(0);
  });
});

describe('homogeneity of strategies', () => {
  it('follows the example of three strategies', () => {
    const mix = strategyHomogeneity([50, 30, 20]);
    expect(mix.effectiveStrategies).toBeCloseTo(2.80009, 5);
    expect(mix.dominantStrategies).toBeCloseTo(2.63158, 5);
    expect(mix.homogeneity).toBeCloseTo(1 - 1.80009 / 2, 5);
  });

  it('runs from even to alone', () => {
    expect(strategyHomogeneity([4, 4, 4, 4]).homogeneity).toBeCloseTo(0, 14);
    expect(strategyHomogeneity([4, 0, 0]).homogeneity).toBe(1);
    expect(strategyHomogeneity([4]).homogeneity).toBe(1);
    expect(strategyHomogeneity([0, 0]).homogeneity).toBeNaN();
    expect(strategyHomogeneity([0]).homogeneity).toBeNaN();
  });
});

describe('concordance', () => {
  it('measures blocks of agents', () => {
    // Twice the same, once its opposite: correlations 1, -1, -1.
    const changes = rowMatrix([[1, -2, 3, 1], [2, -4, 6, 2], [-1, 2, -3, -1], [5, 5, 5, 5]]);
    expect(concordance(changes)).toBeCloseTo(-1 / 3, 14);
    expect(effectiveAgents(changes)).toBeCloseTo(1, 14);
    expect(concordance(rowMatrix([[1, 2], [0.1, 0.1]]))).toBeNaN();
  });

  it('counts orthogonal agents one by one, whichever side is longer', () => {
    const four = rowMatrix([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]);
    expect(effectiveAgents(four)).toBeCloseTo(3, 14);
    const tall = rowMatrix([...Array(5)].flatMap(() => [[1, -1, 0], [1, 1, -2]]));
    expect(effectiveAgents(tall)).toBeCloseTo(2, 14);
  });

  it("gives Fleiss' example", () => {
    const counts = rowMatrix([
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]);
    expect(fleissKappa(counts)).toBeCloseTo(0.21, 3);
  });

  it('takes decisions by their sign', () => {
    expect(decisionKappa(rowMatrix([[1, -1, 0, 2], [3, -2, 0, 1], [5, -1, 0, 9]]))).toBe(1);
    expect(decisionKappa(rowMatrix([[1, 1], [2, 3]]))).toBeNaN();
    // Two raters who never agree, each category half: kappa = (0 - 1/2) / (1 - 1/2).
    expect(decisionKappa(rowMatrix([[1, -1], [-1, 1]]))).toBe(-1);
  });

  it('finds no herd among independent agents, and one where all follow', () => {
    const stream = new RandomSource(3).stream('herding');
    const buyers: number[] = [];
    const sellers: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      const active = 1 + Math.floor(20 * stream.uniform(0, i, 0));
      let buys = 0;
      for (let k = 1; k <= active; k++) if (stream.uniform(0, i, k) < 0.3) buys++;
      buyers.push(buys);
      sellers.push(active - buys);
    }
    // The standard deviation of one term is about .1.
    expect(Math.abs(herding(buyers, sellers))).toBeLessThan(0.003);
    // All of 1,000 on one side: |p - 1/2| = .5, the adjustment is E|X/n - 1/2| = .0126.
    expect(herding([1000, 0], [0, 1000])).toBeCloseTo(0.5 - 0.0126, 4);
    expect(herding([0], [0])).toBeNaN();
  });
});

describe('concentration', () => {
  it('knows its ends', () => {
    expect(herfindahl([1, 1, 1, 1])).toBe(0.25);
    expect(herfindahl([0, 7])).toBe(1);
    expect(gini([3, 3, 3])).toBe(0);
    expect(gini([0, 0, 0, 9])).toBe(0.75);
    expect(gini([1, 2, 3, 4])).toBe(0.25);
  });
});

describe('liquidation prices', () => {
  it('lie where they lie', () => {
    const density = liquidationDensity({
      price: [99.5, 98, 105, 91, 50, 0, Infinity],
      quantity: [1, 2, 3, 4, 5, 2, 3],
      markPrice: 100,
    });
    expect(density.total).toBe(20);
    expect(density.within1Percent).toBe(0.05);
    expect(density.within2Percent).toBe(0.15);
    expect(density.within5Percent).toBe(0.3);
    expect(density.within10Percent).toBe(0.5);
    expect(density.bins.reduce((sum, q) => sum + q)).toBe(10);
    // 99.5 is the lower edge of the bin just below the mark; it holds 1 of 20.
    expect(density.nearestCluster).toBeCloseTo(0.0025, 14);
    expect(density.gini).toBeGreaterThan(0.95);
  });

  it('has no cluster where nothing is', () => {
    const far = liquidationDensity({ price: [10], quantity: [1], markPrice: 100 });
    expect(far.nearestCluster).toBeNaN();
    expect(far.within10Percent).toBe(0);
  });
});

describe('crowding of time', () => {
  it('is the fraction itself when bars are even', () => {
    for (const n of [20, 7, 33]) expect(timeCrowding(Array(n).fill(2))).toBeCloseTo(0.05, 14);
    expect(timeCrowding([0, 0, 5, 0])).toBeCloseTo(0.2, 14);
    expect(timeCrowding(Array.from({ length: 100 }, (_, i) => i + 1))).toBeCloseTo(0.0970297, 7);
    expect(timeCrowding(Array.from({ length: 60 }, (_, i) => (i === 8 ? 1 : 0)))).toBe(1);
  });
});

describe('loop gain', () => {
  const funds = {
    impactPerQuote: [1e-4, 3e-4, 2e-4],
    weight: [0.5, 0.3, 0.2],
    equityQuote: 200,
    leverage: 4,
  };

  it('makes the covariance of R14', () => {
    expect(basketLoopGain(funds)).toBeCloseTo(0.144, 14);
    expect(amplificationOf(basketLoopGain(funds))).toBeCloseTo(1.168224, 6);
    const sigma = [0.01, 0.02, 0.015];
    const exogenous = rowMatrix(sigma.map((s, i) => sigma.map((_, j) => (i === j ? s * s : 0))));
    const response = basketResponse(funds)!;
    const { volatility, correlation } = endogenousCovariance(response, exogenous);
    [0.0107422, 0.0215643, 0.0153614].forEach((vol, k) => {
      expect(volatility[k]).toBeCloseTo(vol, 7);
    });
    const { values } = correlation;
    [[0, 1, 0.13778], [0, 2, 0.07888], [1, 2, 0.08089]].forEach(([i, j, rho]) => {
      expect(values[i * 3 + j]).toBeCloseTo(rho, 5);
      expect(values[j * 3 + i]).toBeCloseTo(rho, 5);
    });
  });

  it('agrees with the inverse of the whole system', () => {
    const { weight, equityQuote, leverage } = funds;
    const traded = equityQuote * leverage * (leverage - 1);
    const gains = rowMatrix(weight.map((a) => weight.map((b) => traded * a * b)));
    const direct = crowdResponse(funds.impactPerQuote, gains)!;
    basketResponse(funds)!.values.forEach((entry, at) => {
      expect(direct.values[at]).toBeCloseTo(entry, 13);
    });
    // w' M = w' / (1 - loop gain): the basket is amplified as a whole.
    const amplified = weight.reduce(
      (sum, w, i) => sum + w * (direct.values[i * 3] + direct.values[i * 3 + 1]), 0);
    expect(amplified).toBeCloseTo((0.5 + 0.3) * 1.168224, 6);
  });

  it('does not hide that a loop runs away', () => {
    expect(basketResponse({ ...funds, equityQuote: 1400 })).toBeNull();
    expect(amplificationOf(1)).toBe(Infinity);
    expect(inverseOf(rowMatrix([[1, 2], [2, 4]]))).toBeNull();
    const flipped = inverseOf(rowMatrix([[0, 2], [4, 0]]))!;
    expect([...flipped.values]).toEqual([0, 0.25, 0.5, 0]);
  });

  it('adds up gains, and the time above one', () => {
    expect(loopGain([200, 600, -25], 1e-3)).toBeCloseTo(0.775, 14);
    const path = loopGainPath([0, 10, 30, 60], [0.5, 1.5, 1, 2], 100);
    expect(path).toEqual({ max: 2, maxAtMicros: 60, timeAboveOneMicros: 60 });
  });
});

describe('declarations', () => {
  it('name each metric once, with all that is asked for', () => {
    const names = crowdingMetrics.map((metric) => metric.name);
    expect(new Set(names).size).toBe(names.length);
    for (const metric of crowdingMetrics) {
      expect(metric.name).toMatch(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/);
      expect(metric.doc).toMatch(/\.$/);
      for (const text of Object.values(metric)) expect(text).not.toBe('');
    }
  });
});
