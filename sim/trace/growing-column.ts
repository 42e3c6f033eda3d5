/** Columns whose length is known only when the last row has been seen. */

/** A Float64 column that doubles as it fills. */
export class GrowingColumn {
  #values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  /** Replaces the value of row `row`. */
  set(row: number, value: number): void {
    this.#values[row] = value;
  }

  at(row: number): number {
    return this.#values[row];
  }

  /** Returns rows [from, to) as a view. */
  slice(from: number, to: number): Float64Array {
    return this.#values.subarray(from, to);
  }
}
