/**
 * Who last moved a price through each of its levels.
 *
 * For falls, each level between the present price and the running maximum is owned by the event
 * that most recently moved the price down through it; a rise deletes the ownership of the levels it
 * recrosses. Rises are the mirror image, in coordinates c = -price. The segments are contiguous from the
 * price upwards, so a stack of their upper ends holds them: a move costs amortised O(1), finding a
 * level O(log segments).
 */
import { assert } from '../kernel/index.js';
import type { CauseEvent } from './cause-event.js';
import type { Mixture, MixturePool } from './mixture.js';
import type { NumberSink, NumberSource } from './number-stream.js';

const FIELDS = 8;

/** Ownership of the levels of one price in one direction. */
export class OwnershipLedger {
  /** 1: falls are owned (longs); -1: rises (shorts). */
  readonly sign: number;
  /** Segments, the outermost first; segment i covers [tops[i + 1], tops[i]), the last from `at`. */
  count = 0;
  /** The present price in ledger coordinates. */
  at: number;
  private tops = new Float64Array(64);
  /** seq, kinds, account, liquidation, generations, root, mixture + 1; one spare. */
  private owners = new Float64Array(64 * FIELDS);
  private readonly mixtures: MixturePool;

  constructor(sign: 1 | -1, price: number, mixtures: MixturePool) {
    this.sign = sign;
    this.at = sign * price;
    this.mixtures = mixtures;
  }

  /** Moves the price; levels passed the owned way come to belong to `owner`, or to `mixture`. */
  move(price: number, owner: CauseEvent, mixture: Mixture | null = null): void {
    const to = this.sign * price;
    const from = this.at;
    this.at = to;
    if (to < from) this.push(from, owner, mixture);
    else if (to > from) this.recross(to);
  }

  /** Begins anew at a price, with nothing owned. */
  reset(price: number): void {
    while (this.count > 0) this.pop();
    this.at = this.sign * price;
  }

  /**
   * Returns the segment that owns a level in ledger coordinates, -1 when nobody does.
   * O(log segments).
   */
  segmentAt(level: number): number {
    if (level < this.at || this.count === 0 || level >= this.tops[0]) return -1;
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] > level) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Returns the upper end (exclusive) of a segment. */
  topOf(segment: number): number {
    return this.tops[segment];
  }

  /** Returns the lower end of a segment. */
  bottomOf(segment: number): number {
    return segment + 1 < this.count ? this.tops[segment + 1] : this.at;
  }

  /**
   * Finds the segments that own most of the levels from the price to `to` (exclusive): their numbers
   * and widths, the widest first, of equals the latest. Returns how many, at most `places.length`.
   * O(segments between).
   */
  widest(to: number, places: Int32Array, widths: Float64Array): number {
    const { tops } = this;
    let found = 0;
    let low = this.at;
    for (let i = this.count - 1; i >= 0 && low < to; i--) {
      const top = tops[i];
      const width = (top < to ? top : to) - low;
      low = top;
      if (found === places.length && width <= widths[found - 1]) continue;
      let k = found < places.length ? found++ : found - 1;
      for (; k > 0 && widths[k - 1] < width; k--) {
        widths[k] = widths[k - 1];
        places[k] = places[k - 1];
      }
      widths[k] = width;
      places[k] = i;
    }
    return found;
  }

  /** Copies the owner of a segment; of a mixture, its heaviest part. */
  owner(segment: number, into: CauseEvent): void {
    const o = this.owners;
    const f = segment * FIELDS;
    into.seq = o[f];
    into.kinds = o[f + 1];
    into.account = o[f + 2];
    into.liquidation = o[f + 3];
    into.generations = o[f + 4];
    into.root = o[f + 5];
  }

  /** Returns the mixture that owns a segment, null for a single owner. */
  mixtureOf(segment: number): Mixture | null {
    const slot = this.owners[segment * FIELDS + 6];
    return slot === 0 ? null : this.mixtures.get(slot - 1);
  }

  /** Verifies that the segments descend to the price. @throws Error */
  check(): void {
    for (let i = 0; i < this.count; i++) {
      assert(this.tops[i] > this.bottomOf(i), 'segments of an ownership ledger descend');
    }
  }

  write(sink: NumberSink): void {
    sink.float(this.at);
    sink.float(this.count);
    for (let i = 0; i < this.count; i++) {
      sink.float(this.tops[i]);
      for (let k = 0; k < 6; k++) sink.float(this.owners[i * FIELDS + k]);
      this.mixtures.write(this.mixtureOf(i), sink);
    }
  }

  read(source: NumberSource): void {
    while (this.count > 0) this.pop();
    this.at = source.float();
    const count = source.float();
    for (let i = 0; i < count; i++) {
      this.room();
      this.tops[i] = source.float();
      for (let k = 0; k < 6; k++) this.owners[i * FIELDS + k] = source.float();
      this.owners[i * FIELDS + 6] = this.mixtures.read(source) + 1;
      this.count++;
    }
  }

  private push(from: number, owner: CauseEvent, mixture: Mixture | null): void {
    const last = this.count - 1;
    // The same event goes on: its segment grows downwards by itself.
    if (mixture === null && last >= 0 && this.owners[last * FIELDS] === owner.seq) {
      if (this.owners[last * FIELDS + 6] === 0) return;
    }
    this.room();
    const o = this.owners;
    const f = this.count * FIELDS;
    this.tops[this.count] = from;
    o[f] = owner.seq;
    o[f + 1] = owner.kinds;
    o[f + 2] = owner.account;
    o[f + 3] = owner.liquidation;
    o[f + 4] = owner.generations;
    o[f + 5] = owner.root;
    o[f + 6] = mixture === null ? 0 : this.mixtures.keep(mixture) + 1;
    this.count++;
  }

  private recross(to: number): void {
    while (this.count > 0 && this.tops[this.count - 1] <= to) this.pop();
  }

  private pop(): void {
    this.count--;
    const slot = this.owners[this.count * FIELDS + 6];
    if (slot !== 0) this.mixtures.release(slot - 1);
  }

  private room(): void {
    if (this.count < this.tops.length) return;
    const tops = new Float64Array(this.count * 2);
    tops.set(this.tops);
    this.tops = tops;
    const owners = new Float64Array(this.count * 2 * FIELDS);
    owners.set(this.owners);
    this.owners = owners;
  }
}
