/** What liquidated accounts owed beyond what they had, and who paid it. */
import { EventKind, type EventReader, FundReason, type RunMetadata } from '../../../sim/trace/index.js';

/** Follows a log row by row; amounts in quote units at the mark of their time. */
export class RunLosses {
  /** Balance of the fund as it changes, settlement units. */
  readonly fundMicros: number[] = [0];
  readonly fundBalance: number[];
  /** Debts of accounts, and every loss of the desk on what it took over: before the fund paid. */
  badDebtQuote = 0;
  badDebtCount = 0;
  /** What the fund could not pay. */
  uncoveredQuote = 0;
  uncoveredCount = 0;
  private readonly metadata: RunMetadata;

  constructor(metadata: RunMetadata) {
    this.metadata = metadata;
    this.fundBalance = [metadata.fundQuanta / metadata.quantaPerUnit];
  }

  /** Takes the row the reader stands on, at the mark of its instrument. */
  take(r: EventReader, markTicks: number): void {
    const { kind } = r;
    if (kind === EventKind.fund) {
      this.fundMicros.push(r.time);
      this.fundBalance.push(r.extra / this.metadata.quantaPerUnit);
      if (r.other === FundReason.desk && r.value < 0) this.addDebt(-this.quote(r, markTicks));
    } else if (kind === EventKind.insolvency) {
      this.addDebt(this.quote(r, markTicks));
    } else if (kind === EventKind.badDebt) {
      const quote = this.quote(r, markTicks);
      this.uncoveredQuote += quote;
      this.uncoveredCount++;
      // The part of a desk's loss that no fund row tells; an account's debt has its own row.
      if (r.other === FundReason.desk) this.addDebt(quote);
    }
  }

  private addDebt(quote: number): void {
    this.badDebtQuote += quote;
    this.badDebtCount++;
  }

  private quote(r: EventReader, markTicks: number): number {
    const { contract, quotePerTick } = this.metadata.instruments[r.instrument];
    const units = r.value / this.metadata.quantaPerUnit;
    return contract === 'inverse' ? units * markTicks * quotePerTick : units;
  }
}
