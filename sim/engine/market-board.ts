/** The ring of published market snapshots: what agents can see, and since when. */
import type { Memory } from '../kernel/index.js';
import { assert } from '../kernel/index.js';
import { MARKET_FIELDS, MarketField } from '../strategy/index.js';

/**
 * Snapshot k shows the market at the end of its window. An agent with feed latency L sees, at time t,
 * the newest snapshot whose window ended by t - L. Windows without an input publish nothing.
 */
export class MarketBoard {
  readonly values: Float64Array;
  /** Float64 values per snapshot (all instruments). */
  readonly stride: number;
  readonly #mask: number;
  readonly #published: Float64Array;
  readonly #windowMicros: number;

  constructor(
    memory: Memory,
    options: { instruments: number; windowMicros: number; latencyMicrosMax: number },
  ) {
    this.stride = options.instruments * MARKET_FIELDS;
    this.#windowMicros = options.windowMicros;
    let ring = 16;
    const windows = Math.ceil(options.latencyMicrosMax / options.windowMicros) + 8;
    while (ring < windows) ring *= 2;
    this.#mask = ring - 1;
    this.values = memory.float64('board.values', ring * this.stride);
    this.#published = memory.float64('board.published', 1);
  }

  /** How many snapshots have been published. */
  get published(): number {
    return this.#published[0];
  }

  /** Snapshots kept. */
  get ring(): number {
    return this.#mask + 1;
  }

  /** Offset of the slot the next snapshot is written to; `publish` then makes it visible. */
  nextOffset(): number {
    return (this.#published[0] & this.#mask) * this.stride;
  }

  /** Makes the snapshot at `nextOffset` visible. */
  publish(): void {
    this.#published[0]++;
  }

  /** Goes on after `published` snapshots; the caller restores `values`. */
  resume(published: number): void {
    this.#published[0] = published;
  }

  /** Offset of the newest snapshot. */
  newestOffset(): number {
    return ((this.#published[0] - 1) & this.#mask) * this.stride;
  }

  /** Offset of the newest snapshot among the first `published` whose window ended by `timeMicros`. */
  visibleOffset(timeMicros: number, published: number): number {
    const windowMax = Math.floor(timeMicros / this.#windowMicros) - 1;
    const { values, stride } = this;
    const mask = this.#mask;
    const last = published - 1;
    const oldest = last > mask - 1 ? last - mask + 1 : 0;
    // Windows ascend by one or more per snapshot, so no earlier snapshot than this can be the one.
    let k = last - (values[(last & mask) * stride + MarketField.window] - windowMax);
    if (k > last) k = last;
    if (k < oldest) k = oldest;
    while (k < last && values[((k + 1) & mask) * stride + MarketField.window] <= windowMax) k++;
    return (k & mask) * stride;
  }

  /** Checks that windows ascend. */
  check(): void {
    const n = this.#published[0];
    for (let k = Math.max(1, n - this.#mask); k < n; k++) {
      const a = this.values[((k - 1) & this.#mask) * this.stride + MarketField.window];
      const b = this.values[(k & this.#mask) * this.stride + MarketField.window];
      assert(a < b, `market board: window ${b} was published after ${a}`);
    }
  }
}
