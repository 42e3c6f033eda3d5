/**
 * Money recounted from the trace alone, without the ledger.
 *
 * Every posting leaves (wallet - cost) of its accounts path-independent: a fill of value v takes v
 * from it whether it opens or closes, so no position has to be rebuilt. The recount must reach the
 * final `account` rows, the fund's balances, and a total of zero.
 */
import { EventKind, FundReason } from './event-kind.js';
import type { EventReader } from './event-reader.js';

/** Sums integers exactly, whatever their total; a NaN or an infinity counts as 2^53. */
export class ExactSum {
  #spilled = 0n;
  #rest = 0;

  add(x: number): void {
    if (!(x <= half && x >= -half)) {
      this.#spilled += integerOf(x);
      return;
    }
    this.#rest += x;
    if (this.#rest > half || this.#rest < -half) {
      this.#spilled += integerOf(this.#rest);
      this.#rest = 0;
    }
  }

  total(): bigint {
    return this.#spilled + integerOf(this.#rest);
  }
}
const half = 4503599627370496;

/** What the recount found; all amounts in quanta. */
export interface ConservationResult {
  /** Sum of all absolute differences; 0 when every quantum is accounted for. */
  errorQuanta: number;
  /** Differences of accounts: recounted against their final rows. */
  accountErrorQuanta: bigint;
  /** Balances of the fund that do not continue the one before. */
  fundErrorQuanta: bigint;
  /** What all pots together gained or lost. */
  imbalanceQuanta: bigint;
  /** Lots that the final positions do not cancel, over all instruments. */
  positionErrorLots: number;
}

/** Recounts a trace as its rows are read. */
export class ConservationAudit {
  /** Recounted wallet - cost, and the final one, by account. */
  #recounted = new Float64Array(1024);
  #final = new Float64Array(1024);
  #fund = 0;
  readonly #fundError = new ExactSum();
  readonly #fees = new ExactSum();
  readonly #badDebt = new ExactSum();
  readonly #paidIn = new ExactSum();
  readonly #positions = new ExactSum();
  #fundingOpen = 0;

  /** Takes all rows from where the reader stands. */
  add(reader: EventReader): void {
    while (reader.next()) this.#addRow(reader);
  }

  /** Compares the recount with the final rows. */
  result(): ConservationResult {
    let accounts = 0n;
    const total = new ExactSum();
    for (let account = 0; account < this.#final.length; account += 1) {
      const difference = this.#recounted[account] - this.#final[account];
      if (difference !== 0) accounts += integerOf(Math.abs(difference));
      total.add(this.#final[account]);
    }
    const pots = integerOf(this.#fund) + this.#fees.total() - this.#badDebt.total();
    const imbalance = total.total() + pots - this.#paidIn.total();
    const fund = this.#fundError.total() + integerOf(Math.abs(this.#fundingOpen));
    return {
      errorQuanta: Number(accounts + fund + magnitude(imbalance)),
      accountErrorQuanta: accounts,
      fundErrorQuanta: fund,
      imbalanceQuanta: imbalance,
      positionErrorLots: Math.abs(Number(this.#positions.total())),
    };
  }

  #addRow(r: EventReader): void {
    switch (r.kind) {
      case EventKind.deposit:
        this.#credit(r.account, r.value);
        this.#paidIn.add(r.value);
        return;
      case EventKind.opening:
        this.#credit(r.account, -r.value);
        this.#paidIn.add(-r.value);
        return;
      case EventKind.trade:
        this.#credit(r.account, -r.value - r.feeA);
        this.#credit(r.other, r.value - r.feeB);
        this.#fees.add(r.feeA + r.feeB);
        return;
      case EventKind.funding:
        this.#addFunding(r);
        return;
      case EventKind.takeover:
        this.#credit(r.account, r.value - r.feeA);
        this.#credit(r.other, r.feeA - r.value);
        return;
      case EventKind.autoDeleverage:
        this.#credit(r.account, -r.value);
        this.#credit(r.other, r.value);
        return;
      case EventKind.fund:
        this.#addFund(r);
        return;
      case EventKind.badDebt:
        this.#credit(r.account, r.value);
        this.#badDebt.add(r.value);
        return;
      case EventKind.account:
        this.#addFinal(r);
        return;
      default:
        return;
    }
  }

  /** What accounts pay is the remainder that the summary row hands to the fund. */
  #addFunding(r: EventReader): void {
    if (r.account >= 0) {
      this.#credit(r.account, -r.value);
      this.#fundingOpen += r.value;
    } else {
      this.#fundingOpen -= r.value;
    }
  }

  /** An account that pays into the fund, or is paid by it, is named; a pot has a reason. */
  #addFund(r: EventReader): void {
    if (r.account >= 0) this.#credit(r.account, -r.value);
    else if (r.other === FundReason.endowment) this.#paidIn.add(r.value);
    else if (r.other === FundReason.liquidationFee) this.#fees.add(-r.value);
    const slip = r.extra - (this.#fund + r.value);
    if (slip !== 0) this.#fundError.add(Math.abs(slip));
    this.#fund = r.extra;
  }

  /** An account has a row per instrument; the wallet stands in the first. */
  #addFinal(r: EventReader): void {
    this.#credit(r.account, 0);
    this.#final[r.account] += r.value - r.feeA;
    this.#positions.add(r.sizeLots);
  }

  #credit(account: number, quanta: number): void {
    if (account >= this.#recounted.length) this.#grow(account);
    this.#recounted[account] += quanta;
  }

  #grow(account: number): void {
    let length = this.#recounted.length;
    while (length <= account) length *= 2;
    const recounted = new Float64Array(length);
    const final = new Float64Array(length);
    recounted.set(this.#recounted);
    final.set(this.#final);
    this.#recounted = recounted;
    this.#final = final;
  }
}

/** Rounds away from zero, so that no difference vanishes; what is not finite counts as 2^53. */
function integerOf(x: number): bigint {
  if (!Number.isFinite(x)) return BigInt(2 * half);
  return BigInt(x < 0 ? Math.floor(x) : Math.ceil(x));
}

function magnitude(x: bigint): bigint {
  return x < 0n ? -x : x;
}
