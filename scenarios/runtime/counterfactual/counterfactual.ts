/** What would have happened in a stored run without one of its causes. */
import { barsDurationMicros } from '../../../sim/oracle/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import type { DeferTerms, SuppressionMode } from '../../../sim/venue/index.js';
import { durationMicros } from '../../model/index.js';
import { packageVersion } from '../package-info.js';
import { storedBars, storedScenario } from '../stored-inputs.js';
import { readStrategies } from '../strategies/index.js';
import { checkDigests, readRun } from '../trace/index.js';
import { BranchPool } from './branch-pool.js';
import { type Division, divide } from './division.js';
import { type CauseEffects, causeEffects, forcedInCalm } from './effects.js';
import { readLiquidations } from './liquidation-list.js';
import type { LiquidationList } from './liquidation-list.js';
import { type Cause, type CauseName, changesWithout, findCause } from './question.js';

/** How long after a liquidation its effects are told, unless asked otherwise: an hour. */
const HORIZON_MICROS = 3_600_000_000;
/** Futures, unless asked otherwise. */
const CONTINUATIONS = 20;

/** What to ask of a run. */
export interface CounterfactualOptions extends CauseName {
  /** Folder of the run. */
  folder: string;
  threads: number;
  /** What becomes of liquidations that are taken away; `warehouse` by default. */
  mode?: SuppressionMode;
  defer?: DeferTerms;
  /** Continuation seeds; 20 by default, 0 for the path that happened alone. */
  continuations?: number;
  /** Also divides the outcomes over cohorts. */
  shapley?: boolean;
  /** Where to branch: a liquidation's own time, else the start, by default. */
  atMicros?: number;
  /** How long a branch runs: an hour for a liquidation, else to the run's end, by default. */
  horizonMicros?: number;
  strategyMillisMax?: number;
  onProgress?: (done: number, asked: number) => void;
}

/** The answer. */
export interface Counterfactual extends CauseEffects {
  scenario: string;
  seed: number;
  /** Hash of the run. */
  runHash: string;
  /** Whether the branch without changes ends in it; null where branches end before the run does. */
  agrees: boolean | null;
  /** Set when another version made the run. */
  madeByVersion?: string;
  cause: Cause;
  mode: SuppressionMode;
  /** Simulated time at which branches begin and end, microseconds. */
  branchMicros: number;
  untilMicros: number;
  division: Division | null;
}

/** A counterfactual under way. */
export interface CounterfactualHandle {
  result: Promise<Counterfactual>;
  /** Ends now; the result rejects with `run/interrupted`. */
  abort(): void;
  /** Strategies kept in the folder, which are run again with it. */
  userStrategies: readonly string[];
}

/**
 * Starts to branch a run.
 * @throws UserError `trace/...` when the folder is not a whole run, `counterfactual/...` when it has no
 * such cause; `strategy/...` and the engine's through the result
 */
export async function startCounterfactual(options: CounterfactualOptions): Promise<CounterfactualHandle> {
  const { strategyMillisMax, threads, onProgress } = options;
  const stored = readRun(options.folder);
  const { manifest, summary } = stored;
  checkDigests(stored);
  const list = readLiquidations(stored.log);
  const userStrategies = await readStrategies(stored.path, manifest.digests, strategyMillisMax);
  const scenario = storedScenario(stored, userStrategies);
  const bars = storedBars(stored);
  const cause = findCause(options, scenario, list);
  const whole = bars === undefined ? durationMicros(scenario.time.duration) : barsDurationMicros(bars);
  const length = manifest.complete ? whole : Math.round(summary.simulatedSeconds * 1e6);
  const times = timesOf(options, cause, length, list.metadata.windowMicros);
  const { seed } = manifest;
  const pool = new BranchPool({ scenario, seed, bars, userStrategies, threads, strategyMillisMax, onProgress });
  const result = answer(pool, { options, cause, list, seed, length, ...times })
    .then((found): Counterfactual => ({
      scenario: scenario.name,
      seed,
      runHash: manifest.hash,
      agrees: times.untilMicros < length ? null : found.happened.hash === manifest.hash,
      madeByVersion: manifest.version === packageVersion ? undefined : manifest.version,
      cause,
      mode: options.mode ?? 'warehouse',
      ...times,
      ...found,
    }))
    .finally(() => pool.close());
  result.catch(() => {});
  const own = userStrategies.map((one) => one.name);
  return { result, abort: () => pool.abort(), userStrategies: own };
}

/** When branches begin and end. @throws UserError `counterfactual/time` */
function timesOf(
  options: CounterfactualOptions,
  cause: Cause,
  length: number,
  windowMicros: number,
): { branchMicros: number; untilMicros: number } {
  const isLiquidation = cause.kind === 'liquidation';
  const happened = isLiquidation ? cause.timeMicros : length;
  const at = options.atMicros ?? (isLiquidation ? happened : 0);
  if (at > happened || at >= length) {
    const must = isLiquidation ? `before the liquidation at ${happened / 1e6} s` : `before the end at ${length / 1e6} s`;
    throw new UserError('counterfactual/time', `branches were to begin at ${at / 1e6} s, must be ${must}`);
  }
  const branchMicros = Math.floor(at / windowMicros) * windowMicros;
  const horizon = options.horizonMicros ?? (isLiquidation ? HORIZON_MICROS : Infinity);
  const untilMicros = Math.min(length, branchMicros + horizon);
  if (isLiquidation && untilMicros <= happened) {
    const must = `must reach the liquidation at ${happened / 1e6} s`;
    throw new UserError('counterfactual/time', `branches were to end at ${untilMicros / 1e6} s, ${must}`);
  }
  return { branchMicros, untilMicros };
}

interface Plan {
  options: CounterfactualOptions;
  cause: Cause;
  list: LiquidationList;
  seed: number;
  length: number;
  branchMicros: number;
  untilMicros: number;
}

async function answer(pool: BranchPool, plan: Plan): Promise<CauseEffects & { division: Division | null }> {
  const { options, cause, list, seed, branchMicros, untilMicros } = plan;
  const { mode = 'warehouse', defer, continuations = CONTINUATIONS } = options;
  const terms = { seed, untilMicros, continuations };
  const point = await pool.point(branchMicros);
  const changes = changesWithout(cause, mode, defer);
  const found = await causeEffects(pool, point, { cause, changes }, terms);
  if (cause.kind === 'liquidation') {
    checkHappened(found, cause.ordinal);
    if (continuations > 0) found.sufficiency = await forcedInCalm(pool, list, cause, terms);
  }
  const division = options.shapley === true
    ? await divide(pool, point, list, { seed, untilMicros, mode })
    : null;
  return { ...found, division };
}

/** A run that this version does not repeat has no branches worth looking at. */
function checkHappened({ happened, without }: CauseEffects, ordinal: number): void {
  if (happened.watchedOrdinal >= ordinal && without.suppressed > 0) return;
  const what = 'the liquidation did not happen when the run was simulated again';
  throw new UserError('counterfactual/diverged', `${what}; see "stampede verify"`);
}
