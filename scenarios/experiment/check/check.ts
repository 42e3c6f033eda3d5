/** Runs a scenario on seed after seed until every claim is decided. */
import { Subject, throttleTime } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Claim } from '../assertion/index.js';
import { RunPool } from '../pool/index.js';
import type { RunRequest, ScenarioSubject } from '../run/index.js';
import { checkResult } from './check-result.js';
import type { CheckResult } from './check-result.js';
import { Evidence } from './evidence.js';
import { scheduleOf } from './schedule.js';
import type { ScheduleOptions } from './schedule.js';
import { Verdicts } from './verdicts.js';

/** What is checked, and how. */
export interface CheckOptions extends ScheduleOptions {
  /** Settings applied. */
  subject: ScenarioSubject;
  /** At least one. */
  claims: readonly Claim[];
  /** That of the first run; each takes the next one. */
  seed: number;
  threads: number;
  /** Longest time one call of a user's strategy may take, milliseconds. */
  strategyMillisMax?: number | undefined;
}

/** How far a check is. */
export interface CheckProgress {
  runs: number;
  /** Runs that could not be made. */
  failed: number;
  /** Runs at the end of the stretch under way. */
  nextLook: number;
  budget: number;
  /** Verdicts at the last look. */
  verdicts: { pass: number; fail: number; undecided: number };
  wallSeconds: number;
}

/** A check under way. */
export interface CheckHandle {
  /** At most ten samples a second. */
  progress: Observable<CheckProgress>;
  /** Rejects with `run/interrupted` after `abort`. */
  result: Promise<CheckResult>;
  /** Ends after the runs under way; the result has what is known. */
  stop(): void;
  abort(): void;
}

const PROGRESS_MILLIS = 100;

/** Starts a check. */
export function startCheck(options: CheckOptions): CheckHandle {
  const { subject, threads, strategyMillisMax } = options;
  const pool = new RunPool({ subjects: [subject], threads, strategyMillisMax });
  const check = new Check(options, pool);
  const result = check.run().finally(() => pool.close());
  return {
    progress: check.progress.pipe(throttleTime(PROGRESS_MILLIS, undefined, { leading: true, trailing: true })),
    result,
    stop: () => check.stop(),
    abort: () => pool.abort(),
  };
}

class Check {
  readonly progress = new Subject<CheckProgress>();
  readonly #options: CheckOptions;
  readonly #pool: RunPool;
  readonly #begun = performance.now();
  #isStopped = false;

  constructor(options: CheckOptions, pool: RunPool) {
    this.#options = options;
    this.#pool = pool;
  }

  stop(): void {
    this.#isStopped = true;
    this.#pool.stop();
  }

  async run(): Promise<CheckResult> {
    const { claims, seed, confidence } = this.#options;
    const schedule = scheduleOf(claims, this.#options);
    const verdicts = new Verdicts(claims, schedule, confidence);
    const evidence = new Evidence(claims, seed);
    let isOver = false;
    for (let look = 0; !isOver && !this.#isStopped; look++) {
      const from = look === 0 ? 0 : schedule.runs[look - 1];
      const to = schedule.runs[look];
      await this.#make(from, to, { evidence, verdicts });
      if (evidence.ended < to) break;
      const isDecided = verdicts.look(look, evidence);
      // Runs that all fail will go on failing.
      isOver = isDecided || look === schedule.runs.length - 1 || evidence.failedCount === to;
    }
    if (!isOver) verdicts.interrupt(evidence);
    this.progress.complete();
    const about = { confidence, interrupted: !isOver, wallSeconds: this.#seconds() };
    return checkResult(claims, { evidence, verdicts }, about);
  }

  /** Makes the runs from one look to the next. */
  async #make(
    from: number,
    to: number,
    { evidence, verdicts }: { evidence: Evidence; verdicts: Verdicts },
  ): Promise<void> {
    const { seed, budget } = this.#options;
    await this.#pool.run(requests(seed, from, to), (outcome, _, place) => {
      evidence.add(from + place, outcome);
      this.progress.next({
        runs: evidence.ended,
        failed: evidence.failedCount,
        nextLook: to,
        budget,
        verdicts: countOf(verdicts),
        wallSeconds: this.#seconds(),
      });
    });
  }

  #seconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }
}

function* requests(seed: number, from: number, to: number): Generator<RunRequest> {
  for (let run = from; run < to; run++) yield { subject: 0, settings: {}, seed: seed + run };
}

function countOf({ found }: Verdicts): CheckProgress['verdicts'] {
  const count = { pass: 0, fail: 0, undecided: 0 };
  for (const one of found) count[one?.found.verdict ?? 'undecided']++;
  return count;
}
