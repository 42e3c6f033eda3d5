/** A factor's levels: those of a grid or list, or bins of a factor that takes any value. */
import { sorted } from '../../../sim/metrics/index.js';
import { figureText } from './number-words.js';
import type { StudyPlan } from '../study/index.js';

/** A level of a factor, and the points that have it. */
export interface FactorLevel {
  label: string;
  /** The value, or the middle of a bin; NaN for words. */
  control: number;
  points: ReadonlySet<number>;
}

/** The levels of one factor, ascending where they are numbers. */
export interface FactorLevels {
  factor: number;
  name: string;
  unit: string;
  /** Whether levels are bins of about as many points each. */
  binned: boolean;
  isNumber: boolean;
  /** Drawn on a logarithmic scale. */
  log: boolean;
  levels: FactorLevel[];
}

/** More distinct values than this are put into bins. */
const LEVELS_MAX = 12;
const BINS = 5;

/** Returns the levels of every factor. */
export function factorLevels(plan: StudyPlan, bins = BINS): FactorLevels[] {
  return plan.study.factors.map(({ name, unit, transform }, factor) => {
    const values = plan.design.points.map((point) => point.values[factor]);
    const isNumber = values.every((one) => typeof one === 'number');
    const about = { factor, name, unit, isNumber, log: transform === 'log' };
    const distinct = new Set(values.map(keyOf));
    if (!isNumber || distinct.size <= LEVELS_MAX) return { ...about, binned: false, levels: distinctLevels(values, isNumber) };
    return { ...about, binned: true, levels: binLevels(values as number[], bins) };
  });
}

function keyOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function distinctLevels(values: readonly unknown[], isNumber: boolean): FactorLevel[] {
  const points = new Map<string, Set<number>>();
  const controls = new Map<string, number>();
  values.forEach((value, point) => {
    const key = keyOf(value);
    const found = points.get(key);
    if (found !== undefined) found.add(point);
    else points.set(key, new Set([point]));
    controls.set(key, isNumber ? Number(value) : NaN);
  });
  const levels = [...points].map(([key, own]) => {
    const control = controls.get(key)!;
    return { label: isNumber ? figureText(control) : key, control, points: own };
  });
  return isNumber ? levels.sort((a, b) => a.control - b.control) : levels;
}

function binLevels(values: readonly number[], bins: number): FactorLevel[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ascending = sorted(values);
  return Array.from({ length: bins }, (_, b) => {
    const [from, to] = [b, b + 1].map((one) => Math.round((one * order.length) / bins));
    const own = order.slice(from, to);
    const [low, high] = [ascending[from], ascending[to - 1]];
    const middle = own.reduce((sum, i) => sum + values[i], 0) / own.length;
    return { label: `${figureText(low)} to ${figureText(high)}`, control: middle, points: new Set(own) };
  });
}
