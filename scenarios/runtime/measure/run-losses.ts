/** What liquidated accounts owed beyond what they had, and who paid it. */
import { EventKind, type EventReader, FundReason, type RunMetadata } from '../../../sim/trace/index.js';

/** Follows a log row by row; amounts in quote units at the mark of their time. */
export class RunLosses {
  /** Balance of the fund as it changes, settlement units. */
  readonly fundMicros: number[] = [0];
  readonly fundBalance: number[];
  /** What neither accounts nor the fund could pay. */
  uncoveredQuote = 0;
  uncoveredCount = 0;
  private insolvencyQuote = 0;
  private insolvencies = 0;
  /** Result of the desk for each liquidation it took over. */
  private readonly ofLiquidation = new Map<number, number>();
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
      if (r.other === FundReason.desk) this.deskResult(r.cause, this.quote(r, markTicks));
    } else if (kind === EventKind.insolvency) {
      this.insolvencyQuote += this.quote(r, markTicks);
      this.insolvencies++;
    } else if (kind === EventKind.badDebt) {
      const quote = this.quote(r, markTicks);
      this.uncoveredQuote += quote;
      this.uncoveredCount++;
      if (r.other === FundReason.desk) this.deskResult(r.cause, -quote);
    }
  }

  /** Returns the debts of accounts, and losses of the desk on what it took over, before the fund. */
  badDebt(): { quote: number; count: number } {
    let quote = this.insolvencyQuote;
    let count = this.insolvencies;
    for (const result of this.ofLiquidation.values()) {
      if (!(result < 0)) continue;
      quote -= result;
      count++;
    }
    return { quote, count };
  }

  private deskResult(liquidation: number, quote: number): void {
    this.ofLiquidation.set(liquidation, (this.ofLiquidation.get(liquidation) ?? 0) + quote);
  }

  private quote(r: EventReader, markTicks: number): number {
    const { contract, quotePerTick } = this.metadata.instruments[r.instrument];
    const units = r.value / this.metadata.quantaPerUnit;
    return contract === 'inverse' ? units * markTicks * quotePerTick : units;
  }
}
