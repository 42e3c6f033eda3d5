/** How causes stand in the event log: rows that the run's hash leaves out. */
import {
  CauseKind,
  CauseSubject,
  EventKind,
  type EventLog,
  WHOLE_ACCOUNT,
  kindOfInstrument,
  rootKindOf,
} from '../trace/index.js';
import type { CauseEvent } from './cause-event.js';
import type { OwnershipLedger } from './ownership-ledger.js';
import type { Shares } from './shares.js';

/** Owners told one by one, the heaviest first; the rest of either is told as one. */
const LIQUIDATIONS_MAX = 64;
const OTHERS_MAX = 16;
/** A rest below this is a rounding. */
const ROUNDING = 1e-9;

/** The subject of a cause row. */
export interface CauseNote {
  subject: CauseSubject;
  timeMicros: number;
  instrument: number;
  /** Level that was crossed, ticks; 0 for none. */
  levelTicks: number;
  /** Breach number of the account, 1 first; 0 where it is no breach. */
  ordinal: number;
  /** Whether it is a breach of all positions of a cross account. */
  isWhole: boolean;
}

/** Appends the cause row of `event`, a child of `parent`. */
export function appendCause(
  log: EventLog,
  note: CauseNote,
  event: CauseEvent,
  parent: CauseEvent,
): void {
  const { subject, timeMicros, instrument, levelTicks, ordinal, isWhole } = note;
  const roots = rootKindOf(event.kinds, 1) | (rootKindOf(event.kinds, 2) << 4);
  const kinds = roots | (rootKindOf(event.kinds, 3) << 8);
  log.append(
    kindOfInstrument(EventKind.cause, instrument),
    timeMicros,
    event.account,
    subject | (parent.kind << 4) | (kinds << 8) | (isWhole ? WHOLE_ACCOUNT : 0),
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
 * Appends the share rows of an event: the weights sum to 1. What is not told one by one stands in rows
 * without an owner, one for each kind of event; levels without an owner are of kind `none`. O(owners).
 */
export function appendShares(log: EventLog, note: CauseNote, event: CauseEvent, shares: Shares): void {
  const { count, events } = shares;
  restByKind.fill(0);
  let rest = 1;
  for (let i = 0; i < count; i++) restByKind[events[i].kind] += shares.weight(i);
  for (let kind = 0; kind < restByKind.length; kind++) rest -= restByKind[kind];
  const liquidations = shares.heaviest(isLiquidation, LIQUIDATIONS_MAX);
  for (let k = 0; k < liquidations; k++) tell(log, note, event, shares, shares.places[k]);
  const others = shares.heaviest(isNoLiquidation, OTHERS_MAX);
  for (let k = 0; k < others; k++) tell(log, note, event, shares, shares.places[k]);
  restByKind[CauseKind.none] += rest;
  for (let kind = 0; kind < restByKind.length; kind++) {
    if (restByKind[kind] > ROUNDING) appendRest(log, note, event, kind as CauseKind, restByKind[kind]);
  }
}

/** Weight of each kind that is still to be told. */
const restByKind = new Float64Array(Object.keys(CauseKind).length);

function tell(log: EventLog, note: CauseNote, event: CauseEvent, shares: Shares, i: number): void {
  const owner = shares.events[i];
  restByKind[owner.kind] -= appendShare(log, note, event, owner, shares.weight(i));
}

/**
 * Appends the share rows of what owns the levels of one ledger from its price to `to`, in its
 * coordinates: the widest owners that `scratch` has room for, then the rest. O(segments between).
 */
export function appendWidest(
  log: EventLog,
  note: CauseNote,
  event: CauseEvent,
  ledger: OwnershipLedger,
  scratch: WidestScratch,
): void {
  const { places, widths, owner, count, to } = scratch;
  let rest = 1;
  for (let k = 0; k < count; k++) {
    ledger.owner(places[k], owner);
    rest -= appendShare(log, note, event, owner, widths[k] / (to - ledger.at));
  }
  if (rest > ROUNDING) appendRest(log, note, event, CauseKind.none, rest);
}

/** What `OwnershipLedger.widest` found, and room to tell it. */
export interface WidestScratch {
  readonly places: Int32Array;
  readonly widths: Float64Array;
  readonly owner: CauseEvent;
  count: number;
  to: number;
}

function isLiquidation(event: CauseEvent): boolean {
  return event.kind === CauseKind.liquidation;
}

function isNoLiquidation(event: CauseEvent): boolean {
  return event.kind !== CauseKind.liquidation;
}

/** Appends the row of one owner; returns its weight. */
export function appendShare(
  log: EventLog,
  note: CauseNote,
  event: CauseEvent,
  owner: CauseEvent,
  weight: number,
): number {
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

/** Appends the row of what is not told one by one. */
function appendRest(
  log: EventLog,
  note: CauseNote,
  event: CauseEvent,
  kind: CauseKind,
  weight: number,
): void {
  const word = kindOfInstrument(EventKind.share, note.instrument);
  log.append(word, note.timeMicros, -1, kind, 0, 0, 0, event.seq, -1, weight, 0);
}
