/** Runs the examples of a declaration and says what they get wrong. */
import { UserError } from '../kernel/index.js';
import { REFERENCE_PATH, type Strategy, type StrategyExample } from '../strategy/index.js';
import { probeOutcomes } from './outcomes.js';
import { type PathStep, probePath } from './path.js';
import type { ProbeStep } from './probe-types.js';
import { readSettings } from './settings.js';

/** A number an example did not give. */
export interface ExampleMismatch {
  field: string;
  step: number;
  expected: number;
  actual: number;
}

const TOLERANCE = 0.5e-6;

/** Runs an example as `stampede probe` would. */
export function runExample(strategy: Strategy, example: StrategyExample): PathStep[] {
  const { equity, position, entry, outcomes, prices, index } = example;
  const options = {
    strategy,
    ...readSettings(strategy, example.set ?? {}),
    ...defined({ equity, position, entry }),
  };
  if (outcomes !== undefined) {
    if (prices !== undefined) {
      throw new UserError('probe/outcomes', `${strategy.name}: an example has prices or outcomes`);
    }
    const [startPrice] = REFERENCE_PATH;
    return probeOutcomes({ ...options, startPrice, priceMax: startPrice }, outcomes).steps;
  }
  return probePath(options, prices ?? REFERENCE_PATH, { index, gain: asksForGain(example) });
}

/** Says whether an example speaks of the gain. */
export function asksForGain(example: StrategyExample): boolean {
  return example.expect.some(({ field }) => field.startsWith('gain.'));
}

/** Returns where an example's numbers differ from what it expects; empty when it holds. */
export function checkExample(strategy: Strategy, example: StrategyExample): ExampleMismatch[] {
  const steps = runExample(strategy, example);
  const wrong: ExampleMismatch[] = [];
  for (const { field, values, from = 0, tolerance = TOLERANCE } of example.expect) {
    values.forEach((expected, k) => {
      const step = from + k;
      const actual = fieldOf(steps[step], field);
      if (!(Math.abs(actual - expected) <= tolerance)) wrong.push({ field, step, expected, actual });
    });
  }
  return wrong;
}

/** Returns a number of a step by its path with dots; NaN when there is none. */
export function fieldOf(step: ProbeStep | undefined, path: string): number {
  let value: unknown = step;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return NaN;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'number' ? value : NaN;
}

function defined<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
