/** Positions that pass from one account to another without a trade. */
import { POSITION } from '../account/index.js';
import { mulDivTrunc } from '../kernel/index.js';
import { EventKind } from '../trace/index.js';
import type { Instrument } from './instrument.js';
import type { LiquidationHost } from './liquidation-host.js';
import { ReportKind } from './report.js';

const COST = POSITION.cost;
const MARGIN = POSITION.margin;

/** Moves positions, and the money behind them, between accounts. */
export class Handover {
  protected readonly venue: LiquidationHost;

  constructor(venue: LiquidationHost) {
    this.venue = venue;
  }

  /**
   * Returns the equity that stands behind a position: the account's, or the isolated position's.
   */
  protected equity(account: number, instrument: number): number {
    const { ledger, instruments, isolated } = this.venue;
    if (isolated[account] === 0) return this.venue.equityOf(account);
    const one = instruments[instrument];
    const row = ledger.row(account, instrument);
    const value = one.contract.signedValue(ledger.rows[row], one.markTicks);
    return ledger.rows[row + MARGIN] + value - ledger.rows[row + COST];
  }

  /** Moves one position and `wallet` quanta to an heir, and tells the account. */
  protected handOver(
    account: number,
    one: Instrument,
    wallet: number,
    id: number,
    heir: number,
  ): void {
    const venue = this.venue;
    const ledger = venue.ledger;
    const number = one.number;
    const row = ledger.row(account, number);
    const size = ledger.rows[row];
    const cost = ledger.rows[row + COST];
    const bankrupt = cost - wallet;
    venue.row(
      EventKind.takeover,
      number,
      account,
      heir,
      one.markTicks,
      size,
      id,
      cost,
      wallet,
      0,
      0,
    );
    ledger.openInterest[number] -= size > 0 ? size : 0;
    ledger.rows[row] = 0;
    ledger.rows[row + COST] = 0;
    ledger.rows[row + MARGIN] = 0;
    ledger.credit(account, -wallet);
    venue.exposure(account, number, -size);
    venue.noteFlat(account, number);
    const before = ledger.sizeOf(heir, number);
    const flips = before !== 0 && before > 0 !== size > 0;
    const closing =
      flips && Math.abs(size) > Math.abs(before)
        ? mulDivTrunc(bankrupt, Math.abs(before), Math.abs(size))
        : bankrupt;
    ledger.post(heir, number, size, bankrupt, closing);
    venue.reports.report(
      ReportKind.liquidated,
      venue.nowMicros,
      account,
      number,
      -1,
      -size,
      0,
      one.markTicks,
    );
  }

  /** Closes what nobody else is on the other side of against the holder of suppressed positions. */
  protected closeWithHolder(one: Instrument, cause: number): void {
    const { ledger, deskAccount } = this.venue;
    const { number } = one;
    const size = ledger.sizeOf(deskAccount, number);
    const cost = ledger.costOf(deskAccount, number);
    ledger.post(deskAccount, number, -size, -cost, -cost);
    ledger.post(ledger.holder, number, size, cost, cost);
    const { realised } = ledger;
    const ticks = one.markTicks;
    this.venue.row(
      EventKind.autoDeleverage, number, ledger.holder, deskAccount, ticks, size, cause, cost,
      realised, 0, 0,
    );
  }
}
