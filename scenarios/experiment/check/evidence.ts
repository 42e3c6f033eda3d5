/** What the runs of a check have left so far. */
import { isBoundAbove, isSatisfied } from '../assertion/index.js';
import type { Claim } from '../assertion/index.js';
import type { RunOutcome } from '../run/index.js';

/** A run that could not be made. */
export interface FailedRun {
  seed: number;
  code: string;
  reason: string;
}

/** Runs that speak against a claim. */
export interface Violations {
  count: number;
  /** The first ones by seed, at most `SEEDS_MAX`. */
  seeds: number[];
  /** The run that is furthest on the wrong side, whether or not it violates; null without values. */
  worst: { seed: number; value: number } | null;
}

/** Seeds that are listed. */
const SEEDS_MAX = 20;

/** Values of every claim's figure by seed, in the order of seeds, whatever the order of their ends. */
export class Evidence {
  readonly #claims: readonly Claim[];
  readonly #seed: number;
  /** By claim, then by run; undefined where the run has not ended well. */
  readonly #values: (number | null | undefined)[][];
  readonly #failed: FailedRun[] = [];
  #ended = 0;

  /** @param seed that of the first run; each takes the next one */
  constructor(claims: readonly Claim[], seed: number) {
    this.#claims = claims;
    this.#seed = seed;
    this.#values = claims.map(() => []);
  }

  /** Runs that have ended, well or not. */
  get ended(): number {
    return this.#ended;
  }

  /** How many runs could not be made. */
  get failedCount(): number {
    return this.#failed.length;
  }

  /** Returns the runs that could not be made, by seed. */
  failedRuns(): FailedRun[] {
    return [...this.#failed].sort((a, b) => a.seed - b.seed);
  }

  /** Takes what a run came to; `run` counts from 0. */
  add(run: number, outcome: RunOutcome): void {
    this.#ended++;
    if (outcome.status === 'failed') {
      const { code, reason } = outcome;
      this.#failed.push({ seed: this.#seed + run, code, reason });
      return;
    }
    this.#claims.forEach(({ place }, k) => {
      this.#values[k][run] = outcome.values[place];
    });
  }

  /** Returns the values of a claim's figure in the first `runs` runs, as far as they ended well. */
  valuesOf(claim: number, runs: number): (number | null)[] {
    return this.#values[claim].slice(0, runs).filter((value) => value !== undefined);
  }

  /** Returns which of the first `runs` runs speak against a claim. O(runs). */
  violationsOf(claim: number, runs: number): Violations {
    const asserted = this.#claims[claim];
    const sign = isBoundAbove(asserted) ? 1 : -1;
    const found: Violations = { count: 0, seeds: [], worst: null };
    this.#values[claim].slice(0, runs).forEach((value, run) => {
      if (value === undefined || value === null) return;
      const seed = this.#seed + run;
      if (found.worst === null || sign * value > sign * found.worst.value) found.worst = { seed, value };
      if (isSatisfied(asserted, value)) return;
      found.count++;
      if (found.seeds.length < SEEDS_MAX) found.seeds.push(seed);
    });
    return found;
  }
}
