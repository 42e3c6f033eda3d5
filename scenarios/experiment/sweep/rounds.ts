/** A study's sequential rule: which further replicates it wants, round after round. */
import { nextCheckpoint, precisionOf } from '../../../sim/statistics/index.js';
import type { PrecisionTarget } from '../../../sim/statistics/index.js';
import { metricPlace } from '../run/index.js';
import type { ResultStore } from '../store/index.js';
import type { SequentialRule, StudyPlan } from '../study/index.js';
import { countSelected, ownPoints } from './selection.js';
import type { Limits } from './selection.js';

/**
 * Asks the rule of a study at each point. What it wants depends on the results of the first replicates alone,
 * neither on when they came nor on what else a folder holds: a point is asked when all of them are there. A
 * budget cuts the list of what an unlimited study would ask for, so a greater one goes on where a smaller ended.
 */
export class SequentialRounds {
  readonly #plan: StudyPlan;
  readonly #store: ResultStore;
  readonly #limits: Limits;
  /** Points that may want more. */
  readonly #open: Uint8Array;
  /** Place of the rule's figure. */
  readonly #figure: number;
  /** Replicates that were asked for, by point. */
  readonly #targets: Int32Array;
  #asked: number;
  #isSpent: boolean;

  constructor(plan: StudyPlan, store: ResultStore, limits: Limits) {
    this.#plan = plan;
    this.#store = store;
    this.#limits = limits;
    this.#figure = plan.rule === null ? 0 : metricPlace(plan.rule.metric, '', plan.metrics);
    this.#open = ownPoints(plan, limits.shard);
    this.#targets = new Int32Array(plan.points).fill(plan.replicatesMin);
    this.#asked = countSelected(plan, limits);
    // What a budget left out of the first replicates comes before any further ones.
    this.#isSpent = plan.rule === null || this.#budget < plan.sizeMin;
  }

  /** Returns the runs that are wanted next, those that are there already included; none at the end. */
  next(): number[] {
    const { rule } = this.#plan;
    const more: number[] = [];
    if (rule === null || this.#isSpent) return more;
    for (const point of this.#plan.pointOrder()) {
      const now = this.#targets[point];
      if (this.#open[point] === 0 || now >= rule.max) continue;
      const wanted = this.#wanted(rule, point, now);
      const runs = (wanted - now) * this.#plan.variants;
      if (runs === 0) {
        this.#open[point] = 0;
        continue;
      }
      this.#isSpent = this.#asked + runs > this.#budget;
      if (this.#isSpent) break;
      this.#targets[point] = wanted;
      this.#asked += runs;
      for (const index of this.#runsOf(point, now, wanted)) more.push(index);
    }
    return more;
  }

  /** Counts the runs asked for beyond the first replicates that have no result. O(them). */
  countLacking(): number {
    let lacking = 0;
    this.#targets.forEach((target, point) => {
      for (const index of this.#runsOf(point, this.#plan.replicatesMin, target)) {
        if (!this.#store.has(index)) lacking++;
      }
    });
    return lacking;
  }

  get #budget(): number {
    return Math.min(this.#limits.budget ?? Infinity, this.#plan.study.budget);
  }

  *#runsOf(point: number, from: number, to: number): Generator<number> {
    for (let replicate = from; replicate < to; replicate++) {
      for (let variant = 0; variant < this.#plan.variants; variant++) {
        yield this.#plan.indexOf({ point, variant, replicate });
      }
    }
  }

  /** Returns the replicates that a point should have: those of the variant that needs most. */
  #wanted(rule: SequentialRule, point: number, now: number): number {
    const { confidence } = this.#plan.study;
    const target = { relative: rule.precision, confidence, pilot: rule.min };
    let wanted = now;
    for (let variant = 0; variant < this.#plan.variants; variant++) {
      const values = this.#values(point, variant, now);
      if (values === null) return now;
      wanted = Math.max(wanted, Math.min(rule.max, now + furtherRuns(values, target)));
    }
    return wanted;
  }

  /** The figures of the first replicates where they are defined; null while one has no result. */
  #values(point: number, variant: number, count: number): number[] | null {
    const values: number[] = [];
    for (let replicate = 0; replicate < count; replicate++) {
      const outcome = this.#store.get(this.#plan.indexOf({ point, variant, replicate }));
      if (outcome === null) return null;
      const value = outcome.status === 'ok' ? outcome.values[this.#figure] : null;
      if (value !== null && value !== undefined) values.push(value);
    }
    return values;
  }
}

/** Counts runs by values: where some runs leave none, a checkpoint lies beyond it by as many. */
function furtherRuns(values: readonly number[], target: PrecisionTarget): number {
  return precisionOf(values, target).enough ? 0 : nextCheckpoint(values, target) - values.length;
}
