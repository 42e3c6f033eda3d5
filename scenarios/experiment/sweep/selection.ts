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

/** Marks the points of a part: a sequential rule looks at all replicates of a point, so they stay together. */
export function ownPoints(plan: StudyPlan, shard: Shard | undefined): Uint8Array {
  const own = new Uint8Array(plan.points);
  let place = 0;
  for (const point of plan.pointOrder()) {
    const block = Math.floor(place++ / plan.design.blockSize);
    if (shard === undefined || block % shard.count === shard.index) own[point] = 1;
  }
  return own;
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

/**
 * Refuses a budget that does not reach for anything, and one that parts of a study cannot share out: how many
 * runs a sequential rule asks for in one part, the others do not know.
 *
 * @throws UserError `study/budget`
 */
export function checkBudget(plan: StudyPlan, { budget, shard }: Limits): void {
  const unit = plan.design.blockSize * plan.variants;
  if (budget !== undefined && budget < unit) {
    const why = plan.design.blockSize > 1 ? 'points of the design that only say something together' : 'variants of a point';
    throw new UserError('study/budget', `--budget was ${budget}, must be at least ${unit}: the ${why}`);
  }
  const most = Math.min(budget ?? Infinity, plan.study.budget);
  if (plan.rule === null || shard === undefined || most <= plan.sizeMin || most >= plan.size) return;
  const where = budget === most ? '--budget' : 'budget of the study';
  const must = `must be ${plan.sizeMin} at most or ${plan.size} at least where a sequential rule runs in parts`;
  throw new UserError('study/budget', `${where} was ${most}, ${must}, which do not know of each other's runs`);
}
