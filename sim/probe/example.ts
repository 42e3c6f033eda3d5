/** Runs the examples of a declaration and says what they get wrong. */
import { REFERENCE_PATH, type Strategy, type StrategyExample } from '../strategy/index.js';
import { measureGain, type ProbeGain } from './gain.js';
import { probeOutcomes } from './outcomes.js';
import { Probe } from './probe.js';
import type { ProbeOptions, ProbeStep } from './probe-types.js';

/** A number an example did not give. */
export interface ExampleMismatch {
  field: string;
  step: number;
  expected: number;
  actual: number;
}

const TOLERANCE = 0.5e-6;

/** Runs an example as `stampede probe` would. */
export function runExample(
  strategy: Strategy,
  example: StrategyExample,
): (ProbeStep & { gain?: ProbeGain })[] {
  const prices = example.prices ?? REFERENCE_PATH;
  const { leverageMax, band, period, lot, ...params } = example.set ?? {};
  const options: ProbeOptions = {
    strategy,
    startPrice: prices[0],
    priceMax: Math.max(...prices),
    params,
    ...defined({
      equity: example.equity, position: example.position, entry: example.entry,
      leverageMax, band, lot, barMicros: period,
    }),
  };
  if (example.outcomes !== undefined) return probeOutcomes(options, example.outcomes).steps;
  const probe = new Probe(options);
  const wantsGain = example.expect.some((one) => one.field.startsWith('gain.'));
  return prices.map((price, k) => {
    const index = example.index?.[k];
    const step = probe.step(price, index === undefined ? {} : { index });
    return wantsGain ? { ...step, gain: measureGain(probe, price) } : step;
  });
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
