/** Building blocks of the scenario schema: each states its meaning, unit, bounds and error text. */
import { z } from 'zod';
import { DURATION_PATTERN, durationMicros } from './duration.js';
import { didYouMean } from './nearest.js';

/** What a numeric field may hold. */
export interface NumberField {
  doc: string;
  unit: string;
  min: number;
  max: number;
  /** The lower bound itself is not allowed. */
  above?: boolean;
  integer?: boolean;
}

/** Says what a number must be, with its unit: `a number in (0, 1] [fraction]`. */
export function numberMust(field: Omit<NumberField, 'doc'>): string {
  const noun = field.integer === true ? 'an integer' : 'a number';
  const open = field.above === true ? '(' : '[';
  return `${noun} in ${open}${field.min}, ${field.max}] [${field.unit}]`;
}

/** A number within bounds. */
export function number(field: NumberField): z.ZodNumber {
  const error = `must be ${numberMust(field)}`;
  let schema = field.integer === true ? z.int({ error }) : z.number({ error });
  schema =
    field.above === true ? schema.gt(field.min, { error }) : schema.min(field.min, { error });
  return schema.max(field.max, { error }).meta({ description: `${field.doc} [${field.unit}]` });
}

/** A whole number within bounds. */
export function integer(field: NumberField): z.ZodNumber {
  return number({ ...field, integer: true });
}

/** What a duration may be: bounds as durations. */
export interface DurationField {
  doc: string;
  min: string;
  max: string;
}

/** A duration with its unit, as text. */
export function duration(field: DurationField): z.ZodString {
  const bounds = `${field.min} to ${field.max}`;
  const error = `must be a duration in ${bounds}, such as "100ms", "8h" or "26h15m"`;
  const min = durationMicros(field.min);
  const max = durationMicros(field.max);
  return z
    .string({ error })
    .regex(DURATION_PATTERN, { error, abort: true })
    .refine((text) => durationMicros(text) >= min && durationMicros(text) <= max, { error })
    .meta({ description: `${field.doc} [duration, ${bounds}]` });
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(doc: string, words: T) {
  return z
    .enum(words, {
      error: (issue) => {
        const near = typeof issue.input === 'string' ? didYouMean(issue.input, words) : '';
        return `must be one of ${words.join(', ')}${near}`;
      },
    })
    .meta({ description: doc });
}

/** A word of lower-case letters, digits and hyphens; `pattern` allows others. */
export function name(doc: string, pattern = /^[a-z0-9][a-z0-9-]*$/): z.ZodString {
  const error = `must be a name such as "black-thursday-2020" (${pattern.source})`;
  return z
    .string({ error })
    .regex(pattern, { error })
    .max(64, { error })
    .meta({ description: doc });
}

/** Free text. */
export function text(doc: string): z.ZodString {
  const error = 'must be text of at most 4000 characters';
  return z.string({ error }).max(4000, { error }).meta({ description: doc });
}

/** Yes or no. */
export function flag(doc: string): z.ZodBoolean {
  return z.boolean({ error: 'must be true or false' }).meta({ description: doc });
}

/** A mapping with exactly these keys. */
export function object<T extends z.core.$ZodLooseShape>(doc: string, shape: T) {
  const keys = Object.keys(shape);
  return z
    .strictObject(shape, {
      error: (issue) => {
        if (issue.code !== 'unrecognized_keys') return `must be a mapping with ${keys.join(', ')}`;
        const unknown = String(issue.keys[0]);
        const near = didYouMean(unknown, keys);
        return near === '' ? `must be one of ${keys.join(', ')}` : `is not a key here${near}`;
      },
    })
    .meta({ description: doc });
}

/** A sequence. */
export function list<T extends z.ZodType>(doc: string, item: T, min: number, max: number) {
  const error = `must be a sequence of ${min} to ${max} items`;
  return z
    .array(item, { error })
    .min(min, { error })
    .max(max, { error })
    .meta({ description: doc });
}

/** A mapping whose key `key` says which of several it is. */
export function variants<
  const T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(doc: string, key: string, words: readonly string[], options: T) {
  return z
    .discriminatedUnion(key, options, {
      error: (issue) => {
        const input = issue.input as Record<string, unknown> | null | undefined;
        const was = typeof input === 'object' && input !== null ? input[key] : undefined;
        const near = typeof was === 'string' ? didYouMean(was, words) : '';
        return `must have ${key}: one of ${words.join(', ')}${near}`;
      },
    })
    .meta({ description: doc });
}
