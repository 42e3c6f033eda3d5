/** What stood behind a move, read from the rows with which its event began. */
import { join } from 'node:path';
import { EventKind, type RunMetadata, causeKindNames, isUnhashed } from '../../../sim/trace/index.js';
import { CauseKind, cohortOfAccount } from '../../../sim/trace/index.js';
import { LogSource, logFileName } from '../trace/index.js';
import type { Party, PushEvent } from './explanation.js';

/** Rows read from where an event began: more than an order's trades and their moves need. */
const ROWS = 512;

/** An event as a cause names it. */
export interface NamedEvent {
  event: number;
  kind: number;
  account: number;
  liquidation: number;
  instrument: number;
}

/** Returns who an account is. */
export function partyOf(metadata: RunMetadata, account: number): Party {
  const cohort = metadata.cohorts[cohortOfAccount(metadata, account)];
  return { account, cohort: cohort?.name ?? null, strategy: cohort?.strategy ?? null };
}

/**
 * Reads events from a run's log.
 * @throws UserError `trace/...`
 */
export function readPushEvents(folder: string, named: readonly NamedEvent[]): PushEvent[] {
  const source = new LogSource(join(folder, logFileName));
  try {
    return named.map((one) => readEvent(source, one));
  } finally {
    source.close();
  }
}

function readEvent(source: LogSource, named: NamedEvent): PushEvent {
  const { metadata } = source;
  const { event, kind, account, liquidation, instrument } = named;
  const { quotePerTick } = metadata.instruments[instrument];
  const told: PushEvent = {
    event,
    kind: causeKindNames[kind],
    timeMicros: null,
    party: account < 0 ? null : partyOf(metadata, account),
    liquidation: liquidation === 0 ? null : liquidation,
    tradedLots: 0,
    last: null,
    index: null,
  };
  if (event < 0 || event >= source.footer.rows || kind === CauseKind.liquidation) return told;
  const r = source.rowsAt(event, ROWS);
  while (r.next()) {
    told.timeMicros ??= r.time;
    if (r.time !== told.timeMicros) break;
    if (isUnhashed(r.kind) || r.instrument !== instrument) continue;
    if (kind === CauseKind.index) {
      if (r.kind !== EventKind.index) continue;
      const before = source.lastBefore(event, EventKind.index, instrument);
      told.index = {
        fromQuote: (before ?? r.priceTicks) * quotePerTick,
        toQuote: r.priceTicks * quotePerTick,
      };
      break;
    }
    if (r.kind !== EventKind.trade) continue;
    // The event's trades are one after the other; another taker's, or a forced one, is the next event.
    if (r.account !== account || r.cause !== 0) break;
    const toQuote = r.priceTicks * quotePerTick;
    const before = told.last === null ? source.lastBefore(event, EventKind.trade, instrument) : null;
    const from = before === null ? toQuote : before * quotePerTick;
    told.last = { fromQuote: told.last?.fromQuote ?? from, toQuote };
    told.tradedLots += r.sizeLots;
  }
  return told;
}
