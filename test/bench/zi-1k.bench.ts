/**
 * The zero-intelligence workload that other simulators are compared on: a thousand agents for 600 s,
 * with recording and margin on. Processor time of the loop, and counts against the workload's bands.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalMemory } from '../../sim/kernel/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { applySettings, buildWorld, resolveScenario } from '../../scenarios/model/index.js';
import type { Scenario } from '../../scenarios/model/index.js';
import { loadScenario, startRun } from '../../scenarios/runtime/index.js';
import type { RunResult } from '../../scenarios/runtime/index.js';
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
  /** Of the loop, all threads, each run in a thread that has not run before. */
  cpuSeconds: number;
  cpuSecondsQuartiles: [number, number];
  /** The same in a thread that has run before, the event log written to a file. */
  warmCpuSeconds: number;
  wallSeconds: number;
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

/** ABIDES-jpmc, seeds 1 to 3. */
const REFERENCE: Record<'wakes' | 'limitOrders' | 'marketOrders' | 'cancels' | 'trades', number[]> = {
  wakes: [59_453, 60_017, 59_387],
  limitOrders: [50_534, 51_025, 50_481],
  marketOrders: [8_906, 8_979, 8_901],
  cancels: [41_335, 41_937, 41_276],
  trades: [15_307, 15_292, 15_259],
};
const TOLERANCE = 0.03;

/** Runs the benchmark: seeds 1 to 10. */
export async function zeroIntelligenceBench(
  options: { tiny?: boolean } = {},
): Promise<ZeroIntelligenceBench> {
  const settings = options.tiny ? ['time.duration=10s'] : [];
  const scenario = resolveScenario(applySettings(loadScenario('zi-1k').scenario, settings));
  const runs: RunResult[] = [];
  for (let seed = 1; seed <= (options.tiny ? 1 : 10); seed++) {
    runs.push(await startRun({ scenario, seed, threads: 1, out: null }).result);
  }
  const cpu = runs.map((run) => run.cpuSeconds);
  const cpuSeconds = quantile(cpu, 0.5);
  const counts = Object.entries(REFERENCE).map(([name, reference]) => [
    name,
    checkCount(mean(runs.map((run) => run[name] as number)), mean(reference)),
  ]);
  return {
    bench: 'zi-1k',
    results: [
      {
        case: 'zi-1k',
        seeds: runs.length,
        cpuSeconds: rounded(cpuSeconds),
        cpuSecondsQuartiles: [rounded(quantile(cpu, 0.25)), rounded(quantile(cpu, 0.75))],
        warmCpuSeconds: rounded(quantile(warmRuns(scenario, options.tiny ? 1 : 5), 0.5)),
        wallSeconds: rounded(quantile(runs.map((run) => run.wallSeconds), 0.5)),
        orderActionsPerCpuSecond: Math.round(mean(runs.map((run) => run.orderActions)) / cpuSeconds),
        peakRssBytes: Math.max(...runs.map((run) => run.peakRssBytes)),
        counts: Object.fromEntries(counts) as Record<string, CountCheck>,
        hash: runs.map((run) => run.hash).join(' '),
      },
    ],
  };
}

/** Returns processor seconds of the loop, seed after seed in this thread; the first is dropped. */
function warmRuns(scenario: Scenario, count: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'stampede-bench-'));
  const seconds: number[] = [];
  try {
    for (let seed = 0; seed <= count; seed++) {
      const file = openSync(join(folder, `${seed}.log`), 'w');
      const log = new EventLog((bytes) => writeSync(file, bytes));
      const world = new World(new LocalMemory(), buildWorld(scenario, { seed }), 1, log);
      world.open();
      const loop = new WindowLoop(world, { parallel: false });
      const before = process.cpuUsage();
      world.close(loop.run().micros);
      log.flush();
      const { user, system } = process.cpuUsage(before);
      closeSync(file);
      if (seed > 0) seconds.push((user + system) / 1e6);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
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
