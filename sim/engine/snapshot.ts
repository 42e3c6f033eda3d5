/**
 * Canonical bytes of a world between two windows, mail and orders in flight included.
 *
 * The bytes do not depend on threads or shards: agents are in agent-key order, and what is under way is
 * sorted by (window, agent, order of entry). A snapshot restores at any number of shards.
 */
import type { Calendar } from '../kernel/index.js';
import { assert, UserError } from '../kernel/index.js';
import { AlertField, IntentField, ReportField } from './layout.js';
import type { PriceTrack } from './market.js';
import type { Shard } from './shard.js';
import type { World } from './world.js';

const MAGIC = 0x53_54_4d_50;
const VERSION = 1;

/** Collects numbers as little-endian float64. */
class NumberWriter {
  #values = new Float64Array(1 << 16);
  #used = 0;

  float(x: number): void {
    if (this.#used === this.#values.length) {
      const larger = new Float64Array(2 * this.#used);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#used++] = x;
  }

  floats(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.float(values[i]);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#values.slice(0, this.#used).buffer);
  }
}

/** Gives them back. */
class NumberReader {
  readonly #values: Float64Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    const copy = bytes.slice();
    this.#values = new Float64Array(copy.buffer, 0, copy.byteLength >> 3);
  }

  float(): number {
    if (this.#at >= this.#values.length) {
      throw new UserError('snapshot/truncated', 'the snapshot ends before the state is complete');
    }
    return this.#values[this.#at++];
  }

  into(values: Float64Array | Int32Array): void {
    for (let i = 0; i < values.length; i++) values[i] = this.float();
  }

  end(): void {
    assert(this.#at === this.#values.length, 'the snapshot holds more than the state');
  }
}

/** Which calendar of a shard, the field that names the agent, and how many fields travel. */
const calendars: readonly {
  of: (shard: Shard) => Calendar;
  agentField: number;
}[] = [
  { of: (shard) => shard.reports, agentField: ReportField.agent },
  { of: (shard) => shard.intents, agentField: IntentField.agent },
  { of: (shard) => shard.alerts, agentField: AlertField.agent },
];

/** Writes a world that has run every window before `nextWindow`. */
export function writeSnapshot(world: World, nextWindow: number): Uint8Array {
  const writer = new NumberWriter();
  const { log, market, board, population, shards, venue } = world;
  for (const shard of shards) shard.release(nextWindow - 1);
  writer.floats([MAGIC, VERSION, world.spec.seed, population.count, nextWindow]);
  writer.floats([log.hash.low, log.hash.high, log.rows()]);
  writer.floats(log.counts);
  const cursors = market.cursors();
  writer.float(cursors.length);
  writer.floats(cursors);
  for (const track of [...market.lastPrice, ...market.indexPrice]) writeTrack(writer, track);
  writer.floats([market.discountMinFraction, market.fundMinQuote, market.openInterestStartLots]);
  writer.float(board.published);
  writer.floats(board.values);
  venue.snapshot(writer);
  for (let k = 0; k < shards[0].counters.length; k++) {
    writer.float(shards.reduce((sum, shard) => sum + shard.counters[k], 0));
  }
  for (let c = 0; c < population.cohorts.length; c++) {
    writer.floats(population.rows[c]);
    writer.floats(population.slots[c]);
  }
  for (let agent = 0; agent < population.count; agent++) {
    const shard = shards[population.shardOf[agent]];
    writer.float(shard.wheel.timeOf(agent));
    writer.float(shard.alertsBelow.tickOf(agent));
    writer.float(shard.alertsAbove.tickOf(agent));
  }
  for (const calendar of calendars) {
    const all = shards.map(calendar.of);
    writeCalendar(writer, all, calendar.agentField, nextWindow);
  }
  return writer.bytes();
}

/**
 * Restores a snapshot into a world just constructed from the same specification (not opened), with any
 * number of shards; returns the next window.
 *
 * @throws UserError `snapshot/...` when the bytes are not a snapshot of this world.
 */
export function readSnapshot(world: World, bytes: Uint8Array): number {
  const reader = new NumberReader(bytes);
  const { log, market, board, population, shards, venue } = world;
  const head = [reader.float(), reader.float(), reader.float(), reader.float()];
  if (head[0] !== MAGIC || head[1] !== VERSION) {
    throw new UserError('snapshot/version', `the snapshot's version was ${head[1]}, must be ${VERSION}`);
  }
  if (head[2] !== world.spec.seed || head[3] !== population.count) {
    throw new UserError(
      'snapshot/world',
      `the snapshot is of seed ${head[2]} with ${head[3]} agents, ` +
        `this world has seed ${world.spec.seed} with ${population.count}`,
    );
  }
  const nextWindow = reader.float();
  const counts = new Float64Array(log.counts.length);
  const [low, high, rows] = [reader.float(), reader.float(), reader.float()];
  reader.into(counts);
  log.resume(low, high, rows, counts);
  const cursors = new Float64Array(reader.float());
  reader.into(cursors);
  market.seek([...cursors]);
  for (const track of [...market.lastPrice, ...market.indexPrice]) readTrack(reader, track);
  market.discountMinFraction = reader.float();
  market.fundMinQuote = reader.float();
  market.openInterestStartLots = reader.float();
  board.resume(reader.float());
  reader.into(board.values);
  venue.restore(reader);
  reader.into(shards[0].counters);
  for (let c = 0; c < population.cohorts.length; c++) {
    reader.into(population.rows[c]);
    reader.into(population.slots[c]);
  }
  for (let agent = 0; agent < population.count; agent++) {
    const shard = shards[population.shardOf[agent]];
    shard.wheel.schedule(agent, reader.float());
    const below = reader.float();
    if (below >= 0) shard.alertsBelow.insert(agent, below);
    const above = reader.float();
    if (above >= 0) shard.alertsAbove.insert(agent, above);
  }
  for (const shard of shards) shard.release(nextWindow - 1);
  for (const calendar of calendars) {
    readCalendar(reader, (agent) => calendar.of(shards[population.shardOf[agent]]), calendar.agentField);
  }
  reader.end();
  market.learnLatencies();
  return nextWindow;
}

function writeTrack(writer: NumberWriter, track: PriceTrack): void {
  writer.floats([track.start, track.low, track.high, track.end, track.maxDrawdownFraction]);
}

function readTrack(reader: NumberReader, track: PriceTrack): void {
  track.start = reader.float();
  track.low = reader.float();
  track.high = reader.float();
  track.end = reader.float();
  track.maxDrawdownFraction = reader.float();
}

function writeCalendar(
  writer: NumberWriter,
  shards: readonly Calendar[],
  agentField: number,
  nextWindow: number,
): void {
  const { fields, horizonWindows } = shards[0];
  const found: { window: number; agent: number; entry: number; values: Float64Array }[] = [];
  for (const calendar of shards) {
    for (let window = nextWindow; window < nextWindow + horizonWindows; window++) {
      for (let r = calendar.first(window); r >= 0; r = calendar.next(r)) {
        const values = calendar.records.slice(r, r + fields);
        found.push({ window, agent: values[agentField], entry: found.length, values });
      }
    }
  }
  found.sort((a, b) => a.window - b.window || a.agent - b.agent || a.entry - b.entry);
  writer.float(found.length);
  for (const { window, values } of found) {
    writer.float(window);
    writer.floats(values);
  }
}

function readCalendar(
  reader: NumberReader,
  calendarOf: (agent: number) => Calendar,
  agentField: number,
): void {
  const count = reader.float();
  for (let n = 0; n < count; n++) {
    const window = reader.float();
    const values = new Float64Array(calendarOf(0).fields);
    reader.into(values);
    const calendar = calendarOf(values[agentField]);
    calendar.records.set(values, calendar.push(window));
  }
}
