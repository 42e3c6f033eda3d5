/** What the agents of a walk are shown: a drawn path, and the terms it is drawn from. */
import { exp, RandomSource, type RandomStream } from '../kernel/index.js';
import { LiquidationMap } from '../strategy/index.js';

export const WALK_STEPS = 60;
export const WALK_BAR_MICROS = 60e6;

/** Who the agents are and what they see: everything that a walk depends on. */
export interface WalkTerms {
  seed: number;
  startTicks: number;
  volatility: number;
  inverse: boolean;
  equityQuote: number;
  leverageMax: number;
  band: number;
  crowding: number;
}

/** Draws the terms of walk number k. */
export function drawTerms(stream: RandomStream, k: number): WalkTerms {
  const pick = <T>(lane: number, from: readonly T[]): T =>
    from[Math.floor(stream.uniform(lane, k, 0) * from.length)];
  return {
    seed: Math.floor(stream.uniform(0, k, 0) * 1e6),
    startTicks: 2000 + Math.floor(stream.uniform(1, k, 0) * 198_000),
    volatility: pick(2, [0.001, 0.01, 0.05]),
    inverse: pick(3, [false, true]),
    equityQuote: pick(4, [50, 1000, 12_345.67]),
    leverageMax: pick(5, [0.5, 1, 3, 25]),
    band: pick(6, [0, 0.1, 0.5]),
    crowding: pick(7, [0, 0.5, 1]),
  };
}

/** What is shown, a bar a step; prices in ticks. */
export interface WalkPath {
  marks: number[];
  index: number[];
  /** Liquidation maps, one after the other, notional at scale 1. */
  maps: Float64Array;
}

function drawPath(terms: WalkTerms, name: string, hasMap: boolean): WalkPath {
  const stream = new RandomSource(terms.seed).stream(name);
  const marks: number[] = [];
  const index: number[] = [];
  const maps = new Float64Array(hasMap ? WALK_STEPS * LiquidationMap.length : 0);
  let mark = terms.startTicks;
  for (let k = 0; k < WALK_STEPS; k++) {
    marks.push(mark);
    const gap = terms.volatility * stream.normal(1, 0, k);
    index.push(Math.max(Math.round(mark * (1 + gap)), 2));
    const at = k * LiquidationMap.length;
    for (let bucket = LiquidationMap.below; hasMap && bucket < LiquidationMap.length; bucket++) {
      // Most buckets are empty, some hold a crowd.
      const crowd = stream.uniform(2, bucket, k) < 0.2 ? stream.exponential(3, bucket, k) : 0;
      maps[at + bucket] = 100 * terms.equityQuote * crowd;
    }
    if (hasMap) {
      maps[at + LiquidationMap.mark] = mark;
      maps[at + LiquidationMap.time] = k * WALK_BAR_MICROS;
    }
    mark = Math.max(Math.round(mark * exp(terms.volatility * stream.normal(0, 0, k))), 2);
  }
  return { marks, index, maps };
}

/** Draws the path of a walk; from step `otherFrom` on it is another one's. */
export function walkPath(terms: WalkTerms, hasMap: boolean, otherFrom?: number): WalkPath {
  const own = drawPath(terms, 'walk/path', hasMap);
  if (otherFrom === undefined) return own;
  const other = drawPath(terms, 'walk/other', hasMap);
  const pick = (mine: number[], others: number[]) =>
    mine.map((value, k) => (k < otherFrom ? value : others[k]));
  const maps = own.maps.slice();
  if (hasMap) {
    const at = otherFrom * LiquidationMap.length;
    maps.set(other.maps.subarray(at), at);
  }
  return { marks: pick(own.marks, other.marks), index: pick(own.index, other.index), maps };
}
