/** What a schedule has traded of a parent order so far: signed whole lots, rounded to nearest. */
import { remainingFraction } from './almgren-chriss.js';

/** Returns the lots traded after k of n equal slices; two slices differ by a lot at most. */
export function twapLots(parentLots: number, k: number, n: number): number {
  const size = Math.abs(parentLots);
  const lots = k >= n ? size : Math.round((size * k) / n);
  return parentLots < 0 ? -lots : lots;
}

/** Returns the lots traded after k of n slices of an Almgren-Chriss schedule, `urgency` = kappa T. */
export function almgrenChrissLots(
  parentLots: number,
  k: number,
  n: number,
  urgency: number,
): number {
  const size = Math.abs(parentLots);
  const lots = size - Math.round(size * remainingFraction(urgency, k, n));
  return parentLots < 0 ? -lots : lots;
}

/** Returns the lots a participation rate allows in a traded volume, rounded down; unsigned. */
export function participationLots(rate: number, volumeLots: number): number {
  return Math.floor(rate * volumeLots);
}

/**
 * Returns the lots of the next child order: what brings `doneLots` to `scheduledLots`, never against
 * the parent's direction and never beyond what is left of it.
 */
export function childLots(parentLots: number, scheduledLots: number, doneLots: number): number {
  const wanted = scheduledLots - doneLots;
  const left = parentLots - doneLots;
  if (parentLots > 0) return Math.max(Math.min(wanted, left), 0);
  return Math.min(Math.max(wanted, left), 0);
}

/**
 * Returns the part of a child order that leaves the position within `capLots` of zero, or no larger
 * than it is: reductions always pass.
 */
export function withinCap(heldLots: number, child: number, capLots: number): number {
  const after = heldLots + child;
  const most = Math.max(capLots, after * heldLots > 0 ? Math.abs(heldLots) : 0);
  const bounded = Math.min(Math.max(after, -most), most);
  const lots = bounded - heldLots;
  return lots * child > 0 ? lots : 0;
}
