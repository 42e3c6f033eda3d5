/** How causes stand in the event log: rows that the run's hash leaves out. */
import {
  CauseKind,
  CauseSubject,
  EventKind,
  type EventLog,
  kindOfInstrument,
  rootKindOf,
} from '../trace/index.js';
import type { CauseEvent } from './cause-event.js';
import type { Shares } from './shares.js';

/** Owners told one by one: liquidations always, of the others so many, the heaviest first. */
const OWNERS_MAX = 16;
const RULE_OWNERS_MAX = 3;

/** The subject of a cause row. */
export interface CauseNote {
  subject: CauseSubject;
  timeMicros: number;
  instrument: number;
  /** Level that was crossed, ticks; 0 for none. */
  levelTicks: number;
  /** Breach number of the account, 1 first; 0 where it is no breach. */
  ordinal: number;
}

/** Appends the cause row of `event`, a child of `parent`. */
export function appendCause(
  log: EventLog,
  note: CauseNote,
  event: CauseEvent,
  parent: CauseEvent,
): void {
  const { subject, timeMicros, instrument, levelTicks, ordinal } = note;
  const roots = rootKindOf(event.kinds, 1) | (rootKindOf(event.kinds, 2) << 4);
  const kinds = roots | (rootKindOf(event.kinds, 3) << 8);
  log.append(
    kindOfInstrument(EventKind.cause, instrument),
    timeMicros,
    event.account,
    subject | (parent.kind << 4) | (kinds << 8),
    levelTicks,
    parent.account,
    ordinal,
    event.seq,
    parent.seq,
    parent.liquidation,
    event.generations,
  );
}

/**
 * Appends the share rows of an event: the weights sum to 1, what is not told one by one stands in a
 * last row without an owner. O(owners).
 */
export function appendShares(log: EventLog, note: CauseNote, event: CauseEvent, shares: Shares): void {
  const isForced = note.subject !== CauseSubject.ruleTrade;
  const most = isForced ? OWNERS_MAX : RULE_OWNERS_MAX;
  let rest = 1;
  let told = 0;
  for (let i = 0; isForced && i < shares.count; i++) {
    if (shares.events[i].kind !== CauseKind.liquidation) continue;
    rest -= tell(log, note, event, shares, i);
    told++;
  }
  const { count } = shares;
  for (let k = 0; k < most; k++) {
    let best = -1;
    for (let i = 0; i < count; i++) {
      if (!(shares.amounts[i] > 0)) continue;
      if (isForced && shares.events[i].kind === CauseKind.liquidation) continue;
      if (best < 0 || shares.amounts[i] > shares.amounts[best]) best = i;
    }
    if (best < 0) break;
    rest -= tell(log, note, event, shares, best);
    // Told: not to be found again.
    shares.amounts[best] = 0;
    told++;
  }
  if (rest > 1e-9 || told === 0) tellRest(log, note, event, told === 0 ? 1 : rest);
}

function tell(log: EventLog, note: CauseNote, event: CauseEvent, shares: Shares, i: number): number {
  const owner = shares.events[i];
  const weight = shares.weight(i);
  log.append(
    kindOfInstrument(EventKind.share, note.instrument),
    note.timeMicros,
    owner.account,
    owner.kind,
    0,
    0,
    owner.liquidation,
    event.seq,
    owner.seq,
    weight,
    0,
  );
  return weight;
}

function tellRest(log: EventLog, note: CauseNote, event: CauseEvent, weight: number): void {
  const kind = kindOfInstrument(EventKind.share, note.instrument);
  log.append(kind, note.timeMicros, -1, CauseKind.none, 0, 0, 0, event.seq, -1, weight, 0);
}
