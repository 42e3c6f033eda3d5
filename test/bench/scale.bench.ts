/**
 * Cost per order action and per liquidation check from a thousand traders to a million, and the
 * default scenario with a million traders for one simulated hour.
 */
import { Hash64, LocalMemory, RandomSource } from '../../sim/kernel/index.js';
import { World } from '../../sim/engine/index.js';
import type { WorldSpec } from '../../sim/engine/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { applySettings, buildWorld, resolveScenario } from '../../scenarios/model/index.js';
import type { Scenario } from '../../scenarios/model/index.js';
import { loadScenario, startRun } from '../../scenarios/runtime/index.js';
import type { RunResult } from '../../scenarios/runtime/index.js';
import { flowScenario } from './crowd-scenario.js';
import { median, rounded } from './statistics.js';

/** Costs at one number of traders. */
export interface ScaleResult {
  case: string;
  traders: number;
  orderActions: number;
  /** Processor time of the loop per order action of the default scenario, median of the rounds. */
  microsPerOrderAction: number;
  /** The same of a flow in which a trader acts so rarely that nothing it needs is in a cache. */
  microsPerColdOrderAction: number;
  /** Processor time per index update that looks for breaches among all traders, median. */
  microsPerCheck: number;
  checks: number;
  /** Processor time per liquidation while the index falls; orders into the book included. */
  microsPerLiquidation: number;
  liquidations: number;
  peakRssBytes: number;
  hash: string;
}

/** How costs grow over the sizes. */
export interface ScaleRange {
  case: 'range';
  /** Largest over smallest. */
  orderActionRatio: number;
  coldOrderActionRatio: number;
  checkRatio: number;
  hash: string;
}

/** A million traders. */
export interface MillionResult {
  case: 'million';
  traders: number;
  simulatedSeconds: number;
  orderActions: number;
  wallSeconds: number;
  cpuSeconds: number;
  peakRssBytes: number;
  hash: string;
}

/** Result of the benchmark. */
export interface ScaleBench {
  bench: 'scale';
  results: (ScaleResult | ScaleRange | MillionResult)[];
}

/** Runs the benchmark, sizes ascending: the peak of memory only rises. */
export async function scaleBench(options: { tiny?: boolean } = {}): Promise<ScaleBench> {
  const tiny = options.tiny ?? false;
  const sizes = tiny ? [100, 1000] : [1_000, 10_000, 100_000, 1_000_000];
  const results: ScaleResult[] = [];
  for (const traders of sizes) results.push(await measure(traders, tiny));
  const range: ScaleRange = {
    case: 'range',
    orderActionRatio: spread(results.map((one) => one.microsPerOrderAction)),
    coldOrderActionRatio: spread(results.map((one) => one.microsPerColdOrderAction)),
    checkRatio: spread(results.map((one) => one.microsPerCheck)),
    hash: results[0].hash,
  };
  return { bench: 'scale', results: [...results, range, await million(tiny)] };
}

/** Order actions a size is timed over, about: activity follows the traders, so time does not. */
const ORDER_ACTIONS = 1_500_000;
/** Order actions of the default scenario in a second per trader, about. */
const ACTIONS_PER_TRADER_SECOND = 0.0065;

/**
 * Times the default scenario with its traders multiplied, for as long as gives about as many order
 * actions; a flow in which every trader acts but once or so (nothing it needs is in any cache); and the
 * same walk of the index.
 */
async function measure(traders: number, tiny: boolean): Promise<ScaleResult> {
  const rounds = tiny ? 1 : 3;
  const seconds = tiny ? 10 : ORDER_ACTIONS / (ACTIONS_PER_TRADER_SECOND * traders);
  const untilMicros = Math.min(48 * 3600, Math.ceil(seconds)) * 1e6;
  const scaled = await timed(tradersTimes(traders), rounds, untilMicros);
  const scenario = flowScenario(traders, tiny ? 1000 : 2000, tiny ? 5 : 300);
  const flow = await timed(scenario, rounds);
  const walk = walkIndex(scenario, tiny ? 2_000 : 200_000, rounds);
  return {
    case: `${traders} traders`,
    traders: scaled.traders,
    orderActions: scaled.orderActions,
    microsPerOrderAction: scaled.microsPerOrderAction,
    microsPerColdOrderAction: flow.microsPerOrderAction,
    microsPerCheck: rounded(walk.microsPerCheck),
    checks: walk.checks,
    microsPerLiquidation: rounded(walk.microsPerLiquidation),
    liquidations: walk.liquidations,
    peakRssBytes: flow.peakRssBytes,
    hash: `${scaled.hash} ${flow.hash} ${walk.hash}`,
  };
}

/** Runs a scenario `rounds` times on one thread; the cost is the median of the rounds. */
async function timed(scenario: Scenario, rounds: number, untilMicros?: number) {
  const costs: number[] = [];
  let last: RunResult | undefined;
  for (let round = 0; round < rounds; round++) {
    last = await startRun({ scenario, seed: 0, threads: 1, out: null, untilMicros }).result;
    costs.push((last.cpuSeconds * 1e6) / last.orderActions);
  }
  const { hash, orderActions, peakRssBytes, traders } = last as RunResult;
  return { hash, orderActions, peakRssBytes, traders, microsPerOrderAction: rounded(median(costs)) };
}

/** The default scenario with about this many traders. */
function tradersTimes(traders: number): Scenario {
  const written = loadScenario('black-thursday-2020').scenario;
  const base = resolveScenario(written).population.reduce((sum, cohort) => sum + cohort.count, 0);
  const dial = Math.ceil((traders / base) * 100) / 100;
  return resolveScenario(applySettings(written, [`dials.traders=${dial}`]));
}

/** What a walk of the index cost. */
interface Walk {
  microsPerCheck: number;
  checks: number;
  microsPerLiquidation: number;
  liquidations: number;
  hash: string;
}

/** Liquidations that are timed, at most. */
const LIQUIDATIONS = 1000;
/** Ticks the walk strays from its start: nobody's threshold is that near. */
const STRAY_TICKS = 64;

/**
 * Moves the index a tick or so at a time, each update remarking and looking for breaches among all
 * positions; nothing else happens. Then lets it fall until enough of them are liquidated.
 */
function walkIndex(scenario: Scenario, checks: number, rounds: number): Walk {
  const spec = buildWorld(scenario, { seed: 0 });
  const log = new EventLog(() => {});
  const { venue, shards } = openWorld(spec, log);
  const start = spec.index[0].priceTicks[0];
  const stream = new RandomSource(0).stream('bench/walk');
  const steps = new Int32Array(checks);
  for (let k = 0; k < checks; k++) steps[k] = Math.floor(3 * stream.uniform(0, 0, k)) - 1;
  const costs: number[] = [];
  let ticks = start;
  let time = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let k = 0; k < checks; k++) {
      ticks += steps[k] - Math.sign(Math.trunc((ticks - start) / STRAY_TICKS));
      time += 10;
      venue.index(time, 0, ticks);
    }
    costs.push(microsSince(before) / checks);
  }
  // Nobody reads the mail of a liquidation; it only must not lie in the far future.
  shards[0].release(Math.floor(time / spec.windowMicros) - 1);
  const before = process.cpuUsage();
  while (venue.liquidationCount < LIQUIDATIONS && ticks > start / 2) {
    time += 10;
    venue.index(time, 0, --ticks);
  }
  const liquidations = venue.liquidationCount;
  const microsPerLiquidation = microsSince(before) / Math.max(1, liquidations);
  const hash = new Hash64();
  hash.int(log.hash.low);
  hash.int(log.hash.high);
  return {
    microsPerCheck: median(costs), checks: checks * rounds, microsPerLiquidation, liquidations, hash: hash.hex(),
  };
}

function openWorld(spec: WorldSpec, log: EventLog): World {
  const world = new World(new LocalMemory(), spec, 1, log);
  world.open();
  return world;
}

function microsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The default scenario for an hour, with about 95 times its traders. */
async function million(tiny: boolean): Promise<MillionResult> {
  const scenario = tradersTimes(tiny ? 1000 : 1e6);
  const untilMicros = tiny ? 10_000_000 : 3_600_000_000;
  const run = await startRun({ scenario, seed: 0, threads: 2, out: null, untilMicros }).result;
  return {
    case: 'million',
    traders: run.traders,
    simulatedSeconds: run.simulatedSeconds,
    orderActions: run.orderActions,
    wallSeconds: rounded(run.wallSeconds),
    cpuSeconds: rounded(run.cpuSeconds),
    peakRssBytes: run.peakRssBytes,
    hash: run.hash,
  };
}

function spread(values: readonly number[]): number {
  return rounded(Math.max(...values) / Math.min(...values));
}
