/**
 * Where a series has warmed up: MSER-5. Sources: White 1997 (MSER); White, Cobb & Spratt 2000 (on
 * means of five); Hoad, Robinson & Davies 2010 (what the end of a series may not decide).
 */
import { assert } from '../kernel/index.js';

const BATCH = 5;
/** The last batches are too few to judge a variance by. */
const BATCHES_LEFT_OUT = 5;

/** What a series says of its warm-up. */
export interface WarmUp {
  /** Observations to drop from the start; a multiple of 5. */
  truncation: number;
  /** MSER at the truncation: the squared standard error of the mean of what is kept, about. */
  statistic: number;
  /** Whether the series is too short to tell: MSER is least in its second half. */
  lengthen: boolean;
}

/**
 * Finds the truncation d < half the series that minimises sum over j > d of (Z_j - mean_d)^2 /
 * (k - d)^2 over the k means Z of five observations; a rest below five is left out. Of equal minima
 * the first. O(n).
 */
export function warmUp(values: ArrayLike<number>): WarmUp {
  const batches = Math.floor(values.length / BATCH);
  let mean = 0;
  let squares = 0;
  let half = { at: 0, value: Infinity };
  let whole = half;
  // From the end, so that each step adds one batch to what is kept (Welford 1962).
  for (let d = batches - 1; d >= 0; d--) {
    const kept = batches - d;
    const gap = batchMean(values, d) - mean;
    mean += gap / kept;
    squares += gap * gap * (1 - 1 / kept);
    if (kept <= BATCHES_LEFT_OUT) continue;
    const value = squares / kept / kept;
    if (value <= whole.value) whole = { at: d, value };
    if (2 * d < batches && value <= half.value) half = { at: d, value };
  }
  const lengthen = batches <= 2 * BATCHES_LEFT_OUT || 2 * whole.at >= batches;
  return { truncation: half.at * BATCH, statistic: half.value, lengthen };
}

/**
 * Returns the warm-up that serves several outputs, or seeds: the longest of theirs; too short if
 * any of them is.
 */
export function commonWarmUp(outputs: readonly ArrayLike<number>[]): Omit<WarmUp, 'statistic'> {
  assert(outputs.length > 0, 'a warm-up is that of at least one output');
  const each = outputs.map(warmUp);
  return {
    truncation: Math.max(...each.map(({ truncation }) => truncation)),
    lengthen: each.some(({ lengthen }) => lengthen),
  };
}

function batchMean(values: ArrayLike<number>, batch: number): number {
  let sum = 0;
  for (let i = 0; i < BATCH; i++) sum += values[batch * BATCH + i];
  return sum / BATCH;
}
