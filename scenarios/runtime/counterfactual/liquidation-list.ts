/** The liquidations of a run, and the names by which a branch knows them. */
import { ForestReader } from '../../../sim/contagion/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import { EventKind, EventReader, cohortOfAccount } from '../../../sim/trace/index.js';
import type { RunMetadata } from '../../../sim/trace/index.js';
import { readLog } from '../trace/index.js';

/** A liquidation as it stands in the event log. */
export interface RunLiquidation {
  /** Its number in the run. */
  liquidation: number;
  account: number;
  /** Which of the account's liquidations it is, 1 for the first: what a branch knows it by. */
  ordinal: number;
  timeMicros: number;
  /** Index of the account's cohort, -1 outside the population. */
  cohort: number;
  /** 1 for a long, -1 for a short. */
  side: 1 | -1;
  /** Notional closed, all its orders together. */
  notionalQuote: number;
}

/** What a run's log says of its liquidations. */
export interface LiquidationList {
  metadata: RunMetadata;
  /** In the order they happened. */
  liquidations: RunLiquidation[];
  /** Number of the one that the largest cascade begins with; -1 without liquidations. */
  largestRoot: number;
}

/** Reads the liquidations of an event log. @throws UserError `trace/...` */
export function readLiquidations(logPath: string): LiquidationList {
  const byNumber = new Map<number, RunLiquidation>();
  const ordinals = new Map<number, number>();
  let metadata: RunMetadata | undefined;
  let forest: ForestReader | undefined;
  readLog(logPath, (reader, about) => {
    metadata = about;
    forest ??= new ForestReader(about);
    forest.add(reader);
    addRows(reader.again(), about, byNumber, ordinals);
  });
  if (metadata === undefined) throw new UserError('trace/damaged', `${logPath}: holds no rows`);
  const liquidations = [...byNumber.values()];
  const first = liquidations[0]?.liquidation ?? -1;
  return { metadata, liquidations, largestRoot: forest === undefined ? first : rootOf(forest, first) };
}

/** Finds a liquidation by its number. @throws UserError `counterfactual/liquidation` */
export function findLiquidation({ liquidations }: LiquidationList, number: number): RunLiquidation {
  const found = liquidations.find((one) => one.liquidation === number);
  if (found !== undefined) return found;
  const last = liquidations.at(-1)?.liquidation ?? 0;
  const must = last === 0 ? 'but the run has none' : `must be one of 1 to ${last}`;
  throw new UserError('counterfactual/liquidation', `liquidation was ${number}, ${must}`);
}

/**
 * Finds the middle and the end of the longest time without liquidations before one, from the run's start.
 */
export function calmBefore(
  { liquidations }: LiquidationList,
  { timeMicros }: RunLiquidation,
): { middleMicros: number; endMicros: number } {
  let from = 0;
  let calm = { middleMicros: 0, endMicros: 0 };
  let longest = -1;
  for (const one of liquidations) {
    if (one.timeMicros > timeMicros) break;
    const gap = one.timeMicros - from;
    if (gap > longest) {
      longest = gap;
      calm = { middleMicros: from + gap / 2, endMicros: one.timeMicros };
    }
    from = one.timeMicros;
  }
  return calm;
}

function addRows(
  r: EventReader,
  metadata: RunMetadata,
  byNumber: Map<number, RunLiquidation>,
  ordinals: Map<number, number>,
): void {
  while (r.next()) {
    if (r.kind !== EventKind.liquidation) continue;
    const known = byNumber.get(r.cause);
    if (known !== undefined) {
      known.notionalQuote += r.extra;
      continue;
    }
    const ordinal = (ordinals.get(r.account) ?? 0) + 1;
    ordinals.set(r.account, ordinal);
    byNumber.set(r.cause, {
      liquidation: r.cause,
      account: r.account,
      ordinal,
      timeMicros: r.time,
      cohort: cohortOfAccount(metadata, r.account),
      side: r.sizeLots > 0 ? 1 : -1,
      notionalQuote: r.extra,
    });
  }
}

/** Number of the first liquidation of the most that go back to one event. */
function rootOf(reader: ForestReader, fallback: number): number {
  const { count, rootEvent, liquidation } = reader.forest(1);
  const first = new Map<number, number>();
  const sizes = new Map<number, number>();
  let largest = -1;
  for (let node = 0; node < count; node++) {
    const event = rootEvent[node];
    if (event < 0 || liquidation[node] === 0) continue;
    if (!first.has(event)) first.set(event, liquidation[node]);
    const size = (sizes.get(event) ?? 0) + 1;
    sizes.set(event, size);
    if (largest < 0 || size > (sizes.get(largest) ?? 0)) largest = event;
  }
  return first.get(largest) ?? fallback;
}
