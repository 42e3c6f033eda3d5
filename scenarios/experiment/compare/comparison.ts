/** Runs two variants on the same seeds. */
import type { RunDivergence } from '../../runtime/index.js';
import { RunPool } from '../pool/index.js';
import { metricPlace, metricsOf } from '../run/index.js';
import type { RunOutcome, RunRequest, ScenarioSubject } from '../run/index.js';
import { compareMetrics } from './metric-comparison.js';
import type { MetricComparison } from './metric-comparison.js';

/** Figures compared unless others are named. */
export const primaryMetrics: readonly string[] = [
  'liquidations.count',
  'contagion.largestTree',
  'reproductionNumber',
  'price.maxDrawdownFraction',
  'badDebtQuote',
  'insuranceFund.drawdown',
  'autoDeleveraging.count',
];

/** What to compare. */
export interface CompareOptions {
  a: ScenarioSubject;
  b: ScenarioSubject;
  /** Pair k runs on seed + k. */
  seed: number;
  seeds: number;
  threads: number;
  strategyMillisMax?: number | undefined;
  /** Names of figures; `primaryMetrics` unless given. */
  metrics?: readonly string[];
  confidence?: number;
  /** Called as runs end. */
  onProgress?: (done: number, all: number) => void;
}

/** A run that could not be made. */
export interface FailedRun {
  variant: 'A' | 'B';
  seed: number;
  code: string;
  reason: string;
}

/** What came of it. */
export interface Comparison {
  seed: number;
  seeds: number;
  /** Pairs of which both runs ended. */
  pairs: number;
  /** Pairs whose runs end in the same hash. */
  samePairs: number;
  failed: FailedRun[];
  /** Stopped on request before all pairs were made. */
  partial: boolean;
  confidence: number;
  metrics: MetricComparison[];
  /** Where the runs of the first seed part; null where it could not be looked for. */
  divergence: RunDivergence | null;
  /** Hashes of the first seed's runs, null of one that failed. */
  hashes: { a: string | null; b: string | null };
}

/** A comparison under way. */
export interface ComparisonHandle {
  result: Promise<Comparison>;
  /** Makes no further pairs; those made are compared. */
  stop(): void;
  /** Ends at once; the result rejects with `run/interrupted`. */
  abort(): void;
}

/** Starts a comparison. @throws UserError `metric/unknown`, at once */
export function startComparison(options: CompareOptions): ComparisonHandle {
  const { a, b, threads, strategyMillisMax, metrics = primaryMetrics } = options;
  const places = metrics.map((name) => metricPlace(name, '--metric: '));
  const pool = new RunPool({ subjects: [a, b], threads, strategyMillisMax });
  const comparing = new Comparing(pool, options, places);
  const result = comparing.run().finally(() => pool.close());
  result.catch(() => {});
  return {
    result,
    stop: () => comparing.stop(),
    abort: () => pool.abort(),
  };
}

class Comparing {
  readonly #pool: RunPool;
  readonly #options: CompareOptions;
  readonly #places: readonly number[];
  readonly #outcomes: (RunOutcome | undefined)[][];
  #isStopped = false;
  #done = 0;

  constructor(pool: RunPool, options: CompareOptions, places: readonly number[]) {
    this.#pool = pool;
    this.#options = options;
    this.#places = places;
    this.#outcomes = [new Array(options.seeds), new Array(options.seeds)];
  }

  stop(): void {
    this.#isStopped = true;
    this.#pool.stop();
  }

  async run(): Promise<Comparison> {
    const { seed, seeds, confidence = 0.95 } = this.#options;
    await this.#pool.run(this.#requests(), (outcome, request) => {
      this.#outcomes[request.subject][request.seed - seed] = outcome;
      this.#options.onProgress?.(++this.#done, 2 * seeds);
    });
    const [hashA, hashB] = this.#outcomes.map(([first]) => hashOf(first));
    const divergence = await this.#divergence(hashA, hashB);
    const [ofA, ofB] = this.#outcomes;
    const whole = Array.from({ length: seeds }, (_, k) => k).filter(
      (k) => hashOf(ofA[k]) !== null && hashOf(ofB[k]) !== null,
    );
    return {
      seed,
      seeds,
      pairs: whole.length,
      samePairs: whole.filter((k) => hashOf(ofA[k]) === hashOf(ofB[k])).length,
      failed: this.#failed(),
      partial: this.#isStopped && this.#done < 2 * seeds,
      confidence,
      metrics: this.#compare(whole, confidence),
      divergence,
      hashes: { a: hashA, b: hashB },
    };
  }

  *#requests(): Iterable<RunRequest> {
    const { seed, seeds } = this.#options;
    for (let k = 0; k < seeds; k++) {
      for (const subject of [0, 1]) yield { subject, settings: {}, seed: seed + k };
    }
  }

  /** Hashes fold every event, so equal ones leave nothing to look for. */
  async #divergence(hashA: string | null, hashB: string | null): Promise<RunDivergence | null> {
    if (hashA === null || hashB === null || this.#isStopped) return null;
    if (hashA === hashB) return { opening: null, event: null, sample: null, micros: 0 };
    const { seed } = this.#options;
    const [a, b] = [0, 1].map((subject) => ({ subject, settings: {}, seed }));
    return this.#pool.divergence(a, b);
  }

  #compare(whole: readonly number[], confidence: number): MetricComparison[] {
    const all = metricsOf(this.#options.a);
    const values = (variant: number, place: number): (number | null)[] =>
      whole.map((k) => {
        const outcome = this.#outcomes[variant][k];
        return outcome?.status === 'ok' ? outcome.values[place] : null;
      });
    const pairs = this.#places.map((place) => {
      return { metric: all[place], a: values(0, place), b: values(1, place) };
    });
    return compareMetrics(pairs, { confidence });
  }

  #failed(): FailedRun[] {
    const { seed, seeds } = this.#options;
    const failed: FailedRun[] = [];
    for (let k = 0; k < seeds; k++) {
      (['A', 'B'] as const).forEach((variant, v) => {
        const outcome = this.#outcomes[v][k];
        if (outcome?.status !== 'failed') return;
        failed.push({ variant, seed: seed + k, code: outcome.code, reason: outcome.reason });
      });
    }
    return failed;
  }
}

function hashOf(outcome: RunOutcome | undefined): string | null {
  return outcome?.status === 'ok' ? outcome.stateHash : null;
}
