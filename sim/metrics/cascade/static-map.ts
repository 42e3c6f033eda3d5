/** What the book and the thresholds say before anything happens: ex-ante R and the static cascade. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/**
 * Returns R(p) = Q'(p) / D(p) for every level: what must be liquidated per unit of price over what
 * rests there to be executed, both on the same side of the move and in the same unit. 0 where
 * neither is, Infinity where only the first is.
 */
export function exAnteReproduction(
  liquidatable: ArrayLike<number>,
  resting: ArrayLike<number>,
): Float64Array {
  assert(liquidatable.length === resting.length, `${liquidatable.length} levels for ${resting.length}`);
  return Float64Array.from(liquidatable, (q, k) => (q === 0 ? 0 : q / resting[k]));
}

/** Where a map is highest. */
export interface MapPeak {
  /** Index of the first highest level; -1 of an empty map. */
  level: number;
  value: number;
}

/** Returns the peak of R(p). */
export function mapPeak(map: ArrayLike<number>): MapPeak {
  let level = -1;
  for (let k = 0; k < map.length; k++) if (level < 0 || map[k] > map[level]) level = k;
  return { level, value: level < 0 ? NaN : map[level] };
}

/** Densities by distance below the price before the shock. */
export interface StaticMap {
  /** Ascending distances x_0 = 0 < x_1 < ... that bound the bins. */
  edges: ArrayLike<number>;
  /** Quantity to liquidate per unit of distance, in each bin. */
  liquidatable: ArrayLike<number>;
  /** Quantity resting per unit of distance, in each bin. */
  resting: ArrayLike<number>;
}

/**
 * Returns x*, the smallest x >= `shock` with Q(x) <= B(x) - B(shock): where a fall that starts with
 * `shock` comes to rest when all that lies above is liquidated into all that rests below the shock.
 * Q and B are the cumulative quantities, linear within a bin. Infinity where the map ends first.
 */
export function staticCascadeEnd({ edges, liquidatable, resting }: StaticMap, shock: number): number {
  const bins = liquidatable.length;
  assert(edges.length === bins + 1 && resting.length === bins, 'a map has one edge more than bins');
  let excess = 0;
  for (let k = 0; k < bins; k++) {
    const from = edges[k];
    const to = edges[k + 1];
    const upper = Math.min(Math.max(shock, from), to);
    // Above the shock's end nothing rests any more.
    excess += liquidatable[k] * (upper - from);
    if (to <= shock) continue;
    if (excess <= 0) return upper;
    const slope = liquidatable[k] - resting[k];
    const after = excess + slope * (to - upper);
    if (after <= 0) return Math.min(to, upper - excess / slope);
    excess = after;
  }
  return Infinity;
}

const common = { group: 'cascade', over: 'world' } as const;

export const staticMapMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'reproductionNumber.exAnte',
    doc: 'The reproduction number that the book and the thresholds imply at a price, before any fall.',
    formula:
      'R(p) = Q\'(p) / D(p): quantity to liquidate per unit of price over resting quantity per unit ' +
      'of price, both on the side the move meets',
    unit: 'liquidations per liquidation',
    estimator: 'exact thresholds and the live book, per level; the peak and where it lies',
    interval: 'none within a state; bootstrap over runs',
    source: 'mean of an M/D/1 busy period: Borel 1942',
    test: 'R13: constant densities give R',
  },
  {
    ...common,
    name: 'cascade.staticEnd',
    doc: 'How far a fall goes in the end if every threshold on its way sells into the present book.',
    formula:
      'x* = smallest x >= shock with Q(x) <= B(x) - B(shock); Q, B: cumulative liquidations and ' +
      'depth within x of the price',
    unit: 'price',
    estimator: 'exact crossing of piecewise linear cumulatives',
    interval: 'none: deterministic',
    source: 'fixed point as in Eisenberg & Noe 2001, for one book',
    test: 'depth 4 + 0.8x, thresholds 3x and 6x, shock 1: 2.294 and 6.653',
  },
];
