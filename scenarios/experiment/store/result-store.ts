/** What is known of the runs of a study: which are done, and where their results stand. */
import type { RunOutcome } from '../run/index.js';
import type { StudyPlan } from '../study/index.js';
import { ResultLog } from './result-log.js';
import type { LinePlace } from './result-log.js';
import type { StoredResult } from './result-line.js';

const ABSENT = 0;
const FAILED = 1;
const DONE = 2;

/** Failures that say nothing about the run: it is made again when the study is resumed. */
const PASSING = /^(worker|memory|run\/interrupted|queue)/;

/** Results by number of run. Memory: 17 bytes a run of the plan, whatever a run measures. */
export class ResultStore {
  readonly plan: StudyPlan;
  readonly #log: ResultLog;
  readonly #state: Uint8Array;
  readonly #file: Int32Array;
  readonly #offset: Float64Array;
  readonly #bytes: Int32Array;
  /** Runs with a result, and how many of these failed. */
  count = 0;
  failed = 0;
  /** Lines that were damaged, or belong to another study: their runs are made again. */
  damaged = 0;

  /** @param folder of the logs; it need not exist */
  constructor(plan: StudyPlan, folder: string) {
    this.plan = plan;
    this.#log = new ResultLog(folder);
    this.#state = new Uint8Array(plan.size);
    this.#file = new Int32Array(plan.size);
    this.#offset = new Float64Array(plan.size);
    this.#bytes = new Int32Array(plan.size);
  }

  has(index: number): boolean {
    return this.#state[index] !== ABSENT;
  }

  /** Reads what this and other writers have added. O(bytes added). */
  refresh(take: (result: StoredResult) => void = () => {}): void {
    const damaged = this.#log.refresh((result, place) => {
      if (!this.#isOurs(result)) this.damaged++;
      else if (this.#note(result, place)) take(result);
    });
    this.damaged += damaged;
  }

  /**
   * Keeps a result. A run that has one already keeps it, unless that was a failure and this is none.
   * Returns whether it was kept.
   * @throws UserError `disk/full`
   */
  add(index: number, outcome: RunOutcome): boolean {
    if (!this.#isNews(index, outcome)) return false;
    const result = { index, key: this.plan.keyOf(index), outcome };
    return this.#note(result, this.#log.append(result));
  }

  /** Returns the result of a run, null when it has none. */
  get(index: number): RunOutcome | null {
    if (this.#state[index] === ABSENT) return null;
    const place = { file: this.#file[index], offset: this.#offset[index], bytes: this.#bytes[index] };
    return this.#log.at(place)?.outcome ?? null;
  }

  /** Forgets failures that may pass when tried again: threads that died, memory that was full. */
  forgetPassing(): void {
    for (let index = 0; index < this.#state.length; index++) {
      if (this.#state[index] !== FAILED) continue;
      const outcome = this.get(index);
      if (outcome?.status !== 'failed' || !PASSING.test(outcome.code)) continue;
      this.#state[index] = ABSENT;
      this.count--;
      this.failed--;
    }
  }

  /** Sees that what was added survives a loss of power. */
  sync(): void {
    this.#log.sync();
  }

  close(): void {
    this.#log.close();
  }

  /** A log of another study may have been copied in: its numbers mean other runs, or none. */
  #isOurs({ index, key }: StoredResult): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.plan.size && this.plan.keyOf(index) === key;
  }

  #isNews(index: number, outcome: RunOutcome): boolean {
    const state = this.#state[index];
    return state === ABSENT || (state === FAILED && outcome.status === 'ok');
  }

  #note({ index, outcome }: StoredResult, place: LinePlace): boolean {
    if (!this.#isNews(index, outcome)) return false;
    if (this.#state[index] === FAILED) this.failed--;
    else this.count++;
    if (outcome.status === 'failed') this.failed++;
    this.#state[index] = outcome.status === 'ok' ? DONE : FAILED;
    this.#file[index] = place.file;
    this.#offset[index] = place.offset;
    this.#bytes[index] = place.bytes;
    return true;
  }
}
