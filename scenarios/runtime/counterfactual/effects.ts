/** Effects of a cause: branches with it and without it, on one path and over futures. */
import { effectOf, necessity, sufficiency } from '../../../sim/counterfactual/index.js';
import type { Effect, ShareInterval } from '../../../sim/counterfactual/index.js';
import type { BranchChanges, BranchOutcome, BranchPoint } from '../../../sim/engine/index.js';
import { mix32 } from '../../../sim/kernel/index.js';
import type { BranchPool } from './branch-pool.js';
import { calmBefore } from './liquidation-list.js';
import type { LiquidationList } from './liquidation-list.js';
import { type Measure, perMeasure } from './measures.js';
import type { Cause } from './question.js';

const CONTINUATION_DOMAIN = 0x636f6e74;

/** Sufficiency of a liquidation: it is forced in a calm moment. */
export interface Sufficiency {
  /** The calm moment, and until when futures of it are run, microseconds. */
  calmMicros: number;
  untilMicros: number;
  /** Notional closed by the forced liquidation on the path that happened, quote units. */
  forcedQuote: number;
  /** Share of futures with liquidations of others: forced, and left alone. */
  forced: ShareInterval;
  leftAlone: ShareInterval;
}

/** What a cause does. */
export interface CauseEffects {
  /** Outcomes on the path that happened, and on the same without the cause. */
  happened: BranchOutcome;
  without: BranchOutcome;
  effects: Record<Measure, Effect>;
  /** Of a liquidation, over futures with liquidations of others. */
  necessity: ShareInterval | null;
  sufficiency: Sufficiency | null;
}

/** How branches are run. */
export interface EffectTerms {
  seed: number;
  untilMicros: number;
  /** Futures; 0 for the path that happened alone. */
  continuations: number;
}

/** Runs a world with a cause, and with the changes that take it away. */
export async function causeEffects(
  pool: BranchPool,
  point: BranchPoint,
  { cause, changes }: { cause: Cause; changes: BranchChanges },
  terms: EffectTerms,
): Promise<CauseEffects> {
  const { untilMicros } = terms;
  const watched = cause.kind === 'liquidation' ? cause.account : undefined;
  const futures = futuresOf(point, terms);
  const branches = [{}, ...futures.map((continuation) => ({ continuation }))];
  const outcomes = await pool.branches(point, [
    ...branches.map((branch) => ({ ...branch, untilMicros, watched })),
    ...branches.map((branch) => ({ ...branch, ...changes, untilMicros, watched })),
  ]);
  const [happened, ...values] = outcomes.slice(0, branches.length);
  const [without, ...twins] = outcomes.slice(branches.length);
  const effects = perMeasure((measure) => {
    const of = (all: readonly BranchOutcome[]): number[] => all.map((outcome) => outcome[measure]);
    return effectOf(happened[measure], without[measure], of(values), of(twins));
  });
  if (cause.kind !== 'liquidation' || futures.length === 0) {
    return { happened, without, effects, necessity: null, sufficiency: null };
  }
  const { ordinal } = cause;
  const othersWith = values.map(
    (one) => one.liquidations - (one.watchedOrdinal >= ordinal ? 1 : 0),
  );
  const othersWithout = twins.map((one) => one.liquidations - one.deferredBegun);
  const cascades = othersWith.map((others) => others > 0);
  const needed = necessity(othersWith, othersWithout, cascades);
  return { happened, without, effects, necessity: needed, sufficiency: null };
}

/** Forces a liquidation in the longest calm before it; null where its account holds nothing then. */
export async function forcedInCalm(
  pool: BranchPool,
  list: LiquidationList,
  cause: Extract<Cause, { kind: 'liquidation' }>,
  terms: EffectTerms,
): Promise<Sufficiency | null> {
  const { middleMicros, endMicros } = calmBefore(list, cause);
  const point = await pool.point(middleMicros);
  const calmMicros = point.window * list.metadata.windowMicros;
  const untilMicros = Math.min(endMicros, terms.untilMicros);
  const force = cause.account;
  const [{ forcedQuote }] = await pool.branches(point, [{ force, untilMicros: calmMicros }]);
  if (forcedQuote === 0) return null;
  const futures = futuresOf(point, terms);
  const outcomes = await pool.branches(point, [
    ...futures.map((continuation) => ({ continuation, force, untilMicros })),
    ...futures.map((continuation) => ({ continuation, untilMicros })),
  ]);
  const others = outcomes.map((one, k) => one.liquidations - (k < futures.length ? 1 : 0) > 0);
  return {
    calmMicros,
    untilMicros,
    forcedQuote,
    forced: sufficiency(others.slice(0, futures.length)),
    leftAlone: sufficiency(others.slice(futures.length)),
  };
}

/**
 * Seeds of the futures of a point. They begin a window later: what is decided in the first window
 * arrives in the next, so all futures share the event asked about.
 */
function futuresOf({ window }: BranchPoint, { seed, continuations }: EffectTerms) {
  const low = seed | 0;
  const high = Math.floor(seed / 4294967296);
  return Array.from({ length: continuations }, (_, k) => ({
    seed: mix32(low ^ CONTINUATION_DOMAIN, high, k) >>> 0,
    fromWindow: window + 1,
  }));
}
