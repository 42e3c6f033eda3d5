/** The regime predictors: estimation, the forest kept as numbers, and who shares what. */
import { describe, expect, it, vi } from 'vitest';
import * as library from 'ml-random-forest';
import { strategyNamed } from '../../agents/index.js';
import {
  askForest,
  FEATURES,
  filterStress,
  fitRegimes,
  Forest,
  forgetForests,
  logLikelihood,
  orderRegimes,
  Regime,
  setSample,
  stationaryStress,
  trainForest,
  type Training,
} from '../../agents/signal/index.js';
import { log, RandomSource } from '../../sim/kernel/index.js';
import { Probe } from '../../sim/probe/index.js';

/** A model with its derived value. */
function model(values: readonly number[]): Float64Array {
  const rows = new Float64Array(Regime.length);
  rows.set(values);
  orderRegimes(rows, 0);
  return rows;
}

/** Returns of a chain of two regimes, in the sample and as a list. */
function simulate(count: number, seed: number): number[] {
  const stream = new RandomSource(seed).stream('regimes');
  let stress = false;
  return Array.from({ length: count }, (_, t) => {
    if (stream.uniform(0, 0, t) < (stress ? 0.1 : 0.05)) stress = !stress;
    const r = (stress ? -0.002 : 0.001) + (stress ? 0.03 : 0.008) * stream.normal(1, 0, t);
    setSample(t, r);
    return r;
  });
}

const START = [0.02, 0.05, 0.0005, 0.01, -0.001, 0.03];

describe('the hidden Markov model', () => {
  it('never loses likelihood in a step of its estimation', () => {
    simulate(256, 1);
    const rows = model([0.3, 0.3, 0.01, 0.02, -0.01, 0.021]);
    let before = logLikelihood(rows, 0, 256);
    for (let k = 0; k < 60; k++) {
      fitRegimes(rows, 0, 256, 1);
      const after = logLikelihood(rows, 0, 256);
      // The chain starts from its long-run law, which the estimation does not count: hence the slack.
      expect(after).toBeGreaterThan(before - 0.02);
      before = after;
    }
    // Far better than where it started.
    const bad = model([0.3, 0.3, 0.01, 0.02, -0.01, 0.021]);
    expect(before).toBeGreaterThan(logLikelihood(bad, 0, 256) + 20);
  });

  it('finds the regimes that made the returns', () => {
    const found = [0, 0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      simulate(256, seed);
      const rows = model(START);
      fitRegimes(rows, 0, 256, 30);
      found[0] += rows[Regime.deviationCalm] / 20;
      found[1] += rows[Regime.deviationStress] / 20;
      found[2] += stationaryStress(rows, 0) / 20;
    }
    expect(Math.abs(found[0] / 0.008 - 1)).toBeLessThan(0.1);
    expect(Math.abs(found[1] / 0.03 - 1)).toBeLessThan(0.1);
    expect(Math.abs(found[2] - 1 / 3)).toBeLessThan(0.08);
  });

  it('does not care which regime is called which', () => {
    const plain = model(START);
    const swapped = model([START[1], START[0], START[4], START[5], START[2], START[3]]);
    expect([...swapped]).toEqual([...plain]);
    let p = stationaryStress(plain, 0);
    // The filter itself: with labels left swapped, probabilities turn over.
    const raw = Float64Array.from(plain);
    raw.set([START[1], START[0], START[4], START[5], START[2], START[3]]);
    raw[Regime.logRatio] = -plain[Regime.logRatio];
    let q = 1 - p;
    for (const r of simulate(200, 3)) {
      p = filterStress(plain, 0, p, r);
      q = filterStress(raw, 0, q, r);
      expect(p + q).toBeCloseTo(1, 12);
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
    }
  });

  it('starts the same from swapped labels: with noise of its own, or regimes equally wide', () => {
    const stress = (calm: number[], wild: number[], monoculture: number) => {
      const one = new Probe({
        strategy: strategyNamed('regime-hmm'), startPrice: 100, priceMax: 400, agents: 5,
        params: {
          monoculture, leaveCalm: calm[0], meanCalm: calm[1], deviationCalm: calm[2],
          leaveStress: wild[0], meanStress: wild[1], deviationStress: wild[2],
        },
      });
      return [100, 101, 97, 104].flatMap((price) => {
        one.step(price);
        return [0, 1, 2, 3, 4].map((k) => one.valueOf('stress', k));
      });
    };
    for (const [one, other] of [
      [[0.02, 0.0005, 0.01], [0.05, -0.001, 0.03]],
      [[0.1, 0.01, 0.02], [0.2, -0.02, 0.02]],
    ]) {
      for (const monoculture of [0, 0.5, 1]) {
        const labelled = stress(one, other, monoculture);
        expect(stress(other, one, monoculture)).toEqual(labelled);
        expect(new Set(labelled.slice(-5)).size > 1).toBe(monoculture < 1);
      }
    }
  });

  it('stays a model through many re-estimations on short samples', () => {
    const stream = new RandomSource(61).stream('samples');
    for (let chain = 0; chain < 40; chain++) {
      const rows = model(START);
      for (let turn = 0; turn < 30; turn++) {
        const loud = stream.uniform(3, chain, turn);
        for (let t = 0; t < 30; t++) {
          const wild = stream.uniform(2, chain, turn * 30 + t) < 0.1 * loud;
          setSample(t, (wild ? 0.1 : 0.01) * stream.normal(1, chain, turn * 30 + t));
        }
        fitRegimes(rows, 0, 30, 10);
        expect(rows.every(Number.isFinite), `chain ${chain}, turn ${turn}: ${rows}`).toBe(true);
      }
    }
  });

  it('converges on constant returns, and learns nothing from them', () => {
    const rows = model(START);
    for (const r of [0, 0.004, -0.2]) {
      let p = 0.5;
      let last = p;
      for (let t = 0; t < 300; t++) {
        last = p;
        p = filterStress(rows, 0, p, r);
      }
      expect(Math.abs(p - last)).toBeLessThan(1e-12);
      for (let t = 0; t < 100; t++) setSample(t, r);
      const kept = [...rows];
      fitRegimes(rows, 0, 100, 10);
      expect([...rows]).toEqual(kept);
    }
  });

  it('survives returns beyond all its densities', () => {
    const rows = model(START);
    for (const r of [5, -5, 1e9]) expect(filterStress(rows, 0, 0.3, r)).toBeCloseTo(1, 12);
  });
});

function training(count: number, seed: number, featuresPerTree = FEATURES): Training {
  const stream = new RandomSource(7).stream('forest');
  const features = new Float64Array(count * FEATURES);
  const labels = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    for (let f = 0; f < FEATURES; f++) features[j * FEATURES + f] = stream.normal(f, 0, j);
    labels[j] = features[j * FEATURES + 2] + 0.3 * stream.normal(9, 0, j) > 0.4 ? 1 : 0;
  }
  return { features, labels, count, seed, featuresPerTree, leafExamples: 4 };
}

function trained(input: Training): Float64Array {
  const rows = new Float64Array(Forest.length);
  trainForest(input, rows, 0);
  return rows;
}

describe('the forest', () => {
  it('says what the library says of its own trees', () => {
    const input = training(90, 5);
    const rows = trained(input);
    const { RandomForestClassifier } = library as unknown as {
      RandomForestClassifier: new (options: object) => {
        train(x: number[][], y: number[]): void;
        estimators: { root: { classify(x: number[]): { columns: number; get(r: number, c: number): number } } }[];
        indexes: number[][];
      };
    };
    const own = new RandomForestClassifier({
      seed: 5, nEstimators: 8, maxFeatures: 1, replacement: false, useSampleBagging: true,
      noOOB: true, treeOptions: { maxDepth: 3, minNumSamples: 4, gainThreshold: 0 },
    });
    const examples = Array.from({ length: 90 }, (_, j) => [
      ...input.features.subarray(j * FEATURES, (j + 1) * FEATURES),
    ]);
    own.train(examples, [...input.labels]);
    let right = 0;
    examples.forEach((x, j) => {
      const votes = own.estimators.map(({ root }, tree) => {
        const leaf = root.classify(own.indexes[tree].map((f) => x[f]));
        return leaf.columns > 1 ? leaf.get(0, 1) : 0;
      });
      const mean = votes.reduce((a, b) => a + b, 0) / votes.length;
      const asked = askForest(rows, 0, input.features, j * FEATURES);
      expect(asked).toBeCloseTo(mean, 12);
      if (asked > 0.5 === (input.labels[j] === 1)) right++;
    });
    expect(right).toBeGreaterThan(75);
  });

  it('is a pure function of its training, remembered or not', () => {
    forgetForests();
    const first = trained(training(60, 3));
    for (let seed = 10; seed < 30; seed++) trained(training(30, seed));
    const again = trained(training(60, 3));
    expect([...trained(training(60, 3))]).toEqual([...first]);
    expect([...again]).toEqual([...first]);
    // Every input matters.
    expect([...trained(training(60, 4))]).not.toEqual([...first]);
    expect([...trained({ ...training(60, 3), leafExamples: 30 })]).not.toEqual([...first]);
    const other = training(60, 3);
    other.labels[59] = 1 - other.labels[59];
    expect([...trained(other)]).not.toEqual([...first]);
  });

  it('draws as many features for a tree as it is told', () => {
    for (let wanted = 1; wanted <= FEATURES; wanted++) {
      const rows = trained(training(100, 11, wanted));
      for (let tree = 0; tree < 8; tree++) {
        const used = new Set(rows.subarray(tree * 15, tree * 15 + 15));
        used.delete(-1);
        // Places below a leaf hold 0, which is no question.
        const asked = [...used].filter((f) => f > 0).length;
        expect(asked).toBeLessThanOrEqual(wanted);
      }
    }
  });

  it('calls no elementary function and no chance of the host', () => {
    forgetForests();
    const names = ['random', 'exp', 'log', 'log2', 'log10', 'log1p', 'expm1', 'pow', 'sin', 'cos',
      'tan', 'tanh', 'cbrt', 'hypot', 'atan2'] as const;
    const spies = names.map((name) =>
      vi.spyOn(Math, name).mockImplementation(() => {
        throw new Error(`called Math.${name}`);
      }),
    );
    try {
      expect(trained(training(64, 99)).some((x) => x !== 0)).toBe(true);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  it('takes windows of one label, and of equal features', () => {
    const flat = training(40, 2);
    flat.labels.fill(0);
    expect(askForest(trained(flat), 0, flat.features, 0)).toBe(0);
    flat.labels.fill(1);
    expect(askForest(trained(flat), 0, flat.features, 0)).toBe(1);
    const equal = training(40, 2);
    equal.features.fill(0.5);
    const asked = askForest(trained(equal), 0, equal.features, 0);
    const share = equal.labels.reduce((a, b) => a + b, 0) / 40;
    expect(Math.abs(asked - share)).toBeLessThan(0.2);
  });
});

describe('regime-forest', () => {
  it('trains on the last bars whose label has come to pass, and on nothing else', () => {
    const stream = new RandomSource(4).stream('path');
    const probe = new Probe({
      strategy: strategyNamed('regime-forest'), startPrice: 100, priceMax: 400,
      params: { fitBars: 60, windowBars: 30, aheadBars: 5, badShare: 0.3 },
    });
    const logs: number[] = [];
    const deviations: number[] = [];
    const imbalances: number[] = [];
    const fundings: number[] = [];
    let price = 100;
    let variance = 0;
    for (let bar = 0; bar < 60; bar++) {
      const bids = 1 + Math.floor(50 * stream.uniform(1, 0, bar));
      const funding = 0.0001 * stream.normal(2, 0, bar);
      probe.step(price, { fields: { bestBidLots: bids, bestAskLots: 20, fundingRate: funding } });
      logs.push(log(price / probe.economics.quotePerTick));
      if (bar > 0) {
        const square = (logs[bar] - logs[bar - 1]) * (logs[bar] - logs[bar - 1]);
        variance = variance > 0 ? square + 0.94 * (variance - square) : square;
      }
      deviations.push(Math.sqrt(variance));
      imbalances.push((bids - 20) / (bids + 20));
      fundings.push(funding);
      price *= 1 + 0.02 * stream.normal(0, 0, bar);
    }
    expect(probe.valueOf('trained')).toBe(1);
    // 60 bars seen: labels up to bar 59 speak of examples up to bar 54, thirty of them.
    const bars = Array.from({ length: 30 }, (_, j) => 25 + j);
    const aheads = bars.map((bar) => logs[bar + 5] - logs[bar]);
    const worst = [...aheads].sort((a, b) => a - b)[9];
    const expected = trained({
      features: Float64Array.from(
        bars.flatMap((bar) => [
          logs[bar] - logs[bar - 1], logs[bar] - logs[bar - 5], logs[bar] - logs[bar - 20],
          deviations[bar], imbalances[bar], fundings[bar],
        ]),
      ),
      labels: Float64Array.from(aheads, (ahead) => (ahead < worst ? 1 : 0)),
      count: 30, seed: 60, featuresPerTree: FEATURES, leafExamples: 8,
    });
    const kept = expected.map((_, k) => probe.valueOf('forest', 0, k));
    expect([...kept]).toEqual([...expected]);
  });

  it('learns that rises are followed by falls, and leaves before them', () => {
    // A path that falls for five bars after every rise of five: 1- and 5-bar returns tell.
    const prices = Array.from({ length: 400 }, (_, k) => 100 + [0, 1, 2, 3, 4, 5, 4, 3, 2, 1][k % 10]);
    const probe = new Probe({
      strategy: strategyNamed('regime-forest'), startPrice: 100, priceMax: 110,
      params: { fitBars: 130, windowBars: 100, deadband: 0, aheadBars: 5, badShare: 0.4 },
    });
    const near = { top: 0, bottom: 0 };
    prices.forEach((price, k) => {
      const step = probe.step(price);
      if (k < 150) return;
      if (k % 10 === 5) near.top += step.targetLeverage;
      if (k % 10 === 0) near.bottom += step.targetLeverage;
    });
    expect(probe.valueOf('trained')).toBeGreaterThanOrEqual(2);
    expect(near.bottom).toBeGreaterThan(3 * near.top);
  });
});
