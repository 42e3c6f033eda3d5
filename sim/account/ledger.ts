/**
 * The double-entry ledger: wallets, positions and the pots that are nobody's account.
 *
 * Integers only (quanta, lots). Every posting moves the same amount out of one row and into
 * another, so
 *   sum over accounts of (wallet - cost) + fund + fees - deficit = deposited + endowment - openings
 * at every moment, and positions of an instrument sum to zero.
 */
import { type Hash64, assert } from '../kernel/index.js';
import { shareFloor } from './contract.js';

/**
 * A position row: 8 float64, one cache line. The wallet of an account lives in its row of
 * instrument 0.
 */
export const POSITION = {
  stride: 8,
  /** Signed lots. */
  size: 0,
  /** Signed cost, quanta. */
  cost: 1,
  /** Isolated margin set aside for the position, part of the wallet, quanta. */
  margin: 2,
  /** Value at their prices of open bids that may open a position, quanta >= 0. */
  openBid: 3,
  /** The same of open asks. */
  openAsk: 4,
  /** Initial margin rate chosen through leverage, ppm. */
  ratePpm: 5,
  /** Open reduce-only orders and triggers. */
  reduceOnly: 6,
  /** Instrument 0 only: the wallet, quanta. */
  wallet: 7,
} as const;

/** Wallets and positions of accounts 0..accounts-1, and the venue's pots. */
export class Ledger {
  readonly accounts: number;
  readonly instruments: number;
  /**
   * The account after the last: a holder off the books, which has something only where a counterfactual
   * keeps positions from the market.
   */
  readonly holder: number;
  /** `(accounts + 1) x instruments` rows of POSITION, the holder's last. */
  readonly rows: Float64Array;
  /** Row length of an account: instruments x POSITION.stride. */
  readonly accountStride: number;
  /** Insurance fund, quanta >= 0. */
  fund = 0;
  /** Lowest balance of the fund since the start. */
  fundMin = 0;
  /** Trading fees collected, net of rebates. */
  fees = 0;
  /** Losses nobody paid: bad debt, quanta >= 0. */
  deficit = 0;
  /**
   * Paid in from outside: deposits and the fund's endowment, less the cost of opening positions.
   */
  outside = 0;
  /** Open interest in lots, per instrument. */
  readonly openInterest: Float64Array;
  /** Profit realised by the last `post`, quanta. */
  realised = 0;

  constructor(accounts: number, instruments: number) {
    this.accounts = accounts;
    this.instruments = instruments;
    this.accountStride = instruments * POSITION.stride;
    this.holder = accounts;
    this.rows = new Float64Array((accounts + 1) * this.accountStride);
    this.openInterest = new Float64Array(instruments);
  }

  /** Returns the offset of a position row. */
  row(account: number, instrument: number): number {
    return account * this.accountStride + instrument * POSITION.stride;
  }

  walletOf(account: number): number {
    return this.rows[account * this.accountStride + POSITION.wallet];
  }

  sizeOf(account: number, instrument: number): number {
    return this.rows[this.row(account, instrument)];
  }

  costOf(account: number, instrument: number): number {
    return this.rows[this.row(account, instrument) + POSITION.cost];
  }

  marginOf(account: number, instrument: number): number {
    return this.rows[this.row(account, instrument) + POSITION.margin];
  }

  /** Adds to a wallet. */
  credit(account: number, quanta: number): void {
    this.rows[account * this.accountStride + POSITION.wallet] += quanta;
  }

  /** Returns the wallet less the margin set aside for isolated positions. */
  freeOf(account: number): number {
    const base = account * this.accountStride;
    let free = this.rows[base + POSITION.wallet];
    const end = base + this.accountStride;
    for (let at = base + POSITION.margin; at < end; at += POSITION.stride) free -= this.rows[at];
    return free;
  }

  /**
   * Posts a signed fill to one account: lots and the value they were bought (+) or sold (-) for.
   *
   * @param closingValue value of the part that closes, used only when the fill crosses through
   * zero;
   *   the rest of `value` opens the new position.
   * The profit realised goes to the wallet and is left in `realised`. Isolated margin is released
   * pro rata on a close; setting it aside on an opening is the caller's.
   */
  post(
    account: number,
    instrument: number,
    sizeLots: number,
    value: number,
    closingValue: number,
  ): void {
    const rows = this.rows;
    const at = account * this.accountStride + instrument * POSITION.stride;
    const before = rows[at];
    const after = before + sizeLots;
    rows[at] = after;
    this.openInterest[instrument] += (after > 0 ? after : 0) - (before > 0 ? before : 0);
    if (before === 0 || before > 0 === sizeLots > 0) {
      rows[at + POSITION.cost] += value;
      this.realised = 0;
      return;
    }
    const cost = rows[at + POSITION.cost];
    let realised: number;
    if (after === 0) {
      realised = -value - cost;
      rows[at + POSITION.cost] = 0;
      rows[at + POSITION.margin] = 0;
    } else if (after > 0 === before > 0) {
      const part = sizeLots < 0 ? -sizeLots : sizeLots;
      const whole = before < 0 ? -before : before;
      const released = shareFloor(cost, part, whole);
      realised = -value - released;
      rows[at + POSITION.cost] = cost - released;
      const margin = rows[at + POSITION.margin];
      if (margin !== 0) rows[at + POSITION.margin] = margin - shareFloor(margin, part, whole);
    } else {
      realised = -closingValue - cost;
      rows[at + POSITION.cost] = value - closingValue;
      rows[at + POSITION.margin] = 0;
    }
    rows[account * this.accountStride + POSITION.wallet] += realised;
    this.realised = realised;
  }

  /** Adds to the insurance fund (negative to take) and keeps its minimum. */
  moveFund(quanta: number): void {
    this.fund += quanta;
    if (this.fund < this.fundMin) this.fundMin = this.fund;
  }

  /** Folds every wallet, position and pot, in account order; the holder's are the venue's to tell. */
  hash(h: Hash64): void {
    for (let account = 0; account < this.accounts; account++) {
      h.float(this.walletOf(account));
      for (let instrument = 0; instrument < this.instruments; instrument++) {
        const at = this.row(account, instrument);
        for (let field = 0; field < POSITION.wallet; field++) h.float(this.rows[at + field]);
      }
    }
    h.float(this.fund);
    h.float(this.fundMin);
    h.float(this.fees);
    h.float(this.deficit);
    h.float(this.outside);
  }

  /**
   * Asserts conservation of money and lots, and that every amount is an exact integer. O(accounts).
   */
  check(): void {
    let money = this.fund + this.fees - this.deficit - this.outside;
    for (let instrument = 0; instrument < this.instruments; instrument++) {
      let lots = 0;
      let long = 0;
      for (let account = 0; account <= this.accounts; account++) {
        const at = this.row(account, instrument);
        const size = this.rows[at];
        lots += size;
        if (size > 0) long += size;
        money -= this.rows[at + POSITION.cost];
        assert(size !== 0 || this.rows[at + POSITION.cost] === 0, 'a flat position has no cost');
        assert(
          size !== 0 || this.rows[at + POSITION.margin] === 0,
          'a flat position has no margin',
        );
        for (let field = 0; field < POSITION.wallet; field++) {
          assert(Number.isSafeInteger(this.rows[at + field]), 'ledger amounts are safe integers');
        }
      }
      assert(lots === 0, 'positions sum to zero');
      assert(long === this.openInterest[instrument], 'open interest is the sum of longs');
    }
    for (let account = 0; account <= this.accounts; account++) {
      assert(Number.isSafeInteger(this.walletOf(account)), 'wallets are safe integers');
      money += this.walletOf(account);
    }
    assert(money === 0, 'money is conserved');
    assert(this.fund >= 0 && this.deficit >= 0, 'the fund and the deficit are not negative');
  }
}
