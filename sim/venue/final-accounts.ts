/** The last rows of a venue's log: what every account ends with. */
import { EventKind } from '../trace/index.js';
import type { VenueSettlement } from './venue-settlement.js';

/**
 * Appends the final row of every account, the desk included, and the holder of suppressed positions where
 * there was one: one per instrument, the wallet on the first.
 */
export function logFinalAccounts(venue: VenueSettlement, time: number): void {
  const { ledger, margin, accountCount, deskAccount } = venue;
  venue.nowMicros = time;
  const last = venue.liquidator.hasSuppressed ? ledger.holder : deskAccount;
  for (let a = 0; a <= last; a++) {
    for (let i = 0; i < venue.instruments.length; i++) {
      const wallet = i === 0 ? ledger.walletOf(a) : 0;
      const reserved = i === 0 && a < accountCount ? margin.reserved(a) : 0;
      const size = ledger.sizeOf(a, i);
      venue.row(EventKind.account, i, a, 0, 0, size, 0, wallet, ledger.costOf(a, i), 0, reserved);
    }
  }
}
