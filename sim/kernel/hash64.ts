import { avalanche32 } from './mixing.js';

const SEED_LOW = 0x243f6a88 | 0;
const SEED_HIGH = 0x85a308d3 | 0;
const MULTIPLIER_LOW = 0x9e3779b1 | 0;
const MULTIPLIER_HIGH = 0x85ebca77 | 0;

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/**
 * Folds integers, floats and texts, in order, into 64 bits. Not cryptographic. Each fold is a
 * bijection of the state, so equal states stay equal and different ones stay different while the
 * same input follows. `low` and `high` are the whole state: set them to continue an earlier fold.
 */
export class Hash64 {
  low = SEED_LOW;
  high = SEED_HIGH;

  reset(): void {
    this.low = SEED_LOW;
    this.high = SEED_HIGH;
  }

  /** Folds the low 32 bits of an integer. */
  int(x: number): void {
    const a = Math.imul(this.low ^ x, MULTIPLIER_LOW);
    const b = Math.imul(this.high ^ ((a << 15) | (a >>> 17)), MULTIPLIER_HIGH);
    this.low = (a + ((b << 13) | (b >>> 19))) | 0;
    this.high = b;
  }

  /** Folds the eight bytes of a float64; -0 counts as 0 and every NaN as the same one. */
  float(x: number): void {
    // Adding 0 turns -0 into 0; a NaN's payload differs between machines, so it is replaced.
    if (x !== x) {
      this.int(0);
      this.int(0x7ff80000);
      return;
    }
    float[0] = x + 0;
    this.int(words[0]);
    this.int(words[1]);
  }

  /** Folds the length and the UTF-16 units of a text. */
  text(text: string): void {
    this.int(text.length);
    for (let i = 0; i < text.length; i++) this.int(text.charCodeAt(i));
  }

  /** Returns the state, avalanched, as 16 lower-case hexadecimal digits; the state stays. */
  hex(): string {
    const first = avalanche32(this.low ^ avalanche32(this.high));
    const second = avalanche32(this.high ^ first);
    return second.toString(16).padStart(8, '0') + first.toString(16).padStart(8, '0');
  }
}
