/**
 * Probabilistic bisection: where a rising probability reaches a level, from runs that violate or do
 * not.
 *
 * A density over the cells of a grid says where the crossing may lie; every outcome multiplies it
 * on the side it speaks against (Horstein 1963, IEEE Trans. Inf. Theory 9; Waeber, Frazier &
 * Henderson 2013, SIAM J. Control Optim. 51). Differs: two values are asked about, one a little
 * below the density's median and one a little above, and the interval is not taken from the
 * density. A cell is given up once bets against it, fair if the crossing lay there, have won 2 / (1
 * - confidence) times their stake: by Ville's inequality that happens to the true cell with
 * probability 1 - confidence at most, whatever the curve, if only it rises, whichever values were
 * asked about, and whenever one stops.
 */
import { assert, exp, log } from '../../../sim/kernel/index.js';

/**
 * The density mixes curves this far from alpha, in log odds: nobody knows how steep the curve is.
 */
const SHIFTS = [0.06, 0.15, 0.35, 0.8, 1.8, 3.5];
/** Weight of a density that knows nothing. */
const UNINFORMED = 0.02;
/** Bets rest on runs within reach, as if so many more had come to alpha. */
const DOUBT_RUNS = 10;

/** What is looked for. */
export interface BisectionOptions {
  /** Values of the grid, in 0..size-1, ascending in severity. */
  size: number;
  /** Level of the probability, 0 < alpha < 1. */
  alpha: number;
  confidence: number;
  /**
   * Values asked about lie so many cells beyond the median's, at least; the search ends so near.
   */
  reach: number;
}

/** Outcomes at a value of the grid. */
export interface Outcomes {
  /** Place of the value. */
  at: number;
  runs: number;
  violations: number;
}

/**
 * Values to ask about: places in the grid; null where that end of the range is as near as it need
 * be. Both null: the search is over.
 */
export interface Question {
  /** Asked to show that nothing is broken there yet. */
  below: number | null;
  /** Asked to show that all is broken there. */
  above: number | null;
}

/**
 * Cells that may hold the crossing, ends included. Cell j lies between values j - 1 and j: 0 is at
 * or below the first value, `size` beyond the last.
 */
export interface CellRange {
  first: number;
  last: number;
}

/** What outcomes say against the cells of one side, mixed over distances: an inverse likelihood. */
class Doubt {
  /** Against each cell, by distance. */
  readonly #logs: Float64Array[];
  readonly #gain: number[];
  readonly #loss: number[];
  /** Logarithm of the mixture. */
  readonly mixed: Float64Array;

  constructor(cells: number, alpha: number, direction: 1 | -1) {
    this.mixed = new Float64Array(cells);
    this.#logs = SHIFTS.map(() => new Float64Array(cells));
    const odds = alpha / (1 - alpha);
    const rates = SHIFTS.map((shift) => odds * exp(direction * shift)).map((o) => o / (1 + o));
    this.#gain = rates.map((q) => log(q / alpha));
    this.#loss = rates.map((q) => log((1 - q) / (1 - alpha)));
  }

  /** Takes outcomes that speak about the cells [from, to). */
  add({ runs, violations }: Outcomes, from: number, to: number): void {
    this.#logs.forEach((logs, k) => {
      const step = violations * this.#gain[k] + (runs - violations) * this.#loss[k];
      for (let j = from; j < to; j++) logs[j] += step;
    });
    for (let j = from; j < to; j++) {
      const top = Math.max(...this.#logs.map((logs) => logs[j]));
      const sum = this.#logs.reduce((total, logs) => total + exp(logs[j] - top), 0);
      this.mixed[j] = top + log(sum / SHIFTS.length);
    }
  }
}

/** A search under way. */
export class ProbabilisticBisection {
  readonly #options: BisectionOptions;
  /** Log density before any run that is bet on. */
  readonly #prior: Float64Array;
  /** Against cells above values found broken, and below values found whole. */
  readonly #above: Doubt;
  readonly #below: Doubt;
  /** Log wealth of the bets against each cell, of either side. */
  readonly #won: Record<keyof Question, Float64Array>;
  readonly #runs: Float64Array;
  readonly #violations: Float64Array;
  readonly #isGivenUp: Uint8Array;
  readonly #limit: number;

  constructor(options: BisectionOptions) {
    const { size, alpha, confidence } = options;
    assert(size >= 1 && alpha > 0 && alpha < 1, 'a grid, and a level in 0..1');
    assert(confidence > 0 && confidence < 1, 'a confidence in 0..1');
    this.#options = options;
    this.#prior = new Float64Array(size + 1);
    this.#above = new Doubt(size + 1, alpha, 1);
    this.#below = new Doubt(size + 1, alpha, -1);
    this.#won = { below: new Float64Array(size + 1), above: new Float64Array(size + 1) };
    this.#runs = new Float64Array(size);
    this.#violations = new Float64Array(size);
    this.#isGivenUp = new Uint8Array(size + 1);
    this.#limit = log(2 / (1 - confidence));
  }

  /** Takes earlier outcomes as a hint of where to look: the interval does not rest on them. */
  hint(pilot: readonly Outcomes[]): void {
    const { size, alpha } = this.#options;
    const odds = alpha / (1 - alpha);
    const [low, high] = [odds / Math.E, odds * Math.E].map((o) => o / (1 + o));
    const logs = new Float64Array(size + 1);
    for (const { at, runs, violations } of pilot) {
      this.#runs[at] += runs;
      this.#violations[at] += violations;
      for (let j = 0; j <= size; j++) {
        const rate = j <= at ? high : low;
        logs[j] += violations * log(rate) + (runs - violations) * log(1 - rate);
      }
    }
    const density = normalised(logs);
    density.forEach((weight, j) => {
      this.#prior[j] = log((1 - UNINFORMED) * weight + UNINFORMED / (size + 1));
    });
  }

  /** Takes outcomes of runs with seeds of their own, at a value asked about. */
  add(role: keyof Question, outcomes: Outcomes): void {
    const { size } = this.#options;
    const { at } = outcomes;
    const [from, to] = role === 'above' ? [at + 1, size + 1] : [0, at + 1];
    (role === 'above' ? this.#above : this.#below).add(outcomes, from, to);
    const won = this.#won[role];
    const step = this.#bet(role, outcomes);
    for (let j = from; j < to; j++) {
      won[j] += step;
      if (won[j] >= this.#limit) this.#isGivenUp[j] = 1;
    }
    this.#runs[at] += outcomes.runs;
    this.#violations[at] += outcomes.violations;
  }

  /**
   * Returns the log of what a bet on outcomes multiplies its stake by; earlier runs say how to bet.
   */
  #bet(role: keyof Question, { at, runs, violations }: Outcomes): number {
    const { size, alpha, reach } = this.#options;
    let [count, hits] = [DOUBT_RUNS, DOUBT_RUNS * alpha];
    for (let i = Math.max(0, at - reach); i <= Math.min(size - 1, at + reach); i++) {
      count += this.#runs[i];
      hits += this.#violations[i];
    }
    const rate = hits / count;
    const isRight = role === 'above' ? rate > alpha : rate < alpha;
    if (!isRight) return 0;
    return violations * log(rate / alpha) + (runs - violations) * log((1 - rate) / (1 - alpha));
  }

  /** Whether every cell was given up: with 1 - confidence at most, if the curve rises. */
  get isContradicted(): boolean {
    return this.#isGivenUp.indexOf(0) < 0;
  }

  /** Cells that were not given up, and all between; the median's when none is left. */
  get range(): CellRange {
    const first = this.#isGivenUp.indexOf(0);
    if (first < 0) return { first: this.median, last: this.median };
    return { first, last: this.#isGivenUp.lastIndexOf(0) };
  }

  /** Cell that half of the density lies below. */
  get median(): number {
    return this.#quantiles([0.5])[0];
  }

  /** Says which values to ask about next. */
  next(): Question {
    const { size, reach } = this.#options;
    const { first, last } = this.range;
    const width = reach === 0 ? 1 : 2 * reach + 2;
    if (last - first < width) {
      // Only at an end of the grid may more have to be shown: that the crossing lies beyond, or within.
      const isOpen = first !== last && (first === 0 || last === size);
      if (!isOpen) return { below: null, above: null };
    }
    const [low, median, high] = this.#quantiles([0.25, 0.5, 0.75]);
    if (median === 0) return { below: null, above: 0 };
    if (median === size) return { below: size - 1, above: null };
    const nearBelow = Math.max(0, median - 1 - reach);
    const nearAbove = Math.min(size - 1, median + reach);
    const isBelowDone = first > nearBelow;
    const isAboveDone = last <= nearAbove;
    // An end that is near already leaves the other room.
    const below = isAboveDone ? last - width : low - 1;
    const above = isBelowDone ? first - 1 + width : high;
    return {
      below: isBelowDone ? null : Math.max(0, Math.min(nearBelow, below)),
      above: isAboveDone ? null : Math.min(size - 1, Math.max(nearAbove, above)),
    };
  }

  #quantiles(shares: readonly number[]): number[] {
    const logs = this.#prior.map((prior, j) => prior - this.#above.mixed[j] - this.#below.mixed[j]);
    const density = normalised(logs);
    return shares.map((share) => {
      let sum = 0;
      for (let j = 0; j < density.length; j++) {
        sum += density[j];
        if (sum >= share) return j;
      }
      return density.length - 1;
    });
  }
}

function normalised(logs: Float64Array): Float64Array {
  const top = logs.reduce((most, one) => Math.max(most, one), -Infinity);
  const weights = logs.map((one) => exp(one - top));
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((one) => one / total);
}
