/**
 * The default scenario whole on two threads, with its files; and two threads against one on a crowd.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveScenario } from '../../scenarios/model/index.js';
import { loadScenario, startRun } from '../../scenarios/runtime/index.js';
import type { RunResult } from '../../scenarios/runtime/index.js';
import { crowdScenario } from './crowd-scenario.js';
import { median, rounded } from './statistics.js';

/** The whole scenario. */
export interface WholeResult {
  case: '48h';
  traders: number;
  threads: number;
  /** Of the loop, with the event log being written. */
  wallSeconds: number;
  cpuSeconds: number;
  exportSeconds: number;
  /** Of the process, the export included. */
  peakRssBytes: number;
  orderActions: number;
  trades: number;
  orderActionsPerCpuSecond: number;
  hash: string;
}

/** Two threads against one. */
export interface CrowdResult {
  case: 'crowd';
  traders: number;
  dueAgentsPerWindow: number;
  rounds: number;
  /** Medians of the loop's wall time. */
  wallSecondsOneThread: number;
  wallSecondsTwoThreads: number;
  /** Median over the rounds of the ratio within a round. */
  speedup: number;
  /** Share of the windows that were decided beside the matching. */
  parallelShare: number;
  hash: string;
}

/** Result of the benchmark. */
export interface BlackThursdayBench {
  bench: 'black-thursday';
  results: (WholeResult | CrowdResult)[];
}

/** Runs the benchmark. @throws Error when threads change the hash */
export async function blackThursdayBench(
  options: { tiny?: boolean } = {},
): Promise<BlackThursdayBench> {
  const tiny = options.tiny ?? false;
  return { bench: 'black-thursday', results: [await whole(tiny), await crowd(tiny)] };
}

async function whole(tiny: boolean): Promise<WholeResult> {
  const folder = mkdtempSync(join(tmpdir(), 'stampede-bench-'));
  try {
    const scenario = resolveScenario(loadScenario('black-thursday-2020').scenario);
    const untilMicros = tiny ? 10_000_000 : undefined;
    const out = join(folder, 'run');
    const run = await startRun({ scenario, seed: 0, threads: 2, out, untilMicros }).result;
    return {
      case: '48h',
      traders: run.traders,
      threads: run.threads,
      wallSeconds: rounded(run.wallSeconds),
      cpuSeconds: rounded(run.cpuSeconds),
      exportSeconds: rounded(run.exportSeconds),
      peakRssBytes: run.peakRssBytes,
      orderActions: run.orderActions,
      trades: run.trades,
      orderActionsPerCpuSecond: Math.round(run.orderActions / run.cpuSeconds),
      hash: run.hash,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rounds of one and two threads, in alternating order. */
async function crowd(tiny: boolean): Promise<CrowdResult> {
  const scenario = tiny ? crowdScenario(8_000, 1, 2) : crowdScenario(100_000, 4, 300);
  const rounds = tiny ? 1 : 5;
  const one: RunResult[] = [];
  const two: RunResult[] = [];
  const run = (threads: number) => startRun({ scenario, seed: 0, threads, out: null }).result;
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) one.push(await run(1));
    two.push(await run(2));
    if (round % 2 === 1) one.push(await run(1));
  }
  const { hash, wakes, windows, traders } = one[0];
  for (const other of [...one, ...two]) {
    if (other.hash !== hash) throw new Error(`crowd: hash was ${other.hash}, must be ${hash}`);
  }
  return {
    case: 'crowd',
    traders,
    dueAgentsPerWindow: Math.round(wakes / windows),
    rounds,
    wallSecondsOneThread: rounded(median(one.map((each) => each.wallSeconds))),
    wallSecondsTwoThreads: rounded(median(two.map((each) => each.wallSeconds))),
    speedup: rounded(median(one.map((each, k) => each.wallSeconds / two[k].wallSeconds))),
    parallelShare: rounded(two[0].parallelWindows / two[0].windows),
    hash,
  };
}
