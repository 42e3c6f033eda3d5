/** The axes of a design: factors by themselves, and mixes whose shares move together. */
import type { FactorLaw, FactorLevel } from '../../../sim/design/index.js';
import type { Factor } from './study-schema.js';

/** Something that is varied by itself. */
export interface Axis {
  /** Name of the factor, or of the simplex. */
  name: string;
  /** Places of its factors in the study. */
  factors: readonly number[];
  /** How coordinates become values; one a factor. */
  laws: readonly FactorLaw[];
  /** Least shares of a mix; null where it is none. */
  lows: readonly number[] | null;
  /** Coordinates on the unit cube: one less than its shares for a mix. */
  width: number;
  /** Number of its levels in a grid, by the design's default. */
  levels(fallback: number): number;
  /** Steps of a mix from nothing to all, in a grid. */
  degree(fallback: number): number;
}

/** Returns the axes of factors, a mix where its first member stands. */
export function designAxes(factors: readonly Factor[]): Axis[] {
  const axes: Axis[] = [];
  const seen = new Set<string>();
  factors.forEach((factor, i) => {
    const { simplex } = factor;
    if (simplex === undefined) axes.push(singleAxis(factor, i));
    else if (!seen.has(simplex)) {
      seen.add(simplex);
      axes.push(mixAxis(simplex, factors));
    }
  });
  return axes;
}

function singleAxis(factor: Factor, i: number): Axis {
  const law = lawOf(factor);
  return {
    name: factor.name,
    factors: [i],
    laws: [law],
    lows: null,
    width: 1,
    levels: (fallback) => {
      if (law.law === 'list') return law.values.length;
      const wanted = factor.levels ?? fallback;
      return law.law === 'integer' ? Math.min(wanted, law.high - law.low + 1) : wanted;
    },
    degree: () => 1,
  };
}

function mixAxis(name: string, factors: readonly Factor[]): Axis {
  const members = factors.flatMap((one, i) => (one.simplex === name ? [i] : []));
  const degree = (fallback: number): number =>
    Math.max(1, (factors[members[0]].levels ?? fallback) - 1);
  return {
    name,
    factors: members,
    laws: members.map((i) => lawOf(factors[i])),
    lows: members.map((i) => factors[i].range?.[0] ?? 0),
    width: members.length - 1,
    levels: (fallback) => latticeSize(members.length, degree(fallback)),
    degree,
  };
}

/** Counts the mixes of `parts` shares in steps of 1 / degree. */
function latticeSize(parts: number, degree: number): number {
  let count = 1;
  for (let i = 1; i < parts; i++) count = (count * (degree + i)) / i;
  return Math.round(count);
}

/** Returns how a factor's coordinate becomes its value. */
export function lawOf({ range, values, transform, distribution }: Factor): FactorLaw {
  if (values !== undefined) return { law: 'list', values: values as FactorLevel[] };
  const [low, high] = range ?? [0, 1];
  switch (distribution?.kind) {
    case 'normal':
      return { law: 'normal', mean: distribution.mean, standardDeviation: distribution.sd, low, high };
    case 'lognormal':
      return { law: 'lognormal', median: distribution.median, logStandardDeviation: distribution.sigma, low, high };
    case 'triangular':
      return { law: 'triangular', low, mode: distribution.mode, high };
    default:
      return { law: transform, low, high };
  }
}
