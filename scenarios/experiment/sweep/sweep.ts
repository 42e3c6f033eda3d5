/** Makes the runs of a study: what is missing in its folder, and nothing twice. */
import { type Observable, Subject as Stream } from 'rxjs';
import { nextCheckpoint, precisionOf } from '../../../sim/statistics/index.js';
import { metricPlace } from '../run/index.js';
import type { RunOutcome } from '../run/index.js';
import { writeManifest, writeTables } from '../store/index.js';
import type { StudyFolder, StudyManifest } from '../store/index.js';
import type { StudyPlan } from '../study/index.js';
import type { RunExecutor } from './executor.js';
import { LiveFigure } from './live-outcome.js';
import type { LiveOutcome } from './live-outcome.js';
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
  /** Runs asked for so far: a sequential rule may ask for more. */
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
  /** Replicates that a sequential rule has asked for, by point. */
  readonly #targets: Int32Array;
  #planned: number;
  #made = 0;
  #isStopped = false;
  #sampledAt = 0;

  constructor(options: SweepOptions) {
    this.#options = options;
    const { plan } = options;
    this.#live = new LiveFigure(plan);
    this.#targets = new Int32Array(plan.points).fill(plan.replicatesMin);
    this.#planned = countSelected(plan, options);
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
    const { plan, folder, executor } = this.#options;
    const { store } = folder;
    try {
      store.forgetPassing();
      this.#lookBack();
      await this.#make(selected(plan, this.#options, 0, plan.replicatesMin));
      while (plan.rule !== null && !this.#isStopped) {
        const more = this.#nextRound();
        if (more.length === 0) break;
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

  /**
   * Asks the sequential rule at every point; returns the runs it wants. What it decides depends on the
   * results of the first replicates alone, not on when they came.
   */
  #nextRound(): number[] {
    const { plan, budget = Infinity } = this.#options;
    const { rule } = plan;
    if (rule === null) return [];
    const place = metricPlace(rule.metric, '', plan.metrics);
    const target = { relative: rule.precision, confidence: plan.study.confidence, pilot: rule.min };
    const more: number[] = [];
    for (const point of plan.pointOrder()) {
      const now = this.#targets[point];
      if (now >= rule.max || !this.#isOwn(point)) continue;
      let wanted = now;
      for (let variant = 0; variant < plan.variants; variant++) {
        const values = this.#values(point, variant, now, place);
        if (precisionOf(values, target).enough) continue;
        wanted = Math.max(wanted, Math.min(rule.max, nextCheckpoint(values, target)));
      }
      const runs = (wanted - now) * plan.variants;
      if (runs <= 0 || this.#planned + runs > budget) continue;
      this.#targets[point] = wanted;
      this.#planned += runs;
      for (let replicate = now; replicate < wanted; replicate++) {
        for (let variant = 0; variant < plan.variants; variant++) {
          more.push(plan.indexOf({ point, variant, replicate }));
        }
      }
    }
    return more;
  }

  /** Parts of a study share out points whole where a rule looks at their replicates. */
  #isOwn(point: number): boolean {
    const { plan, shard } = this.#options;
    if (shard === undefined) return true;
    const first = plan.indexOf({ point, variant: 0, replicate: 0 });
    return this.#options.folder.store.has(first);
  }

  #values(point: number, variant: number, count: number, place: number): number[] {
    const { plan, folder } = this.#options;
    const values: number[] = [];
    for (let replicate = 0; replicate < count; replicate++) {
      const outcome = folder.store.get(plan.indexOf({ point, variant, replicate }));
      const value = outcome?.status === 'ok' ? outcome.values[place] : null;
      if (value !== null && value !== undefined) values.push(value);
    }
    return values;
  }

  #finish(): SweepDone {
    const { folder, shard, place } = this.#options;
    const { store, path } = folder;
    // Another coordinator may have worked on the same folder.
    store.refresh();
    let manifest: StudyManifest | null = null;
    if (shard === undefined) {
      writeTables(path, store);
      const notes = { begunAt: this.#begunAt, place, planned: this.#planned };
      manifest = writeManifest(path, store, notes);
    }
    const { count: present, failed } = store;
    const interrupted = this.#isStopped && present < this.#planned;
    const wallSeconds = this.#seconds();
    const primary = this.#live.now;
    const [made, planned] = [this.#made, this.#planned];
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
