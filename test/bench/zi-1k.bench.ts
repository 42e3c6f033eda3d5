/**
 * The zero-intelligence workload that other simulators are compared on: a thousand agents for 600 s,
 * with recording and margin on. Processor time of the loop, and counts against the workload's bands.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalMemory } from '../../sim/kernel/index.js';
import { summarise, WindowLoop, World } from '../../sim/engine/index.js';
import type { RunFigures } from '../../sim/engine/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { applySettings, buildWorld, resolveScenario } from '../../scenarios/model/index.js';
import type { Scenario } from '../../scenarios/model/index.js';
import { loadScenario, startRun } from '../../scenarios/runtime/index.js';
import { mean, quantile, rounded } from './statistics.js';

/** A count of the workload. */
export interface CountCheck {
  mean: number;
  /** Mean of the reference implementation's seeds 1 to 3. */
  reference: number;
  /** Allowed, and found, as a fraction of the reference. */
  tolerance: number;
  difference: number;
  within: boolean;
}

/** Result of the workload over its seeds. */
export interface ZeroIntelligenceResult {
  case: 'zi-1k';
  seeds: number;
  /** Of the loop, median of the seeds; the first run is dropped, as it compiles. */
  cpuSeconds: number;
  cpuSecondsQuartiles: [number, number];
  /** Median of runs of the command's own kind, each in a thread that has not run before. */
  coldCpuSeconds: number;
  orderActionsPerCpuSecond: number;
  peakRssBytes: number;
  counts: Record<string, CountCheck>;
  /** Hashes of the seeds, in order. */
  hash: string;
}

/** Result of the benchmark. */
export interface ZeroIntelligenceBench {
  bench: 'zi-1k';
  results: ZeroIntelligenceResult[];
}

type CountName = 'wakes' | 'limitOrders' | 'marketOrders' | 'cancels' | 'trades';

/** ABIDES-jpmc, seeds 1 to 3. */
const REFERENCE: Record<CountName, number[]> = {
  wakes: [59_453, 60_017, 59_387],
  limitOrders: [50_534, 51_025, 50_481],
  marketOrders: [8_906, 8_979, 8_901],
  cancels: [41_335, 41_937, 41_276],
  trades: [15_307, 15_292, 15_259],
};
const TOLERANCE = 0.03;

/** Runs the benchmark: seeds 1 to 10. @throws Error when a cold run's hash differs from a warm one's */
export async function zeroIntelligenceBench(
  options: { tiny?: boolean } = {},
): Promise<ZeroIntelligenceBench> {
  const settings = options.tiny ? ['time.duration=10s'] : [];
  const scenario = resolveScenario(applySettings(loadScenario('zi-1k').scenario, settings));
  const runs = warmRuns(scenario, options.tiny ? 1 : 10);
  const cold = await coldRuns(scenario, runs.slice(0, options.tiny ? 1 : 5));
  const cpu = runs.map((run) => run.cpuSeconds);
  const cpuSeconds = quantile(cpu, 0.5);
  const counts = (Object.keys(REFERENCE) as CountName[]).map((name) => [
    name,
    checkCount(mean(runs.map(({ figures }) => figures[name])), mean(REFERENCE[name])),
  ]);
  const orderActions = mean(runs.map(({ figures }) => figures.orderActions));
  const result: ZeroIntelligenceResult = {
    case: 'zi-1k',
    seeds: runs.length,
    cpuSeconds: rounded(cpuSeconds),
    cpuSecondsQuartiles: [rounded(quantile(cpu, 0.25)), rounded(quantile(cpu, 0.75))],
    coldCpuSeconds: rounded(quantile(cold, 0.5)),
    orderActionsPerCpuSecond: Math.round(orderActions / cpuSeconds),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    counts: Object.fromEntries(counts) as Record<string, CountCheck>,
    hash: runs.map(({ figures }) => figures.hash).join(' '),
  };
  return { bench: 'zi-1k', results: [result] };
}

interface WarmRun {
  figures: RunFigures;
  cpuSeconds: number;
}

/** Runs seeds 1 to `count` in this thread after one that is dropped, their event logs going to files. */
function warmRuns(scenario: Scenario, count: number): WarmRun[] {
  const folder = mkdtempSync(join(tmpdir(), 'stampede-bench-'));
  const runs: WarmRun[] = [];
  try {
    for (let seed = 0; seed <= count; seed++) {
      const file = openSync(join(folder, `${seed}.log`), 'w');
      const log = new EventLog((bytes) => writeSync(file, bytes));
      const world = new World(new LocalMemory(), buildWorld(scenario, { seed }), 1, log);
      world.open();
      const loop = new WindowLoop(world, { parallel: false });
      const before = process.cpuUsage();
      const result = loop.run();
      world.close(result.micros);
      log.flush();
      const { user, system } = process.cpuUsage(before);
      closeSync(file);
      const figures = summarise(world, result);
      if (seed > 0) runs.push({ figures, cpuSeconds: (user + system) / 1e6 });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return runs;
}

/** Repeats seeds as the command runs them; returns processor seconds of the loop. */
async function coldRuns(scenario: Scenario, warm: readonly WarmRun[]): Promise<number[]> {
  const seconds: number[] = [];
  for (let k = 0; k < warm.length; k++) {
    const run = await startRun({ scenario, seed: k + 1, threads: 1, out: null }).result;
    const { hash } = warm[k].figures;
    if (run.hash !== hash) throw new Error(`zi-1k: hash was ${run.hash}, must be ${hash}`);
    seconds.push(run.cpuSeconds);
  }
  return seconds;
}

function checkCount(found: number, reference: number): CountCheck {
  const difference = found / reference - 1;
  return {
    mean: Math.round(found),
    reference: Math.round(reference),
    tolerance: TOLERANCE,
    difference: rounded(difference),
    within: Math.abs(difference) <= TOLERANCE,
  };
}
