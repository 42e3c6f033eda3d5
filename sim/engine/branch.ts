/**
 * Branches: a world is run to the window before a moment and goes on from there in several ways.
 *
 * A branch restores the snapshot into a fresh world and applies its changes; what is not changed draws
 * the same random numbers, so that a branch without changes is the straight run, bit for bit. Index
 * paths are inputs and stay as they are, also under a continuation seed.
 */
import { assert, LocalMemory } from '../kernel/index.js';
import { type ChunkSink, EventLog } from '../trace/index.js';
import { Economics } from '../strategy/index.js';
import type { Suppression } from '../venue/index.js';
import { WindowLoop } from './run-loop.js';
import { readSnapshot, writeSnapshot } from './snapshot.js';
import type { WorldSpec } from './world-spec.js';
import { World } from './world.js';

/** What a branch can do without; `liquidations` warehouses all of them. */
export const MECHANISMS = ['liquidations', 'stops', 'funding', 'deleveraging', 'bands'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** A moment to branch from. */
export interface BranchPoint {
  /** First window of the branches. */
  window: number;
  bytes: Uint8Array;
}

/** What is different in a branch, from its first window on. */
export interface BranchChanges {
  suppressions?: readonly Suppression[];
  /** Cohorts, by number, whose orders are cancelled, and refused from then on. Positions stay. */
  muted?: readonly number[];
  without?: readonly Mechanism[];
  /** Faults, by number in the specification, that are taken away; a halt under way ends. */
  withoutFaults?: readonly number[];
  /** From window `fromWindow` on, agents' draws and all ties are of another seed. */
  continuation?: { seed: number; fromWindow: number };
  /** Account liquidated at once, in breach or not. */
  force?: number;
}

/** How a branch is run. */
export interface BranchTerms extends BranchChanges {
  /** Ends before the window that holds this time; the scenario's duration by default. */
  untilMicros?: number;
  /** Shards, decided one after the other; the result does not depend on them. */
  shards?: number;
  /** Runs every module's checks. */
  check?: boolean;
  /** Account whose breaches the outcome tells. */
  watched?: number;
  /** Receives the event log from the branch point on. */
  onChunk?: ChunkSink;
}

/** What came of a branch, from its first window to its end. */
export interface BranchOutcome {
  liquidations: number;
  liquidatedQuote: number;
  /** At the mark of the branch point, as the fund's drawdown. */
  badDebtQuote: number;
  /** Largest fall of a last price from its highest since the branch point, fraction; the worst of all. */
  priceFallFraction: number;
  /** From the balance at the branch point to the lowest since. */
  fundDrawdownQuote: number;
  /** Liquidations taken away; of deferred ones, those whose orders began are counted as liquidations too. */
  suppressed: number;
  deferredBegun: number;
  /** Paid in from outside to recapitalise accounts. */
  injectedQuote: number;
  /** Notional closed by a forced liquidation. */
  forcedQuote: number;
  /** Breach ordinal the watched account has reached, 0 without one. */
  watchedOrdinal: number;
  hash: string;
}

/**
 * Runs a world to the window that holds `micros`, at most to its end.
 *
 * @param onChunk receives the event log up to there
 */
export function branchPoint(
  spec: WorldSpec,
  micros: number,
  shards = 1,
  onChunk: ChunkSink = () => {},
): BranchPoint {
  const world = new World(new LocalMemory(), spec, shards, new EventLog(onChunk));
  world.open();
  const window = Math.floor(Math.min(micros, spec.durationMicros) / spec.windowMicros);
  if (window > 0) runTo(world, window * spec.windowMicros, false);
  assert(world.nextWindow === window, 'the loop ends at the window before the branch');
  world.log.flush();
  return { window, bytes: writeSnapshot(world) };
}

/**
 * Runs a branch to its end.
 *
 * @param spec the specification of the world of `point`
 */
export function runBranch(spec: WorldSpec, point: BranchPoint, terms: BranchTerms = {}): BranchOutcome {
  const world = restoreBranch(spec, point, terms);
  const { venue, market } = world;
  const { ledger, liquidator } = venue;
  // The lowest balance is told from here on; the least of both is what it would have been.
  const fundMin = ledger.fundMin;
  ledger.fundMin = ledger.fund;
  const before = {
    fund: ledger.fund,
    deficit: ledger.deficit,
    liquidations: venue.liquidationCount,
    liquidatedQuote: venue.liquidatedNotionalQuote,
  };
  const economics = new Economics(spec.venue.instruments[0].contract);
  const mark = venue.markTicks(0);
  for (let i = 0; i < market.lastPrice.length; i++) market.lastPrice[i].add(venue.lastTicks(i));
  const forcedQuote = terms.force === undefined ? 0 : liquidator.force(terms.force);
  runOn(world, terms);
  const fundLow = ledger.fundMin;
  ledger.fundMin = Math.min(fundMin, fundLow);
  const quote = (quanta: number): number => economics.quantaToQuote(quanta, mark);
  return {
    liquidations: venue.liquidationCount - before.liquidations,
    liquidatedQuote: venue.liquidatedNotionalQuote - before.liquidatedQuote,
    badDebtQuote: quote(ledger.deficit - before.deficit),
    priceFallFraction: market.lastPrice.reduce((most, track) => Math.max(most, track.maxDrawdownFraction), 0),
    fundDrawdownQuote: quote(before.fund - fundLow),
    suppressed: liquidator.suppressions?.count ?? 0,
    deferredBegun: liquidator.suppressions?.begun ?? 0,
    injectedQuote: quote(liquidator.suppressions?.injectedQuanta ?? 0),
    forcedQuote,
    watchedOrdinal: terms.watched === undefined ? 0 : venue.breaches.ordinals[terms.watched],
    hash: world.stateHash(),
  };
}

/** Builds the world of a branch at its first window, changes applied but for a continuation. */
function restoreBranch(spec: WorldSpec, point: BranchPoint, changes: BranchTerms): World {
  const log = new EventLog(changes.onChunk ?? (() => {}));
  const world = new World(new LocalMemory(), spec, changes.shards ?? 1, log);
  readSnapshot(world, point.bytes);
  assert(world.nextWindow === point.window, 'a branch begins where its snapshot was taken');
  const { venue, market } = world;
  const micros = point.window * spec.windowMicros;
  const { suppressions = [], muted = [], without = [], withoutFaults = [] } = changes;
  const rules = [...suppressions];
  for (const mechanism of without) {
    if (mechanism === 'liquidations') rules.push({ mode: 'warehouse' });
    else if (mechanism === 'stops') venue.firesTriggers = false;
    else if (mechanism === 'deleveraging') venue.liquidator.deleverages = false;
    else {
      for (const one of venue.instruments) {
        if (mechanism === 'funding') one.paysFunding = false;
        else one.dropBand();
      }
    }
  }
  if (rules.length > 0) venue.liquidator.suppress(rules);
  if (withoutFaults.length > 0) market.removeFaults(withoutFaults, micros);
  if (muted.length > 0) market.mute(muted, micros);
  if (changes.force !== undefined) venue.nowMicros = micros;
  world.isBranch = true;
  return world;
}

/** Runs to the end, changing seeds on the way where that is asked for. */
function runOn(world: World, terms: BranchTerms): void {
  const { spec } = world;
  const until = Math.min(terms.untilMicros ?? Infinity, spec.durationMicros);
  const { continuation, check = false } = terms;
  if (continuation !== undefined) {
    const change = continuation.fromWindow * spec.windowMicros;
    assert(continuation.fromWindow >= world.nextWindow, 'a continuation does not begin before its branch');
    if (change < until && continuation.fromWindow > world.nextWindow) runTo(world, change, check);
    if (change < until) {
      world.scratch.reseed(continuation.seed);
      world.venue.liquidator.reseed(continuation.seed);
    }
  }
  runTo(world, until, check);
  world.close(Math.min(world.nextWindow * spec.windowMicros, until));
}

function runTo(world: World, untilMicros: number, check: boolean): void {
  new WindowLoop(world, { parallel: false, untilMicros, check }).run();
}
