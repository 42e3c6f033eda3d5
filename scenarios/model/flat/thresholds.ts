/** Thresholds of a flat book: a Poisson process, from the start price downwards. */
import { RandomSource } from '../../../sim/kernel/index.js';
import type { RandomStream } from '../../../sim/kernel/index.js';
import { STEP_TICKS } from './terms.js';
import type { FlatTerms } from './terms.js';

/**
 * Draws thresholds as real depths below the start price, ticks, ascending.
 *
 * Their number in a tick is Poisson: mean theta / D in each of the D ticks of the shock, R / 8 in each
 * further one. They are drawn by exponential gaps, one draw of the seed's stream a gap, so that how
 * many are drawn at a time changes none of them. There are at most `cap`, and none deeper than a cascade
 * of `cap` accounts reaches.
 */
export class Thresholds {
  /** Depths drawn so far, in ascending order: the first `count` entries. */
  readonly depths: Float64Array;
  count = 0;
  /** Depth of the first that is not drawn yet; Infinity when there are no more. */
  next = 0;
  private readonly terms: FlatTerms;
  private stream: RandomStream;
  /** The next one's place on the scale on which the process has rate 1. */
  private place = 0;
  private draws = 0;

  constructor(terms: FlatTerms, seed: number) {
    this.terms = terms;
    this.depths = new Float64Array(terms.cap);
    this.stream = streamOf(seed);
    this.begin(seed);
  }

  /** Begins anew with another seed; nothing is drawn yet. */
  begin(seed: number): void {
    this.stream = streamOf(seed);
    this.count = 0;
    this.place = 0;
    this.draws = 0;
    this.advance();
  }

  /** Draws all thresholds down to a depth, ticks. O(drawn). */
  drawTo(depth: number): void {
    while (this.next <= depth) {
      this.depths[this.count++] = this.next;
      this.advance();
    }
  }

  private advance(): void {
    const { R, theta, cap, depthTicks, shockTicks } = this.terms;
    this.next = Infinity;
    if (this.count === cap) return;
    this.place += this.stream.exponential(0, 0, this.draws++);
    if (this.place < theta) this.next = (this.place / theta) * shockTicks;
    else if (R > 0) this.next = shockTicks + ((this.place - theta) * STEP_TICKS) / R;
    if (this.next >= depthTicks) this.next = Infinity;
  }
}

function streamOf(seed: number): RandomStream {
  return new RandomSource(seed).stream('flat/thresholds');
}

/** Returns the number of thresholds of a seed, and so of accounts at risk. */
export function countThresholds(terms: FlatTerms, seed: number): number {
  const thresholds = new Thresholds(terms, seed);
  thresholds.drawTo(terms.depthTicks);
  return thresholds.count;
}
