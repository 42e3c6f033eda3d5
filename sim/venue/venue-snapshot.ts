/** Canonical state of a venue as a sequence of numbers: hashed, written, and read back. */
import { POSITION } from '../account/index.js';
import { Side } from '../book/index.js';
import { type Hash64, assert } from '../kernel/index.js';
import type { Instrument } from './instrument.js';
import { SlotState } from './order-slots.js';
import { Suppressions } from './suppression.js';
import type { VenueSettlement } from './venue-settlement.js';

/** Takes numbers in order. */
export interface StateWriter {
  float(x: number): void;
}

/** Gives the numbers back in the same order. */
export interface StateReader {
  float(): number;
}

const VERSION = 1;
/** The same with what suppressed liquidations left: written only where there were any. */
const VERSION_SUPPRESSED = 2;

/** Writes every part of the state through `writer`. */
function write(venue: VenueSettlement, writer: StateWriter): void {
  writeCore(venue, writer);
  writeTriggers(venue, writer);
  writeCausality(venue, writer);
}

/** Writes the causal ledger with its length, so that a venue without one can pass over it. */
function writeCausality(venue: VenueSettlement, writer: StateWriter): void {
  const numbers: number[] = [];
  venue.causality?.write({ float: (x) => numbers.push(x) });
  writer.float(numbers.length);
  for (const x of numbers) writer.float(x);
}

function readCausality(venue: VenueSettlement, reader: StateReader): void {
  const count = reader.float();
  if (venue.causality !== null && count > 0) venue.causality.read(reader);
  else for (let i = 0; i < count; i++) reader.float();
}

function writeCore(venue: VenueSettlement, writer: StateWriter): void {
  const { ledger, liquidator } = venue;
  writer.float(liquidator.hasSuppressed ? VERSION_SUPPRESSED : VERSION);
  writer.float(venue.nowMicros);
  writer.float(venue.halted ? 1 : 0);
  writer.float(venue.tradeCount);
  writer.float(venue.orderActions);
  for (let a = 0; a <= venue.accountCount; a++) {
    for (let i = 0; i < venue.instruments.length; i++) {
      const row = ledger.row(a, i);
      for (let field = 0; field < POSITION.stride; field++) writer.float(ledger.rows[row + field]);
    }
    writer.float(venue.breaches.ordinals[a]);
  }
  writer.float(ledger.fund);
  writer.float(ledger.fundMin);
  writer.float(ledger.fees);
  writer.float(ledger.deficit);
  writer.float(ledger.outside);
  for (const x of venue.cohortNet) writer.float(x);
  for (const one of venue.instruments) writeInstrument(one, writer);
  writer.float(venue.breaches.queue.count());
  for (let i = 0; i < venue.breaches.queue.count(); i++) {
    writer.float(venue.breaches.queue.item(i));
    writer.float(venue.breaches.queue.due(i));
  }
  if (liquidator.hasSuppressed) writeSuppressed(venue, writer);
  writer.float(liquidator.liquidationCount);
  writer.float(liquidator.liquidatedNotionalQuote);
  writer.float(liquidator.adlCount);
  writer.float(liquidator.adlNotionalQuote);
  writer.float(liquidator.largestCascade);
  writer.float(liquidator.cascade);
  writer.float(liquidator.lastMicros);
  for (const x of liquidator.cohortLiquidations) writer.float(x);
  for (const x of liquidator.cohortLiquidatedQuote) writer.float(x);
  for (const x of liquidator.deskCause) writer.float(x);
  venue.refill?.write(writer);
}

function writeSuppressed({ ledger, liquidator }: VenueSettlement, writer: StateWriter): void {
  const from = ledger.row(ledger.holder, 0);
  for (let k = 0; k < ledger.accountStride; k++) writer.float(ledger.rows[from + k]);
  liquidator.suppressions?.write(writer);
}

/** Reads what `writeSuppressed` wrote, or (not `isThere`) clears it. */
function readSuppressed(venue: VenueSettlement, isThere: boolean, reader: StateReader): void {
  const { breaches, ledger, liquidator } = venue;
  const from = ledger.row(ledger.holder, 0);
  ledger.rows.fill(0, from, from + ledger.accountStride);
  liquidator.suppressions?.reset();
  if (!isThere) return;
  for (let k = 0; k < ledger.accountStride; k++) ledger.rows[from + k] = reader.float();
  for (let i = 0; i < venue.instruments.length; i++) {
    ledger.openInterest[i] += Math.max(0, ledger.sizeOf(ledger.holder, i));
  }
  liquidator.suppressions ??= new Suppressions([]);
  liquidator.suppressions.read(reader);
  for (const one of liquidator.suppressions.deferred) breaches.seize(one.account, one.instrument);
}

function writeInstrument(one: Instrument, writer: StateWriter): void {
  for (const field of SCALARS) writer.float(one[field]);
  for (const x of one.mark.state) writer.float(x);
  for (const x of one.funding.state) writer.float(x);
  const book = one.book;
  writer.float(book.liveOrders());
  for (const side of [Side.bid, Side.ask]) {
    let tick = side === Side.bid ? book.bestBid() : book.bestAsk();
    for (; tick >= 0; tick = book.nextLevel(side, tick)) {
      for (let id = book.firstOrderAt(side, tick); id >= 0; id = book.nextOrder(id)) {
        writer.float(side);
        writer.float(tick);
        writer.float(book.leavesOf(id));
        writer.float(book.flagsOf(id));
        writer.float(book.accountOf(id));
        writer.float(book.tagOf(id));
      }
    }
  }
}

/** Writes the waiting triggers with the ids their slots know them by. */
function writeTriggers(venue: VenueSettlement, writer: StateWriter): void {
  for (const one of venue.instruments) {
    const triggers = one.triggers.save();
    writer.float(triggers.length);
    for (const x of triggers) writer.float(x);
  }
  const slots = venue.slots;
  writer.float(slots.state.reduce((sum, state) => sum + (state === SlotState.waiting ? 1 : 0), 0));
  for (let global = 0; global < slots.state.length; global++) {
    if (slots.state[global] !== SlotState.waiting) continue;
    writer.float(global);
    writer.float(slots.ref[global]);
    writer.float(slots.instrument[global]);
  }
}

function readTriggers(venue: VenueSettlement, reader: StateReader): void {
  for (const one of venue.instruments) {
    const triggers = new Int32Array(reader.float());
    for (let i = 0; i < triggers.length; i++) triggers[i] = reader.float();
    one.triggers.load(triggers);
  }
  const waiting = reader.float();
  for (let i = 0; i < waiting; i++) {
    const global = reader.float();
    const ref = reader.float();
    venue.slots.wait(global, ref, reader.float());
  }
}

/** Reads what `write` wrote into a fresh venue. */
function read(venue: VenueSettlement, reader: StateReader): void {
  const { ledger, liquidator, breaches } = venue;
  const version = reader.float();
  assert(version === VERSION || version === VERSION_SUPPRESSED, 'a snapshot of this version');
  venue.nowMicros = reader.float();
  venue.halted = reader.float() !== 0;
  venue.tradeCount = reader.float();
  venue.orderActions = reader.float();
  ledger.openInterest.fill(0);
  for (let a = 0; a <= venue.accountCount; a++) {
    for (let i = 0; i < venue.instruments.length; i++) {
      const row = ledger.row(a, i);
      for (let field = 0; field < POSITION.stride; field++)
        ledger.rows[row + field] = reader.float();
      ledger.openInterest[i] += Math.max(0, ledger.rows[row]);
    }
    breaches.ordinals[a] = reader.float();
  }
  ledger.fund = reader.float();
  ledger.fundMin = reader.float();
  ledger.fees = reader.float();
  ledger.deficit = reader.float();
  ledger.outside = reader.float();
  for (let i = 0; i < venue.cohortNet.length; i++) venue.cohortNet[i] = reader.float();
  for (const one of venue.instruments) readInstrument(venue, one, reader);
  const queued = reader.float();
  breaches.clear();
  for (let i = 0; i < queued; i++) {
    const item = reader.float();
    const count = venue.instruments.length;
    breaches.queue.push(item, reader.float());
    breaches.seize(Math.floor(item / count), item % count);
  }
  readSuppressed(venue, version === VERSION_SUPPRESSED, reader);
  for (let a = 0; a < venue.accountCount; a++) {
    for (let i = 0; i < venue.instruments.length; i++) breaches.touch(a, i);
  }
  liquidator.liquidationCount = reader.float();
  liquidator.liquidatedNotionalQuote = reader.float();
  liquidator.adlCount = reader.float();
  liquidator.adlNotionalQuote = reader.float();
  liquidator.largestCascade = reader.float();
  liquidator.cascade = reader.float();
  liquidator.lastMicros = reader.float();
  for (let i = 0; i < venue.cohorts; i++) liquidator.cohortLiquidations[i] = reader.float();
  for (let i = 0; i < venue.cohorts; i++) liquidator.cohortLiquidatedQuote[i] = reader.float();
  for (let i = 0; i < venue.instruments.length; i++) liquidator.deskCause[i] = reader.float();
  venue.refill?.read(reader);
  readTriggers(venue, reader);
  readCausality(venue, reader);
}

function readInstrument(venue: VenueSettlement, one: Instrument, reader: StateReader): void {
  for (const field of SCALARS) one[field] = reader.float();
  for (let i = 0; i < one.mark.state.length; i++) one.mark.state[i] = reader.float();
  for (let i = 0; i < one.funding.state.length; i++) one.funding.state[i] = reader.float();
  const orders = reader.float();
  one.book.setBand(1, one.ticksMax - 1);
  for (let i = 0; i < orders; i++) {
    const side = reader.float();
    const tick = reader.float();
    const lots = reader.float();
    const flags = reader.float();
    const account = reader.float();
    const tag = reader.float();
    const id = one.book.limit(side, tick, lots, 0, flags, account, tag);
    assert(id >= 0, 'the orders of a snapshot rest');
    if (tag >= 0) venue.slots.rest(tag, id, one.number, flags);
    else venue.liquidator.deskOrders[one.number].push(id);
  }
  if (one.spec.band !== null) one.book.setBand(one.bandLowTicks, one.bandHighTicks);
}

/** Numbers of an instrument that change. */
export const SCALARS = [
  'nowMicros',
  'indexTicks',
  'lastTicks',
  'markTicks',
  'nextFundingMicros',
  'nextSampleMicros',
  'nextBasisMicros',
  'bandLowTicks',
  'bandHighTicks',
  'volumeLots',
  'trades',
  'windowHigh',
  'windowLow',
  'windowMarkHigh',
  'windowMarkLow',
] as const;

function hash(venue: VenueSettlement, h: Hash64): void {
  writeCore(venue, h);
  for (const one of venue.instruments) one.triggers.hash(h);
}

/** Reading, writing and hashing of a venue's state. */
export const VenueSnapshot = { write, read, hash } as const;
