/** Splitting where the answer is known, also with few particles, jumps over levels, and no survivors. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  carryOut,
  pilotLevels,
  rareEvent,
  replicate,
  studyRareEvent,
} from '../../sim/splitting/index.js';
import type { ParticleProcess, ParticleTask, Replication } from '../../sim/splitting/index.js';
import { borelCascade, borelTail } from '../support/borel-cascade.js';
import type { BorelState } from '../support/borel-cascade.js';

/** Four throws, each adding 0 or 3 with equal chances: jumps over levels. */
interface Throws {
  left: number;
  sum: number;
}
const THROWS = 4;
const throwing: ParticleProcess<Throws> = ({ from, seed, level, keepsState }) => {
  const stream = new RandomSource(seed).stream('throws');
  let { left, sum } = from ?? { left: THROWS, sum: 0 };
  let cost = 0;
  while (left > 0 && sum < level) {
    left--;
    cost++;
    if (stream.uniform(0, 0, left) < 0.5) sum += 3;
  }
  const reached = sum >= level;
  return { reached, value: sum, cost, ...(reached && keepsState ? { state: { left, sum } } : {}) };
};

describe('one replication', () => {
  it.each([[[1, 2, 3, 9]], [[3, 6, 9]], [[5, 9]], [[9]]])(
    'is unbiased with few particles, levels %j: 5/16',
    (levels) => {
      const count = 6000;
      const all = Array.from({ length: count }, (_, replication) =>
        carryOut(replicate<Throws>({ levels, particles: 3, seed: 3, replication }), throwing),
      );
      const { probability, relativeError } = rareEvent(levels, all);
      expect(Math.abs(probability - 5 / 16)).toBeLessThan(4 * relativeError * probability);
      expect(relativeError).toBeLessThan(0.03);
    },
  );

  it('does not run what stands at the next level already', () => {
    const asked: ParticleTask<Throws>[] = [];
    const watched: ParticleProcess<Throws> = (task) => {
      asked.push(task);
      return throwing(task);
    };
    const found = carryOut(
      replicate<Throws>({ levels: [1, 2, 3], particles: 64, seed: 1, replication: 0 }), watched,
    );
    // Whoever is at 1 is at 3.
    expect(asked.length).toBe(64);
    expect(found.stages.slice(1).map((stage) => stage.reached)).toEqual([64, 64]);
    expect(found.estimate).toBe(found.stages[0].reached / 64);
    expect(found.spent.runs).toBe(64);
  });

  it('continues survivors equally often but for one, each with a key of its own', () => {
    const asked: ParticleTask<Throws>[][] = [];
    const plan = replicate<Throws>({ levels: [3, 6], particles: 50, seed: 5, replication: 2 });
    let step = plan.next();
    while (step.done !== true) {
      asked.push([...step.value]);
      step = plan.next(step.value.map(throwing));
    }
    const [starts, later] = asked;
    expect(starts.every((task) => task.from === undefined && task.keepsState)).toBe(true);
    expect(later.every((task) => task.from !== undefined && !task.keepsState)).toBe(true);
    const copies = new Map<Throws | undefined, number>();
    for (const { from } of later) copies.set(from, (copies.get(from) ?? 0) + 1);
    const counts = [...copies.values()];
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(new Set([...starts, ...later].map((task) => task.seed)).size).toBe(100);
    // Every survivor descends from a start of its own; of those that went on, from as many as went on.
    const [first, second] = step.value.stages;
    const through = later.filter((task) => throwing(task).reached);
    expect(first.roots).toBe(first.reached);
    expect(second.roots).toBe(new Set(through.map((task) => task.from)).size);
    expect(second.roots).toBeLessThan(second.reached);
  });
});

describe('levels of a pilot', () => {
  it('ascend to the threshold, a quarter reaching each from the last', () => {
    const { levels, spent } = carryOut(
      pilotLevels<BorelState>({ threshold: 60, particles: 2000, seed: 8 }), borelCascade(0.6),
    );
    expect(levels.at(-1)).toBe(60);
    for (let i = 1; i < levels.length; i++) {
      expect(levels[i]).toBeGreaterThan(levels[i - 1]);
      if (i === levels.length - 1) continue;
      const share = borelTail(levels[i], 0.6) / borelTail(levels[i - 1], 0.6);
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.45);
    }
    expect(spent.runs).toBeGreaterThan(2000 * levels.length);
  });

  it('are the threshold alone where it is not rare, or was there at the start', () => {
    const find = (threshold: number) =>
      carryOut(pilotLevels<BorelState>({ threshold, particles: 200, seed: 8 }), borelCascade(0.6));
    expect(find(2).levels).toEqual([2]);
    expect(find(0)).toEqual({ levels: [0], highest: 1, spent: { runs: 200, cost: 0 } });
    const study = studyRareEvent(borelCascade(0.6), { threshold: 0, particles: 50, replications: 20, seed: 1 });
    expect(study.splitting).toMatchObject({ probability: 1, low: 1, high: 1, relativeError: 0 });
    expect(study.crude).toMatchObject({ count: 50, hits: 50, share: 1 });
  });

  it('end in the threshold where it is never reached, with a bound', () => {
    // At most 12 in four throws.
    const { splitting, pilot, crude } = studyRareEvent(throwing, {
      threshold: 13, particles: 40, replications: 20, seed: 4,
    });
    expect(pilot).toMatchObject({ highest: 12 });
    expect(pilot?.levels).toEqual([9, 12, 13]);
    expect(splitting).toMatchObject({ probability: 0, low: 0, high: 0, extinct: 20 });
    expect(splitting.relativeError).toBeNaN();
    const [first, second, third] = splitting.stages;
    expect(third).toMatchObject({ level: 13, reached: 0, share: 0 });
    // Every replication went on from 12 here, so that the shares multiply within each.
    const before = splitting.upperBound! / (3 / third.started);
    expect(before).toBeGreaterThan(0.7 * first.share * second.share);
    expect(before).toBeLessThan(1.3 * first.share * second.share);
    expect(splitting.warnings.join()).toMatch(/none of 800 particles reached level 13/);
    expect(crude).toMatchObject({ hits: 0 });
  });
});

describe('replications together', () => {
  const made = (shares: number[]): Replication => ({
    estimate: shares.reduce((product, share) => product * share, 1),
    stages: shares.map((share, s) => ({ level: s + 1, started: 100, reached: 100 * share, roots: 20 })),
    spent: { runs: 100 * shares.length, cost: 7 },
  });

  it('give a mean and Student\'s interval; those that died out count as 0', () => {
    const all = [...Array.from({ length: 19 }, () => made([0.2, 0.1])), made([0])];
    const found = rareEvent([1, 2], all);
    expect(found.probability).toBeCloseTo(0.019, 12);
    expect(found).toMatchObject({ replications: 20, extinct: 1, upperBound: null });
    const deviation = Math.sqrt((19 * 0.001 ** 2 + 0.019 ** 2) / 19);
    expect(found.relativeError).toBeCloseTo(deviation / Math.sqrt(20) / 0.019, 10);
    expect(found.high - 0.019).toBeCloseTo((2.093024054 * deviation) / Math.sqrt(20), 8);
    expect(found.stages[1]).toEqual({ level: 2, started: 1900, reached: 190, share: 0.1, rootsMean: 20 });
    expect(found.spent).toEqual({ runs: 3900, cost: 140 });
    expect(found.warnings).toEqual(['1 of 20 replications died out and count as 0: take more particles']);
  });

  it('bound by the rule of three on the last stage any of them ran', () => {
    const found = rareEvent([1, 2, 3], [made([0.2, 0]), made([0]), made([0.4, 0])]);
    expect(found.upperBound).toBeCloseTo(((0.2 + 0 + 0.4) / 3) * (3 / 200), 12);
    expect(found.stages.length).toBe(2);
    expect(found.warnings.length).toBe(2);
    expect(rareEvent([1], [made([0])]).upperBound).toBe(0.03);
  });

  it('tell when they descend from few starts', () => {
    const poor = made([0.5]);
    poor.stages[0].roots = 2;
    const found = rareEvent([1], Array.from({ length: 20 }, () => poor));
    expect(found.warnings.join()).toMatch(/descend from 2\.0 starts a replication/);
  });
});
