/** Sums over cohorts of what their agents publish, and which of them an agent sees. */
import type { Memory } from '../kernel/index.js';
import { UserError } from '../kernel/index.js';
import type { DecisionBatch } from '../strategy/index.js';
import { describeTime } from '../trace/index.js';
import type { Population } from './layout.js';

/** Largest value an agent may publish: sums over a population stay exact. */
export const PUBLISHED_MAX = 2_147_483_648;
/** Shards write to cache lines of their own. */
const LINE = 8;

/**
 * Each shard keeps the sum over its own agents up to date as they decide; the market adds the shards
 * up while all are parked and publishes the totals with its next snapshot. So the sums an agent sees
 * are those at the start of the window of the snapshot it sees. Published values are whole numbers, so
 * that a sum does not depend on the order of its terms.
 */
export class CrowdBoard {
  /** Sums per slot of the ring of snapshots and publishing cohort. */
  readonly values: Float64Array;
  readonly #population: Population;
  /** Column of each cohort; -1 for those that publish nothing. */
  readonly #columns: Int32Array;
  readonly #width: number;
  readonly #partial: Float64Array;
  readonly #stride: number;
  readonly #sums: Float64Array;

  constructor(memory: Memory, population: Population, ring: number) {
    const { cohorts, shards } = population;
    this.#population = population;
    let width = 0;
    this.#columns = Int32Array.from(cohorts, ({ strategy }) =>
      strategy.publishesAt >= 0 ? width++ : -1,
    );
    this.#width = width;
    this.#stride = Math.ceil(width / LINE) * LINE;
    this.values = memory.float64('crowd.values', ring * width);
    this.#partial = memory.float64('crowd.partial', shards * this.#stride);
    this.#sums = memory.float64('crowd.sums', width);
  }

  /** Column of a cohort; -1 when it publishes nothing. */
  columnOf(cohort: number): number {
    return this.#columns[cohort];
  }

  /** Adds `sign` times what the agents of a batch publish now to a shard's sum. */
  add(shard: number, cohort: number, batch: DecisionBatch, sign: number): void {
    const column = this.#columns[cohort];
    const at = this.#population.cohorts[cohort].strategy.publishesAt;
    const { count, rows, row } = batch;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const value = rows[row[i] + at];
      if (!(Number.isInteger(value) && Math.abs(value) <= PUBLISHED_MAX)) {
        this.#refuse(cohort, batch, i, value);
      }
      sum += value;
    }
    this.#partial[shard * this.#stride + column] += sign * sum;
  }

  #refuse(cohort: number, batch: DecisionBatch, i: number, value: number): never {
    const { strategy, name } = this.#population.cohorts[cohort];
    const key = strategy.stateNames.find((one) => strategy.at[one] === strategy.publishesAt);
    throw new UserError(
      'strategy/publishes',
      `strategy "${strategy.name}", agent ${batch.agent[i] - this.#population.base[cohort]} of cohort ` +
        `"${name}" at ${describeTime(batch.time[i])}: published "${key}" was ${value}, must be a whole ` +
        `number of size at most ${PUBLISHED_MAX}`,
    );
  }

  /** Counts every shard's sums anew from the rows. */
  recount(): void {
    const { cohorts, base, rows, shardOf } = this.#population;
    this.#partial.fill(0);
    for (let c = 0; c < cohorts.length; c++) {
      const column = this.#columns[c];
      if (column < 0) continue;
      const { publishesAt, rowLength } = cohorts[c].strategy;
      for (let k = 0; k < cohorts[c].count; k++) {
        const at = shardOf[base[c] + k] * this.#stride + column;
        this.#partial[at] += rows[c][k * rowLength + publishesAt];
      }
    }
  }

  /** Adds the shards up; only while all of them are parked. */
  gather(): void {
    const { shards } = this.#population;
    for (let column = 0; column < this.#width; column++) {
      let sum = 0;
      for (let s = 0; s < shards; s++) sum += this.#partial[s * this.#stride + column];
      this.#sums[column] = sum;
    }
  }

  /** Publishes what was gathered with the snapshot of a slot of the ring. */
  publish(slot: number): void {
    for (let column = 0; column < this.#width; column++) {
      this.values[slot * this.#width + column] = this.#sums[column];
    }
  }

  /** Sum of a column as published with the snapshot of a slot. */
  sumAt(slot: number, column: number): number {
    return this.values[slot * this.#width + column];
  }

  /** Whether a population publishes anything. */
  static isNeeded(population: Population): boolean {
    return population.cohorts.some(({ strategy }) => strategy.publishesAt >= 0);
  }
}
