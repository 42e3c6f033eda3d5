/** Which runs of a study are made: all, those a budget allows, or one machine's part. */
import { UserError } from '../../../sim/kernel/index.js';
import type { StudyPlan } from '../study/index.js';

/** One of several parts of a study, made on machines that know nothing of each other. */
export interface Shard {
  /** 0 to count - 1. */
  index: number;
  count: number;
}

/** What limits the runs. */
export interface Limits {
  /** Most runs, those present included. */
  budget?: number | undefined;
  shard?: Shard | undefined;
}

/**
 * Yields the runs of some replicates that the limits allow: whatever the budget, an even share of the
 * design. Points that only say something together, and the variants of a point, are cut only together.
 */
export function* selected(plan: StudyPlan, limits: Limits, from: number, to: number): Generator<number> {
  const unit = plan.design.blockSize * plan.variants;
  let number = from * plan.points * plan.variants;
  const { budget = Infinity, shard } = limits;
  const round = (plan.points * plan.variants) / unit;
  for (const index of plan.runs(from, to)) {
    const block = Math.floor(number / unit);
    number++;
    if ((block + 1) * unit > budget) return;
    // A sequential rule looks at all replicates of a point: they stay together.
    const part = plan.rule === null ? block : block % round;
    if (shard !== undefined && part % shard.count !== shard.index) continue;
    yield index;
  }
}

/** Counts the runs that the limits allow among the replicates that are made in any case. */
export function countSelected(plan: StudyPlan, limits: Limits): number {
  const unit = plan.design.blockSize * plan.variants;
  const blocks = Math.floor(Math.min(limits.budget ?? Infinity, plan.sizeMin) / unit);
  if (limits.shard === undefined) return blocks * unit;
  let count = 0;
  for (const _ of selected(plan, limits, 0, plan.replicatesMin)) count++;
  return count;
}

/** Refuses a budget that does not reach for anything. @throws UserError `study/budget` */
export function checkBudget(plan: StudyPlan, budget: number | undefined): void {
  const unit = plan.design.blockSize * plan.variants;
  if (budget === undefined || budget >= unit) return;
  const why = plan.design.blockSize > 1 ? 'points of the design that only say something together' : 'variants of a point';
  throw new UserError('study/budget', `--budget was ${budget}, must be at least ${unit}: the ${why}`);
}
