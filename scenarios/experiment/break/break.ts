/**
 * Finds the smallest value of a dial that breaks a scenario, and the least scenario that shows it.
 */
import { registry } from '../../../agents/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { applySettings, resolveScenario } from '../../model/index.js';
import type { ScenarioInput } from '../../model/index.js';
import { isSatisfied } from '../assertion/index.js';
import type { Claim } from '../assertion/index.js';
import { RunPool } from '../pool/index.js';
import { canCountOnly, COUNTED } from '../run/index.js';
import type { RunOutcome, RunRequest, ScenarioSubject, Settings } from '../run/index.js';
import { breakingScenario } from './breaking-scenario.js';
import type { Dial } from './dial.js';
import { partsOf, settingsOf } from './parts.js';
import type { Part } from './parts.js';
import { search } from './search.js';
import type { SearchOptions, SearchResult } from './search.js';
import { shrink } from './shrink.js';

/** What to break, and how hard to try. */
export interface BreakOptions extends Omit<SearchOptions, 'trial' | 'isStopped'> {
  /** Settings applied. */
  subject: ScenarioSubject;
  dial: Dial;
  /** A run violates when the figure of one of them does not compare as it says. */
  claims: readonly Claim[];
  threads: number;
  strategyMillisMax?: number | undefined;
  /** The user's strategies as declared, which cohorts may name. */
  own?: readonly Strategy[];
  /** Leaves out of the breaking scenario what it does not need. */
  isShrinking: boolean;
  /** Called as runs end. */
  onProgress?: (runs: number, stage: 'searching' | 'shrinking') => void;
}

/** The scenario that breaks. */
export interface Breaking {
  value: number;
  /** At which a run of it violates. */
  seed: number;
  /** Texts of the assertions that this run violates. */
  violated: string[];
  scenario: ScenarioInput;
  /** Parts of the scenario that are needed, and those left out. */
  kept: Part[];
  removed: Part[];
  /** Runs the shrinking took, and whether no part can be left out alone. */
  shrinkRuns: number;
  isMinimal: boolean;
}

/** What came of it. */
export interface BreakResult extends SearchResult {
  /** Runs came to the counts of liquidations only. */
  countsOnly: boolean;
  /** Null where no value was established. */
  breaking: Breaking | null;
}

/** A search under way. */
export interface BreakHandle {
  result: Promise<BreakResult>;
  /** Ends after the runs under way; the result has what is known. */
  stop(): void;
  /** Ends at once; the result rejects with `run/interrupted`. */
  abort(): void;
}

/** Most candidates of a shrinking. */
const SHRINK_MAX = 300;
/** Runs that look for one that violates at the breaking value, over those expected to be needed. */
const WITNESS_FACTOR = 10;
const WITNESS_BATCH = 50;

/**
 * Starts a search. @throws UserError `scenario/...` when an end of the range is no value of the
 * dial
 */
export function startBreak(options: BreakOptions): BreakHandle {
  const { subject, dial, claims, threads, strategyMillisMax, range } = options;
  const strategies = [...registry, ...(options.own ?? [])];
  for (const end of ['from', 'to'] as const) checkEnd(options, end, strategies);
  const isCounted = claims.every((one) => one.metric.name === COUNTED) && dial.path.startsWith('flat.');
  const atFrom = withDial(subject.scenario, dial.path, range.from, strategies);
  const countsOnly = isCounted && canCountOnly(resolveScenario(atFrom, strategies));
  const own: ScenarioSubject = countsOnly ? { ...subject, measured: 'counts only' } : subject;
  const pool = new RunPool({ subjects: [own], threads, strategyMillisMax });
  const breaking = new Break({ ...options, subject: own }, pool, strategies);
  const result = breaking.run().finally(() => pool.close());
  result.catch(() => {});
  return { result, stop: () => breaking.stop(), abort: () => pool.abort() };
}

/** An end must be a value that the scenario may have. */
function checkEnd(
  { subject, dial, range }: BreakOptions,
  end: 'from' | 'to',
  strategies: readonly Strategy[],
): void {
  try {
    resolveScenario(withDial(subject.scenario, dial.path, range[end], strategies), strategies);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = error.message.split('\n')[0].replace(/^--set [^:]*: /, '');
    throw new UserError(error.code, `--${end} ${range[end]}: ${message}`);
  }
}

function withDial(
  scenario: ScenarioInput,
  path: string,
  value: number,
  strategies: readonly Strategy[],
): ScenarioInput {
  return applySettings(scenario, [`${path}=${JSON.stringify(value)}`], strategies);
}

class Break {
  readonly #options: BreakOptions;
  readonly #pool: RunPool;
  readonly #strategies: readonly Strategy[];
  #isStopped = false;
  #runs = 0;

  constructor(options: BreakOptions, pool: RunPool, strategies: readonly Strategy[]) {
    this.#options = options;
    this.#pool = pool;
    this.#strategies = strategies;
  }

  stop(): void {
    this.#isStopped = true;
    this.#pool.stop();
  }

  async run(): Promise<BreakResult> {
    const { subject, dial } = this.#options;
    const found = await search({
      ...this.#options,
      isStopped: () => this.#isStopped,
      trial: async (asked) => {
        const requests = asked.flatMap(({ value, seeds }) =>
          seeds.map((seed): RunRequest => ({ subject: 0, settings: { [dial.path]: value }, seed })),
        );
        const outcomes = await this.#make(requests, 'searching');
        let at = 0;
        return asked.map(({ seeds }) => {
          return seeds.map(() => this.#violates(outcomes[at++]));
        });
      },
    });
    const countsOnly = subject.measured === 'counts only';
    const isEstablished = found.verdict === 'found' || found.verdict === 'brokenThroughout';
    const breaking = isEstablished && !this.#isStopped ? await this.#breaking(found) : null;
    return { ...found, interrupted: this.#isStopped, countsOnly, breaking };
  }

  async #make(
    requests: readonly RunRequest[],
    stage: 'searching' | 'shrinking',
  ): Promise<(RunOutcome | undefined)[]> {
    const outcomes: (RunOutcome | undefined)[] = new Array(requests.length).fill(undefined);
    await this.#pool.run(requests, (outcome, _, place) => {
      outcomes[place] = outcome;
      this.#options.onProgress?.(++this.#runs, stage);
    });
    return outcomes;
  }

  /** A figure that is undefined violates nothing. */
  #violated(outcome: RunOutcome | undefined): Claim[] {
    if (outcome?.status !== 'ok') return [];
    return this.#options.claims.filter((claim) => {
      const value = outcome.values[claim.place];
      return value !== null && !isSatisfied(claim, value);
    });
  }

  #violates(outcome: RunOutcome | undefined): boolean | null {
    return outcome?.status === 'ok' ? this.#violated(outcome).length > 0 : null;
  }

  async #breaking(found: SearchResult): Promise<Breaking | null> {
    const { subject, dial, claims, isShrinking } = this.#options;
    const value = found.harsh as number;
    const known = found.witness?.value === value ? found.witness.seed : null;
    const seed = known ?? (await this.#witness(value));
    if (seed === null) return null;
    const whole = withDial(subject.scenario, dial.path, value, this.#strategies);
    const parts = partsOf(whole);
    const all = { kept: parts.map((_, i) => i), judged: 0, isMinimal: false };
    const base = { settings: { [dial.path]: value }, seed };
    const least = isShrinking ? await this.#shrink(whole, parts, base) : all;
    const kept = least.kept.map((i) => parts[i]);
    const settings = settingsOf(whole, kept);
    const request = { subject: 0, settings: { ...base.settings, ...settings }, seed };
    const [outcome] = await this.#make([request], 'shrinking');
    return {
      value,
      seed,
      violated: this.#violated(outcome).map((one) => one.text),
      scenario: breakingScenario({ ...whole, ...settings } as ScenarioInput, claims),
      kept,
      removed: parts.filter((_, i) => !least.kept.includes(i)),
      shrinkRuns: least.judged,
      isMinimal: least.isMinimal,
    };
  }

  /** Looks for a seed that violates, from the first on. */
  async #witness(value: number): Promise<number | null> {
    const { dial, alpha, seed } = this.#options;
    const most = Math.ceil(WITNESS_FACTOR / alpha);
    for (let from = 0; from < most && !this.#isStopped; from += WITNESS_BATCH) {
      const requests = Array.from({ length: WITNESS_BATCH }, (_, k): RunRequest => {
        return { subject: 0, settings: { [dial.path]: value }, seed: seed + from + k };
      });
      const outcomes = await this.#make(requests, 'searching');
      const at = outcomes.findIndex((one) => this.#violates(one) === true);
      if (at >= 0) return requests[at].seed;
    }
    return null;
  }

  /** The dial is set before whole sections are, which hold its value where it lies in one. */
  #shrink(whole: ScenarioInput, parts: readonly Part[], base: Pick<RunRequest, 'settings' | 'seed'>) {
    const judge = async (candidates: readonly (readonly number[])[]): Promise<(boolean | null)[]> => {
      const asked = candidates.map((kept) => settingsOf(whole, kept.map((i) => parts[i])));
      const valid = asked.map((settings) => this.#isValid(whole, settings));
      const requests = asked
        .filter((_, i) => valid[i])
        .map((settings): RunRequest => {
          return { subject: 0, settings: { ...base.settings, ...settings }, seed: base.seed };
        });
      const outcomes = this.#isStopped ? [] : await this.#make(requests, 'shrinking');
      let at = 0;
      return valid.map((isValid) => (isValid ? this.#violates(outcomes[at++]) === true : null));
    };
    return shrink(parts.length, judge, SHRINK_MAX);
  }

  #isValid(whole: ScenarioInput, settings: Settings): boolean {
    try {
      resolveScenario({ ...whole, ...settings } as ScenarioInput, this.#strategies);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }
}
