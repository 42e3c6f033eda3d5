/** Turns a design into points: values of factors, and the settings they make. */
import {
  factorValue,
  latinHypercube,
  morrisDesign,
  randomDesign,
  saltelliDesign,
  simplexLattice,
  simplexShares,
  sobolDesign,
} from '../../../sim/design/index.js';
import type { UnitDesign } from '../../../sim/design/index.js';
import type { Settings } from '../run/index.js';
import { designAxes } from './axes.js';
import type { Axis } from './axes.js';
import type { DesignChoice, Factor, Study } from './study-schema.js';

/** One point of a study. */
export interface StudyPoint {
  /** In the order of the factors. */
  values: readonly unknown[];
  settings: Settings;
}

/** The points of a study. */
export interface ExpandedDesign {
  points: readonly StudyPoint[];
  /** Consecutive points that only say something together. */
  blockSize: number;
  /** The design on the unit cube; null for grids and lists. */
  unit: UnitDesign | null;
  /** What is varied by itself: factors, and mixes of them. */
  axes: readonly Axis[];
}

/** Spells a design out. O(points * factors). @throws UserError `design/...` for one that is too large */
export function expandDesign(study: Study): ExpandedDesign {
  const axes = designAxes(study.factors);
  const whole = (rows: readonly (readonly unknown[])[], unit: UnitDesign | null): ExpandedDesign => ({
    points: rows.map((values) => ({ values, settings: settingsOf(study.factors, values) })),
    blockSize: unit?.blockSize ?? 1,
    unit,
    axes,
  });
  const { design, factors } = study;
  if (design.kind === 'list') {
    return whole(design.points.map((point) => factors.map(({ name }) => point[name])), null);
  }
  if (design.kind === 'grid') return whole(gridRows(study.factors.length, axes, design.levels), null);
  const unit = sample(design, axes, study.designSeed);
  const rows: unknown[][] = [];
  for (let i = 0; i < unit.count; i++) rows.push(rowAt(unit, i, axes, factors.length));
  return whole(rows, unit);
}

/** Returns how many points a design has without spelling it out. */
export function countPoints({ factors, design }: Study): number {
  const axes = designAxes(factors);
  switch (design.kind) {
    case 'list':
      return design.points.length;
    case 'grid':
      return axes.reduce((product, axis) => product * axis.levels(design.levels), 1);
    case 'morris':
      return design.trajectories * (factors.length + 1);
    case 'saltelli':
      return design.rows * (axes.length + 2);
    default:
      return design.points;
  }
}

function sample(design: Exclude<DesignChoice, { kind: 'list' | 'grid' }>, axes: readonly Axis[], seed: number): UnitDesign {
  const dimensions = axes.reduce((sum, axis) => sum + axis.width, 0);
  switch (design.kind) {
    case 'random':
      return randomDesign({ count: design.points, dimensions, seed });
    case 'latinHypercube':
      return latinHypercube({ count: design.points, dimensions, seed, ...(design.maximin ? {} : { swaps: 0 }) });
    case 'sobol':
      return sobolDesign({ count: design.points, dimensions, ...(design.scramble ? { seed } : {}) });
    case 'morris':
      return morrisDesign({ trajectories: design.trajectories, dimensions, seed, levels: design.levels });
    case 'saltelli':
      return saltelliDesign({ rows: design.rows, dimensions, seed, groups: axes.map((axis) => axis.width) });
  }
}

function rowAt({ unit, dimensions }: UnitDesign, point: number, axes: readonly Axis[], factors: number): unknown[] {
  const values: unknown[] = new Array(factors);
  let at = point * dimensions;
  for (const axis of axes) {
    if (axis.lows === null) {
      values[axis.factors[0]] = factorValue(axis.laws[0], unit[at]);
    } else {
      const shares = new Float64Array(axis.factors.length);
      simplexShares(unit, at, shares);
      putShares(axis, shares, values);
    }
    at += axis.width;
  }
  return values;
}

/** Gives every member its least share, and of what is left its part. */
function putShares({ lows, factors }: Axis, shares: ArrayLike<number>, values: unknown[]): void {
  const least = lows ?? [];
  const free = 1 - least.reduce((sum, low) => sum + low, 0);
  factors.forEach((factor, k) => {
    values[factor] = least[k] + free * shares[k];
  });
}

/** Every combination, the first axis slowest. */
function gridRows(factors: number, axes: readonly Axis[], levels: number): unknown[][] {
  let rows: unknown[][] = [new Array(factors).fill(undefined)];
  for (const axis of axes) {
    const choices = axisLevels(axis, levels);
    rows = rows.flatMap((row) =>
      choices.map((choice) => {
        const next = row.slice();
        axis.factors.forEach((factor, k) => {
          next[factor] = choice[k];
        });
        return next;
      }),
    );
  }
  return rows;
}

function axisLevels(axis: Axis, fallback: number): unknown[][] {
  const count = axis.levels(fallback);
  if (axis.lows !== null) {
    const width = axis.factors.length;
    const lattice = simplexLattice(width, axis.degree(fallback));
    return Array.from({ length: lattice.count }, (_, i) => {
      const values: unknown[] = [];
      putShares({ ...axis, factors: axis.factors.map((__, k) => k) }, lattice.unit.subarray(i * width, (i + 1) * width), values);
      return values;
    });
  }
  const [law] = axis.laws;
  const isRange = law.law !== 'list' && law.law !== 'integer';
  return Array.from({ length: count }, (_, l) => {
    const u = isRange && count > 1 ? l / (count - 1) : (l + 0.5) / count;
    return [factorValue(law, u)];
  });
}

function settingsOf(factors: readonly Factor[], values: readonly unknown[]): Settings {
  const settings: Record<string, unknown> = {};
  factors.forEach((factor, i) => {
    const value = values[i];
    if (factor.path !== undefined) settings[factor.path] = value;
    for (const { path, scale, offset, integer } of factor.sets ?? []) {
      const isPlain = scale === 1 && offset === 0 && !integer;
      const scaled = Number(value) * scale + offset;
      settings[path] = isPlain ? value : integer ? Math.round(scaled) : scaled;
    }
  });
  return settings;
}

