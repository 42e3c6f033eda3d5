/** Values of an outcome, and what they share: their point, their seed. */
import type { StudyPlan } from '../study/index.js';

/** Defined values of one variant. */
export interface Sample {
  value: Float64Array;
  /** Point of the design. */
  point: Int32Array;
  /** Replicate, which is a seed. */
  seed: Int32Array;
}

/**
 * What is drawn at random beyond the runs themselves: `seed`, where the points were chosen and every seed
 * is run at each of them; `block`, where the points are drawn (and some say something only together).
 */
export type UnitKind = 'seed' | 'block';

/** Returns what intervals of a study are taken over. */
export function unitKindOf({ design }: StudyPlan): UnitKind {
  return design.unit === null ? 'seed' : 'block';
}

/** What the units of a study's intervals are called. */
export function unitNameOf({ design, study }: StudyPlan): string {
  if (design.unit === null) return 'seeds';
  return study.design.kind === 'morris' ? 'trajectories' : study.design.kind === 'saltelli' ? 'rows' : 'points';
}

/** Collects the defined values of a variant, at all points or at some. */
export function sampleOf(
  plan: StudyPlan,
  values: Float64Array,
  { variant, isIn = () => true }: { variant: number; isIn?: (point: number) => boolean },
): Sample {
  const kept: number[] = [];
  for (let point = 0; point < plan.points; point++) {
    if (!isIn(point)) continue;
    const from = plan.indexOf({ point, variant, replicate: 0 });
    for (let index = from; index < from + plan.replicates; index++) {
      if (!Number.isNaN(values[index])) kept.push(index);
    }
  }
  return {
    value: Float64Array.from(kept, (index) => values[index]),
    point: Int32Array.from(kept, (index) => plan.placeOf(index).point),
    seed: Int32Array.from(kept, (index) => plan.placeOf(index).replicate),
  };
}

/** Rows of a sample by unit: seeds, or blocks of `blockSize` points. */
export function unitsOf({ value, point, seed }: Sample, kind: UnitKind, blockSize: number): number[][] {
  const units = new Map<number, number[]>();
  for (let i = 0; i < value.length; i++) {
    const key = kind === 'seed' ? seed[i] : Math.floor(point[i] / blockSize);
    const rows = units.get(key);
    if (rows === undefined) units.set(key, [i]);
    else rows.push(i);
  }
  return [...units].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}

/** Groups that a bootstrap with a jackknife can afford. */
const GROUPS_MAX = 400;

/** Puts units into groups where they are too many to draw, and leave out, one by one. */
export function groupsOf(units: readonly number[][], most = GROUPS_MAX): number[][] {
  const count = Math.min(most, GROUPS_MAX);
  if (units.length <= count) return [...units];
  const groups: number[][] = Array.from({ length: count }, () => []);
  units.forEach((rows, k) => {
    for (const i of rows) groups[k % count].push(i);
  });
  return groups;
}
