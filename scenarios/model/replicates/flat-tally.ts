/**
 * Sums over replicates of a flat book: whole numbers only, so that it does not matter in which order or
 * in how many parts they are summed.
 */
import { Hash64, RandomSource } from '../../../sim/kernel/index.js';
import type { FlatTerms } from '../flat/index.js';
import type { FlatWorld } from './flat-world.js';

/** Places of the sums; then follow counts of cascade sizes and counts of offspring, each 0..cap. */
export const SUM = {
  replicates: 0,
  /** Ticks the price fell. */
  fall: 1,
  fallSquared: 2,
  /** Nodes whose offspring is known, and the offspring, per replicate. */
  nodes: 3,
  nodesSquared: 4,
  children: 5,
  childrenSquared: 6,
  nodesTimesChildren: 7,
  /** Pairs of a subtree and a counterfactual effect. */
  pairs: 8,
  subtree: 9,
  subtreeSquared: 10,
  effect: 11,
  effectSquared: 12,
  subtreeTimesEffect: 13,
  histograms: 16,
} as const;

/** Above R = 1, of so many seeds one is run again without a root. */
const RUNAWAY_EVERY = 4;
/** Chance that a liquidation has more offspring than are reserved for it. */
const OVERFLOW = 1e-9;

/** Adds up replicates. */
export class FlatTally {
  readonly terms: FlatTerms;
  /** The sums, see `SUM`. */
  readonly sums: Float64Array;
  private readonly offspring: Int32Array;
  private readonly isInTree: Uint8Array;
  private readonly reserve: number;
  private readonly isRunaway: boolean;

  constructor(terms: FlatTerms, sums = new Float64Array(sumCount(terms.cap))) {
    this.terms = terms;
    this.sums = sums;
    this.offspring = new Int32Array(terms.cap + 1);
    this.isInTree = new Uint8Array(terms.cap + 1);
    this.reserve = reserveFor(terms.R);
    this.isRunaway = terms.R * (1 - terms.refill) >= 1;
  }

  /** Replicates that had so many liquidations. */
  sizes(): Float64Array {
    return this.sums.subarray(SUM.histograms, SUM.histograms + this.terms.cap + 1);
  }

  /** Nodes that had so much offspring. */
  offspringCounts(): Float64Array {
    return this.sums.subarray(SUM.histograms + this.terms.cap + 1);
  }

  /**
   * Runs a seed's replicate, and again without one of its roots, and adds both. Where cascades run away,
   * effects have no mean to be compared with and cost as much as all the rest: one seed in four then
   * tells of them.
   */
  add(world: FlatWorld, seed: number): void {
    world.replicate(seed);
    const { sums } = this;
    const { run } = world;
    const { count } = run;
    const fall = world.startTicks - run.markTicks;
    sums[SUM.replicates]++;
    sums[SUM.fall] += fall;
    sums[SUM.fallSquared] += fall * fall;
    sums[SUM.histograms + count]++;
    this.countOffspring(run.parents, count);
    if (count === 0 || (this.isRunaway && seed % RUNAWAY_EVERY !== 0)) return;
    const root = this.drawRoot(seed);
    const subtree = this.treeSize(run.parents, root, count);
    world.replicate(seed, run.accounts[root]);
    const effect = count - run.count;
    sums[SUM.pairs]++;
    sums[SUM.subtree] += subtree;
    sums[SUM.subtreeSquared] += subtree * subtree;
    sums[SUM.effect] += effect;
    sums[SUM.effectSquared] += effect * effect;
    sums[SUM.subtreeTimesEffect] += subtree * effect;
  }

  /** Adds the sums of another part. */
  merge(sums: Float64Array): void {
    for (let i = 0; i < sums.length; i++) this.sums[i] += sums[i];
  }

  /** Hash of the terms and all sums. */
  hash(): string {
    const { R, theta, refill, cap } = this.terms;
    const hash = new Hash64();
    for (const x of [R, theta, refill, cap]) hash.float(x);
    for (const x of this.sums) hash.float(x);
    return hash.hex();
  }

  /**
   * Counts the offspring of each liquidation. One counts only if, when its order began, there were still
   * more accounts than it can meet: what it meets is then whole and does not decide whether it counts.
   */
  private countOffspring(parents: Int32Array, count: number): void {
    const { offspring, sums, terms } = this;
    offspring.fill(0, 0, count + 1);
    for (let id = 1; id <= count; id++) offspring[parents[id]]++;
    const at = SUM.histograms + terms.cap + 1;
    let breached = offspring[0];
    let nodes = 0;
    let children = 0;
    for (let id = 1; id <= count && breached + this.reserve <= terms.cap; id++) {
      const own = offspring[id];
      sums[at + own]++;
      children += own;
      breached += own;
      nodes++;
    }
    sums[SUM.nodes] += nodes;
    sums[SUM.nodesSquared] += nodes * nodes;
    sums[SUM.children] += children;
    sums[SUM.childrenSquared] += children * children;
    sums[SUM.nodesTimesChildren] += nodes * children;
  }

  /** Draws one of the liquidations that the shock pushed; they are the first. */
  private drawRoot(seed: number): number {
    const u = new RandomSource(seed).stream('flat/root').uniform(0, 0, 0);
    return 1 + Math.floor(u * this.offspring[0]);
  }

  private treeSize(parents: Int32Array, root: number, count: number): number {
    const { isInTree } = this;
    isInTree.fill(0, 0, count + 1);
    isInTree[root] = 1;
    let size = 1;
    for (let id = root + 1; id <= count; id++) {
      if (isInTree[parents[id]] === 0) continue;
      isInTree[id] = 1;
      size++;
    }
    return size;
  }
}

/** Returns the length of the sums. */
export function sumCount(cap: number): number {
  return SUM.histograms + 2 * (cap + 1);
}

/** Returns a number of offspring that a Poisson variate of mean R hardly ever passes. */
function reserveFor(R: number): number {
  // Chernoff: P(X >= k) <= exp(k - R) (R / k)^k, here as a product.
  for (let k = Math.ceil(R) + 1; ; k++) {
    let bound = 1;
    for (let i = 0; i < k; i++) bound *= (R * E) / k;
    if (bound < OVERFLOW) return k;
  }
}

const E = 2.718281828459045;
