/** The estimate from independent replications, with what may be said where all of them died out. */
import { assert } from '../kernel/index.js';
import { meanInterval } from '../counterfactual/index.js';
import { type Crude, crude } from './crude.js';
import { addSpent, carryOut } from './particle.js';
import type { ParticleProcess, Spent } from './particle.js';
import { type PilotLevels, pilotLevels } from './pilot.js';
import { type Replication, replicate } from './replication.js';

/** Replications from which the interval may be believed. */
export const REPLICATIONS_MIN = 20;
/** Stages that descend from fewer starts than this are told as degenerate. */
const ROOTS_MIN = 5;

/** One level over all replications. */
export interface RareEventStage {
  level: number;
  /** Over the replications that came so far. */
  started: number;
  reached: number;
  share: number;
  /** Mean number of different starts among those that reached it, over the same. */
  rootsMean: number;
}

/** Probability that a particle reaches a threshold. */
export interface RareEvent {
  /** Mean of the replications. */
  probability: number;
  /** Student's interval over replications, cut at 0 and 1; NaN for one replication. */
  low: number;
  high: number;
  /** Standard error over the probability; NaN where nothing reached the threshold. */
  relativeError: number;
  /** Replications, and those of them with a stage without survivor. */
  replications: number;
  extinct: number;
  /**
   * Only where every replication died out: the share that reached the last level any of them stood at,
   * times 3 / particles that went on from there (rule of three). Particles with a common past count
   * as if they had none, so it is no strict bound.
   */
  upperBound: number | null;
  stages: RareEventStage[];
  estimates: number[];
  spent: Spent;
  /** What speaks against the numbers, a sentence each. */
  warnings: string[];
}

/** Pools replications of the same levels and particles. */
export function rareEvent(levels: readonly number[], replications: readonly Replication[]): RareEvent {
  assert(replications.length > 0, 'at least one replication');
  const estimates = replications.map((one) => one.estimate);
  const { mean, standardDeviation, low, high } = meanInterval(estimates);
  const stages = levels.flatMap((level, s) => {
    const stage = stageOf(level, replications.flatMap(({ stages: all }) => all.slice(s, s + 1)));
    return stage === null ? [] : [stage];
  });
  const extinct = estimates.filter((estimate) => estimate === 0).length;
  const error = standardDeviation / Math.sqrt(estimates.length);
  const found: RareEvent = {
    probability: mean,
    low: Math.max(0, low),
    high: Math.min(1, high),
    relativeError: mean === 0 ? NaN : error / mean,
    replications: estimates.length,
    extinct,
    upperBound: extinct < estimates.length ? null : boundOf(replications),
    stages,
    estimates,
    spent: addSpent(replications.map((one) => one.spent)),
    warnings: [],
  };
  found.warnings.push(...warningsOf(found));
  return found;
}

function stageOf(level: number, shares: readonly Replication['stages'][number][]): RareEventStage | null {
  if (shares.length === 0) return null;
  const sum = (of: (one: Replication['stages'][number]) => number): number =>
    shares.reduce((total, one) => total + of(one), 0);
  const started = sum((one) => one.started);
  const reached = sum((one) => one.reached);
  const rootsMean = sum((one) => one.roots) / shares.length;
  return { level, started, reached, share: reached / started, rootsMean };
}

/** The rule of three at the last stage any replication ran, over those that ran it. */
function boundOf(replications: readonly Replication[]): number {
  const last = replications.reduce((most, one) => Math.max(most, one.stages.length), 0) - 1;
  let before = 0;
  let trials = 0;
  for (const { stages } of replications) {
    if (stages.length <= last) continue;
    trials += stages[last].started;
    before += stages.slice(0, last).reduce((share, one) => share * (one.reached / one.started), 1);
  }
  return Math.min(1, (before / replications.length) * Math.min(1, 3 / trials));
}

function warningsOf({ replications, extinct, upperBound, stages }: RareEvent): string[] {
  const warnings: string[] = [];
  if (replications < REPLICATIONS_MIN) {
    warnings.push(`an interval from ${replications} replications is not to be relied on; run ${REPLICATIONS_MIN}`);
  }
  if (upperBound !== null) {
    const { level, started } = stages[stages.length - 1];
    warnings.push(`none of ${started} particles reached level ${level}: the estimate is 0, see the upper bound`);
  } else if (extinct > 0) {
    warnings.push(`${extinct} of ${replications} replications died out and count as 0: take more particles`);
  }
  const poor = stages.find(({ reached, rootsMean }) => reached > 0 && rootsMean < ROOTS_MIN);
  if (poor !== undefined) {
    const from = `descend from ${poor.rootsMean.toFixed(1)} starts a replication`;
    warnings.push(`those which reached level ${poor.level} ${from}: take more particles`);
  }
  return warnings;
}

/** What a whole study runs. */
export interface StudyTerms {
  threshold: number;
  /** Levels on the way, ascending; found by a pilot of as many particles unless given. */
  levels?: readonly number[];
  particles: number;
  replications: number;
  seed: number;
  /** Also runs crude Monte Carlo for what the pilot and the replications spent together. */
  comparesCrude?: boolean;
}

/** Splitting, and crude Monte Carlo of equal cost. */
export interface Study {
  splitting: RareEvent;
  pilot: PilotLevels | null;
  crude: Crude | null;
}

/** Runs a study in a loop; whoever has threads carries out the same plans on them. */
export function studyRareEvent<S>(run: ParticleProcess<S>, terms: StudyTerms): Study {
  const { threshold, particles, replications, seed } = terms;
  const pilot = terms.levels === undefined
    ? carryOut(pilotLevels<S>({ threshold, particles, seed }), run)
    : null;
  const levels = pilot?.levels ?? [...(terms.levels ?? []), threshold];
  const splitting = rareEvent(
    levels,
    Array.from({ length: replications }, (_, replication) =>
      carryOut(replicate<S>({ levels, particles, seed, replication }), run),
    ),
  );
  const cost = splitting.spent.cost + (pilot?.spent.cost ?? 0);
  const beside = terms.comparesCrude === false
    ? null
    : carryOut(crude<S>({ threshold, seed, cost, batch: particles }), run);
  return { splitting, pilot, crude: beside };
}
