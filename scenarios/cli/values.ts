/** Turns the words of a command line into values, each refusal in one line. */
import { UserError } from '../../sim/kernel/index.js';

/** Bounds of a number given as an option. */
export interface IntegerBounds {
  min: number;
  max: number;
  fallback: number;
}

/** Returns an option given at most once, as text. @throws UserError `usage/value` */
export function readText(args: Record<string, unknown>, name: string): string | undefined {
  const value = args[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value)) {
    throw new UserError('usage/value', `--${name} was given ${value.length} times; give it once`);
  }
  const text = String(value);
  if (text === '') throw new UserError('usage/value', `--${name} was empty; give it a value`);
  return text;
}

/** Returns an option as a whole number within bounds. @throws UserError `usage/value` */
export function readInteger(
  args: Record<string, unknown>,
  name: string,
  bounds: IntegerBounds,
): number {
  const text = readText(args, name);
  if (text === undefined) return bounds.fallback;
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= bounds.min && value <= bounds.max)) {
    const must = `must be a whole number in ${bounds.min} to ${bounds.max}`;
    throw new UserError('usage/value', `--${name} was ${text}, ${must}`);
  }
  return value;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Returns a decimal number, NaN when the text is none: `1.5`, `-2`, `1e5`. */
export function parseNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : NaN;
}

/** Returns an option as a finite number; undefined when not given. @throws UserError `usage/value` */
export function readNumber(args: Record<string, unknown>, name: string): number | undefined {
  const text = readText(args, name);
  if (text === undefined) return undefined;
  const value = parseNumber(text);
  if (Number.isFinite(value)) return value;
  throw new UserError('usage/value', `--${name} was "${text}", must be a number`);
}

/** Returns an option as a number within bounds, both allowed. @throws UserError `usage/value` */
export function readNumberIn(
  args: Record<string, unknown>,
  name: string,
  { min, max, fallback }: IntegerBounds,
): number {
  const value = readNumber(args, name);
  if (value === undefined) return fallback;
  if (value >= min && value <= max) return value;
  throw new UserError('usage/value', `--${name} was ${value}, must be a number in ${min} to ${max}`);
}

/** Returns the values of an option that may be repeated. */
export function readList(args: Record<string, unknown>, name: string): string[] {
  const value = args[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** Returns whether a flag is on. */
export function readFlag(args: Record<string, unknown>, name: string): boolean {
  return args[name] === true;
}
