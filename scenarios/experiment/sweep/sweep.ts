/** Makes the runs of a study: what is missing in its folder, and nothing twice. */
import { type Observable, Subject as Stream } from 'rxjs';
import type { RunOutcome } from '../run/index.js';
import { notePart, writeManifest, writeTables } from '../store/index.js';
import type { StudyFolder, StudyManifest } from '../store/index.js';
import type { StudyPlan } from '../study/index.js';
import type { RunExecutor } from './executor.js';
import { LiveFigure } from './live-outcome.js';
import type { LiveOutcome } from './live-outcome.js';
import { SequentialRounds } from './rounds.js';
import { countSelected, selected } from './selection.js';
import type { Limits } from './selection.js';

/** What to do. */
export interface SweepOptions extends Limits {
  plan: StudyPlan;
  folder: StudyFolder;
  executor: RunExecutor;
  /** How the study was named, for the commands that the manifest keeps. */
  place: string;
}

/** How far a sweep is. */
export interface SweepProgress {
  /** Runs with a result, those from before included. */
  done: number;
  /** Those and the runs asked for so far: a sequential rule may ask for more. */
  planned: number;
  failed: number;
  /** Of this sweep. */
  runsPerSecond: number;
  secondsLeft: number;
  primary: LiveOutcome | null;
}

/** What a sweep came to. */
export interface SweepDone {
  /** Runs made now. */
  made: number;
  present: number;
  planned: number;
  failed: number;
  /** Stopped on request. */
  interrupted: boolean;
  wallSeconds: number;
  primary: LiveOutcome | null;
  /** Null where another writes the tables: a part of several. */
  manifest: StudyManifest | null;
}

/** A sweep under way. */
export interface SweepHandle {
  progress: Observable<SweepProgress>;
  result: Promise<SweepDone>;
  /** Ends after the runs under way. */
  stop(): void;
  /** Ends at once; what has ended is kept. */
  abort(): void;
}

const NONE = -1;
/** A sample costs a pass over the values kept. */
const SAMPLE_MILLIS = 100;

/** Starts a sweep; it closes folder and executor when it ends. */
export function startSweep(options: SweepOptions): SweepHandle {
  return new Sweep(options);
}

class Sweep implements SweepHandle {
  readonly progress: Observable<SweepProgress>;
  readonly result: Promise<SweepDone>;
  readonly #options: SweepOptions;
  readonly #samples = new Stream<SweepProgress>();
  readonly #live: LiveFigure;
  readonly #begun = performance.now();
  readonly #begunAt = new Date().toISOString();
  readonly #rounds: SequentialRounds;
  /** Runs in the folder, and those that were asked for and are not there. */
  #planned = 0;
  #made = 0;
  #isStopped = false;
  #sampledAt = 0;

  constructor(options: SweepOptions) {
    this.#options = options;
    const { plan, folder } = options;
    this.#live = new LiveFigure(plan);
    this.#rounds = new SequentialRounds(plan, folder.store, options);
    this.progress = this.#samples.asObservable();
    this.result = this.#run();
    this.result.catch(() => {});
  }

  stop(): void {
    this.#isStopped = true;
    this.#options.executor.stop();
  }

  abort(): void {
    this.#isStopped = true;
    this.#options.executor.abort();
  }

  async #run(): Promise<SweepDone> {
    const { plan, folder, executor, shard, budget } = this.#options;
    const { store } = folder;
    try {
      if (shard !== undefined) notePart(folder.path, { ...shard, budget: budget ?? null });
      store.forgetPassing();
      this.#planned = store.count + this.#countLacking();
      this.#lookBack();
      await this.#make(selected(plan, this.#options, 0, plan.replicatesMin));
      while (!this.#isStopped) {
        const more = this.#rounds.next();
        if (more.length === 0) break;
        this.#planned += more.filter((index) => !store.has(index)).length;
        await this.#make(more);
      }
      // Its threads need not stand by while tables are written.
      await executor.close();
      return this.#finish();
    } finally {
      store.close();
      this.#samples.complete();
      await executor.close();
    }
  }

  /** Makes those of the runs that nobody has made yet. */
  async #make(indices: Iterable<number>): Promise<void> {
    const { plan, folder, executor } = this.#options;
    const { store } = folder;
    // A run that has come is NONE: an executor may hand it on twice.
    const places: number[] = [];
    function* missing() {
      for (const index of indices) {
        if (store.has(index)) continue;
        places.push(index);
        yield plan.requestOf(index);
      }
    }
    await executor.run(missing(), (outcome, _, place) => {
      const index = places[place];
      places[place] = NONE;
      if (index !== NONE) this.#take(index, outcome);
    });
  }

  #take(index: number, outcome: RunOutcome): void {
    // Where workers keep results themselves, it is there already.
    this.#options.folder.store.add(index, outcome);
    this.#made++;
    if (outcome.status === 'ok') this.#live.add(outcome.values);
    const now = performance.now();
    if (!this.#samples.observed || now - this.#sampledAt < SAMPLE_MILLIS) return;
    this.#sampledAt = now;
    this.#samples.next(this.#sample());
  }

  /** Lets the live figure know what was there. */
  #lookBack(): void {
    const { plan, folder } = this.#options;
    for (let index = 0; index < plan.size; index++) {
      if (!folder.store.has(index)) continue;
      const outcome = folder.store.get(index);
      if (outcome?.status === 'ok') this.#live.add(outcome.values);
    }
  }

  /** Counts the runs asked for that have no result. */
  #countLacking(): number {
    const { plan, folder } = this.#options;
    if (folder.store.count === 0) return countSelected(plan, this.#options);
    let lacking = this.#rounds.countLacking();
    for (const index of selected(plan, this.#options, 0, plan.replicatesMin)) {
      if (!folder.store.has(index)) lacking++;
    }
    return lacking;
  }

  /** Counts what a sweep that was stopped leaves: a rule may not have been asked yet. */
  #countLeft(): number {
    while (this.#rounds.next().length > 0);
    return this.#countLacking();
  }

  #finish(): SweepDone {
    const { folder, shard, place } = this.#options;
    const { store, path } = folder;
    // Another coordinator may have worked on the same folder.
    store.refresh();
    const lacking = this.#isStopped ? this.#countLeft() : 0;
    const { count: present, failed } = store;
    const planned = present + lacking;
    let manifest: StudyManifest | null = null;
    if (shard === undefined) {
      writeTables(path, store);
      const notes = { begunAt: this.#begunAt, place, planned };
      manifest = writeManifest(path, store, notes);
    }
    const interrupted = lacking > 0;
    const wallSeconds = this.#seconds();
    const primary = this.#live.now;
    const made = this.#made;
    return { made, present, planned, failed, interrupted, wallSeconds, primary, manifest };
  }

  #seconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  #sample(): SweepProgress {
    const { store } = this.#options.folder;
    const runsPerSecond = this.#made / Math.max(this.#seconds(), 1e-3);
    const left = Math.max(0, this.#planned - store.count);
    return {
      done: store.count,
      planned: this.#planned,
      failed: store.failed,
      runsPerSecond,
      secondsLeft: left / Math.max(runsPerSecond, 1e-9),
      primary: this.#live.now,
    };
  }
}
