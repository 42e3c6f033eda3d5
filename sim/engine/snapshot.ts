/**
 * Canonical bytes of a world between two windows, mail and orders in flight included.
 *
 * The bytes do not depend on threads or shards: agents are in agent-key order, and what is under way is
 * sorted by (window, agent, order of entry). A snapshot restores at any number of shards.
 */
import { assert, UserError } from '../kernel/index.js';
import { floats, readExchange, writeExchange } from './exchange.js';
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

/** Writes a world between two windows. */
export function writeSnapshot(world: World): Uint8Array {
  assert(!world.isBranch, 'a branch has no snapshots: its specification does not tell what it is');
  const writer = new NumberWriter();
  const { log, population, shards, venue } = world;
  const identity = world.specificationHash();
  floats(writer, [MAGIC, VERSION, identity.low, identity.high]);
  floats(writer, [log.hash.low, log.hash.high, log.rows()]);
  floats(writer, log.counts);
  venue.snapshot(writer);
  for (let k = 0; k < shards[0].counters.length; k++) {
    writer.float(shards.reduce((sum, shard) => sum + shard.counters[k], 0));
  }
  for (let c = 0; c < population.cohorts.length; c++) {
    floats(writer, population.rows[c]);
    floats(writer, population.slots[c]);
    floats(writer, population.execution[c]);
  }
  for (let agent = 0; agent < population.count; agent++) {
    const shard = shards[population.shardOf[agent]];
    writer.float(shard.wheel.timeOf(agent));
    writer.float(shard.alertBelowOf(agent));
    writer.float(shard.alertAboveOf(agent));
  }
  writeExchange(world, writer);
  return writer.bytes();
}

/**
 * Restores a snapshot into a world just constructed from the same specification (not opened), with any
 * number of shards.
 *
 * @throws UserError `snapshot/...` when the bytes are not a snapshot of this world.
 */
export function readSnapshot(world: World, bytes: Uint8Array): void {
  const reader = new NumberReader(bytes);
  const { log, market, population, shards, venue } = world;
  const [magic, version] = [reader.float(), reader.float()];
  if (magic !== MAGIC || version !== VERSION) {
    throw new UserError('snapshot/version', `the snapshot's version was ${version}, must be ${VERSION}`);
  }
  const identity = world.specificationHash();
  if (reader.float() !== identity.low || reader.float() !== identity.high) {
    throw new UserError('snapshot/world', 'the snapshot is of another scenario or seed than this world');
  }
  const counts = new Float64Array(log.counts.length);
  const [low, high, rows] = [reader.float(), reader.float(), reader.float()];
  reader.into(counts);
  log.resume(low, high, rows, counts);
  venue.restore(reader);
  reader.into(shards[0].counters);
  for (let c = 0; c < population.cohorts.length; c++) {
    reader.into(population.rows[c]);
    reader.into(population.slots[c]);
    reader.into(population.execution[c]);
  }
  for (let agent = 0; agent < population.count; agent++) {
    const shard = shards[population.shardOf[agent]];
    shard.wheel.schedule(agent, reader.float());
    const below = reader.float();
    shard.setAlerts(agent, below, reader.float());
  }
  readExchange(world, reader);
  reader.end();
  market.learnLatencies();
  world.crowd?.recount();
}
