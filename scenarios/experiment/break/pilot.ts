/** A first look at a range: which way violations go, whether steadily, and where they begin. */
import { isotonicFit } from '../../../sim/metrics/index.js';
import { signTest } from '../../../sim/statistics/index.js';
import { spreadOf } from './value-grid.js';
import type { DialRange } from './value-grid.js';

/** Runs at one value with the seeds common to all; null of a run that could not be made. */
export interface PilotPoint {
  value: number;
  violated: readonly (boolean | null)[];
}

/** What the first look says. */
export interface Trend {
  /** `rising`: larger values break more; `falling`: smaller ones do. */
  direction: 'rising' | 'falling';
  /** Largest distance of a frequency from the nearest curve in that direction. */
  violation: number;
  /** Values between which violations go the other way, beyond chance; null where none do. */
  against: { from: number; to: number } | null;
}

const POINTS = 9;
const EXTENSION_POINTS = 3;
/** Chance with which a reversal is seen where there is none, over all pairs of values. */
const REVERSAL_ERROR = 0.05;
const DIRECTION_ERROR = 0.05;

/** Returns the values first looked at. */
export function pilotValues(range: DialRange): number[] {
  return roundedIf(range, spreadOf(range, POINTS - 1));
}

/** Returns the values between an end of the range and a further end. */
export function extensionValues(range: DialRange): number[] {
  return roundedIf(range, spreadOf(range, EXTENSION_POINTS));
}

function roundedIf({ isWhole }: DialRange, values: number[]): number[] {
  return isWhole ? [...new Set(values.map(Math.round))] : values.map((one) => Number(one.toPrecision(6)));
}

/** Returns the part of the runs that violate; NaN where none could be made. */
export function frequencyOf({ violated }: PilotPoint): number {
  const made = violated.filter((one) => one !== null);
  return made.filter(Boolean).length / made.length;
}

/** Judges points in ascending order of their values. */
export function trendOf(points: readonly PilotPoint[]): Trend {
  const last = points.length - 1;
  const fall = reversals(points[0], points[last]);
  const isFalling = fall.down > fall.up && signTest(fall.down, fall.up) < DIRECTION_ERROR;
  const inOrder = isFalling ? [...points].reverse() : points;
  const frequency = inOrder.map(frequencyOf);
  const fit = isotonicFit(frequency);
  const violation = Math.max(...frequency.map((one, i) => Math.abs(one - fit[i])));
  return { direction: isFalling ? 'falling' : 'rising', violation, against: firstAgainst(inOrder) };
}

/** Finds a pair of values at which seeds violate at the milder and not at the harsher too often. */
function firstAgainst(points: readonly PilotPoint[]): Trend['against'] {
  const pairs = (points.length * (points.length - 1)) / 2;
  for (let j = 1; j < points.length; j++) {
    for (let i = 0; i < j; i++) {
      const { up, down } = reversals(points[i], points[j]);
      if (down <= up || signTest(down, up) * pairs >= REVERSAL_ERROR) continue;
      return { from: points[i].value, to: points[j].value };
    }
  }
  return null;
}

/** Counts seeds that violate at one of two values alone: McNemar's pairs. */
function reversals(a: PilotPoint, b: PilotPoint): { up: number; down: number } {
  let [up, down] = [0, 0];
  a.violated.forEach((one, k) => {
    const other = b.violated[k];
    if (one === null || other === null || one === other) return;
    if (one) down++;
    else up++;
  });
  return { up, down };
}
