/** A scenario value that is either one number (or duration) or a distribution over agents. */
import { z } from 'zod';
import { durationDistribution, mixedDistribution, numberDistribution } from './distribution.js';
import type { Bounds, Distribution } from './distribution.js';
import { DURATION_PATTERN, durationMicros } from './duration.js';
import { numberMust } from './fields.js';
import type { NumberField, DurationField } from './fields.js';

/** As written: a value, or a distribution over such values. */
export type Quantity<V> = V | Distribution<V>;
export type NumberQuantity = Quantity<number>;
export type DurationQuantity = Quantity<string>;

/** Something wrong with a part of a quantity. */
export interface QuantityProblem {
  path: (string | number)[];
  must: string;
}

/** Turns a quantity into a distribution over numbers; durations become microseconds. */
export function toDistribution(quantity: ParameterQuantity): Distribution {
  if (typeof quantity === 'number') return { dist: 'constant', value: quantity };
  if (typeof quantity === 'string') return { dist: 'constant', value: durationMicros(quantity) };
  const numeric: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(quantity)) {
    if (key === 'dist' || typeof value === 'number') numeric[key] = value;
    else if (typeof value === 'string') numeric[key] = durationMicros(value);
    else if (Array.isArray(value)) {
      numeric[key] = value.map((item) => (typeof item === 'string' ? durationMicros(item) : item));
    }
  }
  return numeric as unknown as Distribution;
}

/** Lists what is wrong with a distribution, given the bounds its values must keep. */
export function distributionProblems(
  distribution: Distribution,
  bounds: Bounds & { above?: boolean },
  must: string,
): QuantityProblem[] {
  const problems: QuantityProblem[] = [];
  const range = bounds.max - bounds.min;
  const inside = (value: number) =>
    (bounds.above === true ? value > bounds.min : value >= bounds.min) && value <= bounds.max;
  const check = (
    path: (string | number)[],
    value: number | undefined,
    ok = inside,
    text = must,
  ) => {
    if (value !== undefined && !ok(value)) problems.push({ path, must: text });
  };
  switch (distribution.dist) {
    case 'constant':
      check(['value'], distribution.value);
      break;
    case 'choice': {
      const { values, weights } = distribution;
      for (let i = 0; i < values.length; i++) check(['values', i], values[i]);
      if (weights === undefined) break;
      const usable = weights.length === values.length && weights.some((one) => one > 0);
      if (!usable)
        problems.push({ path: ['weights'], must: 'one weight for each value, not all 0' });
      break;
    }
    case 'normal':
      check(['mean'], distribution.mean);
      check(['sd'], distribution.sd, (value) => value >= 0 && value <= range, `in 0 to ${range}`);
      check(['min'], distribution.min);
      check(['max'], distribution.max);
      break;
    case 'lognormal':
      check(['median'], distribution.median, (value) => value > 0, 'above 0');
      check(['median'], distribution.median);
      check(['min'], distribution.min);
      check(['max'], distribution.max);
      break;
    case 'loguniform':
    case 'pareto':
      check(['min'], distribution.min, (value) => value > 0, 'above 0');
      check(['min'], distribution.min);
      check(['max'], distribution.max);
      break;
    case 'uniform':
      check(['min'], distribution.min);
      check(['max'], distribution.max);
      break;
  }
  if ('min' in distribution || 'max' in distribution) {
    const { min, max } = distribution;
    if (min !== undefined && max !== undefined && !(min <= max)) {
      problems.push({ path: ['max'], must: 'at least min' });
    }
  }
  return problems;
}

function addProblems(
  quantity: ParameterQuantity,
  bounds: Bounds & { above?: boolean },
  must: string,
  context: z.core.$RefinementCtx,
): void {
  const distribution = toDistribution(quantity);
  const isPlain = typeof quantity !== 'object';
  for (const problem of distributionProblems(distribution, bounds, must)) {
    context.addIssue({
      code: 'custom',
      path: isPlain ? [] : problem.path,
      message: `must be ${problem.must}`,
    });
  }
}

/** A number or a distribution of numbers, each agent drawing its own. */
export function numberQuantity(field: NumberField) {
  const must = numberMust(field);
  return z
    .union([z.number(), numberDistribution], {
      error: `must be ${must}, or a distribution {dist: ...}`,
    })
    .superRefine((quantity, context) => addProblems(quantity, field, must, context))
    .meta({ description: `${field.doc} [${field.unit}, ${field.min} to ${field.max}]` });
}

const durationError = { error: 'must be a duration such as "100ms" or "8h"' };
const durationText = z.string(durationError).regex(DURATION_PATTERN, durationError);

/** A duration or a distribution of durations, each agent drawing its own. */
export function durationQuantity(field: DurationField) {
  const bounds = { min: durationMicros(field.min), max: durationMicros(field.max) };
  const must = `a duration in ${field.min} to ${field.max}, such as "100ms" or "8h"`;
  const error = { error: `must be ${must}` };
  const plain = z.string(error).regex(DURATION_PATTERN, error);
  return z
    .union([plain, durationDistribution], {
      error: `must be ${must}, or a distribution {dist: ...}`,
    })
    .superRefine((quantity, context) => addProblems(quantity, bounds, must, context))
    .meta({ description: `${field.doc} [duration, ${field.min} to ${field.max}]` });
}

/** A strategy parameter as written: its bounds are the strategy's, checked later. */
export const parameterQuantity = z
  .union([z.number(), durationText, mixedDistribution], {
    error: 'must be a number, a duration or a distribution {dist: ...}',
  })
  .meta({ description: 'A value, or a distribution that each agent draws from' });

/** Value of a strategy parameter as written. */
export type ParameterQuantity = Quantity<number | string>;
