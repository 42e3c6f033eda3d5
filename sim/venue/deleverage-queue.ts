/**
 * The queue of auto-deleveraging: opposing accounts, highest score first.
 *
 * Nothing is kept in order between events. When one comes, everybody opposite is scored once and a
 * heap gives as many as are needed: O(accounts + taken x log accounts).
 */
import type { Ledger } from '../account/index.js';
import { mix32 } from '../kernel/index.js';
import { bitmexScore } from '../risk/index.js';
import type { Instrument } from './instrument.js';

/** A heap of accounts by (score descending, hash of seed and account key, account). */
export class DeleverageQueue {
  private readonly ledger: Ledger;
  private readonly tieKeys: Uint32Array;
  private seed: number;
  private accounts = new Int32Array(0);
  private scores = new Float64Array(0);
  private count = 0;

  constructor(ledger: Ledger, tieKeys: Uint32Array, seed: number) {
    this.ledger = ledger;
    this.tieKeys = tieKeys;
    this.seed = seed;
  }

  /** Breaks ties by another seed from now on. */
  reseed(seed: number): void {
    this.seed = seed;
  }

  /**
   * Scores every account whose position in the instrument has the sign of `side`; `equityOf` gives
   * the equity in quanta that stands behind the position. The last account, the desk, is left out.
   */
  fill(
    one: Instrument,
    side: number,
    equityOf: (account: number, instrument: number) => number,
  ): void {
    const ledger = this.ledger;
    const desk = ledger.accounts - 1;
    if (this.accounts.length === 0) {
      this.accounts = new Int32Array(desk);
      this.scores = new Float64Array(desk);
    }
    let count = 0;
    for (let account = 0; account < desk; account++) {
      const size = ledger.sizeOf(account, one.number);
      if (size * side <= 0) continue;
      const value = one.contract.signedValue(size, one.markTicks);
      const bankrupt = value - equityOf(account, one.number);
      const score = bitmexScore(value, ledger.costOf(account, one.number), bankrupt);
      this.scores[account] = score === score ? score : 0;
      this.accounts[count++] = account;
    }
    this.count = count;
    for (let at = (count >> 1) - 1; at >= 0; at--) this.sink(at);
  }

  /** Removes the first account of the queue and returns it, -1 when it is empty. */
  pop(): number {
    if (this.count === 0) return -1;
    const first = this.accounts[0];
    this.count--;
    this.accounts[0] = this.accounts[this.count];
    this.sink(0);
    return first;
  }

  private sink(from: number): void {
    const accounts = this.accounts;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) return;
      if (child + 1 < this.count && this.before(accounts[child + 1], accounts[child])) child++;
      if (!this.before(accounts[child], accounts[at])) return;
      const account = accounts[at];
      accounts[at] = accounts[child];
      accounts[child] = account;
      at = child;
    }
  }

  private before(a: number, b: number): boolean {
    if (this.scores[a] !== this.scores[b]) return this.scores[a] > this.scores[b];
    const tie = mix32(this.seed, this.tieKeys[a], 1) - mix32(this.seed, this.tieKeys[b], 1);
    return tie !== 0 ? tie < 0 : a < b;
  }
}
