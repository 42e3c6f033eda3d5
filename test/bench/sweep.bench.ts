/** What making many runs costs beside the runs: threads kept busy, overhead a run, memory and time of many. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  loadStudy,
  openStudyFolder,
  planStudy,
  prepareRun,
  RunPool,
  startSweep,
} from '../../scenarios/experiment/index.js';
import type { StudyPlan } from '../../scenarios/experiment/index.js';
import { builtFile } from '../../scenarios/runtime/index.js';
import { median, rounded } from './statistics.js';

/** A measurement; ratios are what is judged. */
export type SweepResult =
  | {
      case: 'threads';
      cores: number;
      runs: number;
      secondsPerRun: number;
      /** Rate of the pool over cores times the rate of one run after another; wanted: .9 and more. */
      ofIdeal: number;
      /**
       * Rate of the pool over that of as many processes at the same time, which share nothing but the machine:
       * where cores slow each other down, no threads reach the ideal.
       */
      ofProcesses: number;
      hash: string;
    }
  | {
      case: 'tiny';
      runs: number;
      /** Wall time a run of a whole sweep: plan, threads, results, tables, manifest; wanted: below 2. */
      millisPerRun: number;
      /** The same for the last quarter of the runs over the second; wanted: about 1. */
      lastOverSecond: number;
      /** Of the process; wanted: below 500. */
      peakMegabytes: number;
      hash: string;
    };

/** Result of the benchmark. */
export interface SweepBench {
  bench: 'sweep';
  results: SweepResult[];
}

/** Runs of some 60 ms each on a quiet machine. */
const REAL_STUDY = `name: real
base: { scenario: flash-crash, set: { time.duration: 10m } }
factors: [{ name: leverage, path: dials.leverage, values: [1] }]
replicates: 100000
`;

const tinyStudy = (runs: number): string => `name: tiny
base: { function: ishigami }
factors:
  - { name: x1, path: x1, range: [-3, 3] }
  - { name: x2, path: x2, range: [-3, 3] }
  - { name: x3, path: x3, range: [-3, 3] }
design: { kind: sobol, points: ${runs} }
replicates: 1
`;

/** Runs the benchmark. */
export async function sweepBench(options: { tiny?: boolean } = {}): Promise<SweepBench> {
  const tiny = options.tiny ?? false;
  const folder = mkdtempSync(join(tmpdir(), 'stampede-bench-'));
  try {
    // First: the peak of memory is that of the process.
    const many = await manyRuns(folder, tiny ? 200 : 100_000);
    const threads = await busyThreads(folder, tiny ? 1 : 3, tiny ? 2 : 100);
    return { bench: 'sweep', results: [threads, many] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function planOf(folder: string, text: string): Promise<StudyPlan> {
  const file = join(folder, 'study.yaml');
  writeFileSync(file, text);
  return planStudy(await loadStudy(file));
}

/** Takes turns: so many runs one after the other here, then as many on each thread of a pool. */
async function busyThreads(folder: string, rounds: number, runs: number): Promise<SweepResult> {
  const plan = await planOf(folder, REAL_STUDY);
  const cores = availableParallelism();
  const requests = Array.from({ length: runs * cores }, (_, seed) => plan.requestOf(seed));
  const alone = prepareRun(plan.subject, requests[0].settings);
  const pool = new RunPool({ subjects: [plan.subject], threads: cores });
  try {
    // Compiles what the rounds run, in every thread.
    for (let seed = 0; seed < runs / 2; seed++) alone(seed);
    await pool.all(requests);
    const single: number[] = [];
    const shared: number[] = [];
    const ratios: number[] = [];
    const apart: number[] = [];
    let hash = '';
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now();
      for (let seed = 0; seed < runs; seed++) hash = alone(seed).stateHash;
      const between = performance.now();
      const outcomes = await pool.all(requests);
      single.push((between - begun) / runs / 1000);
      shared.push((performance.now() - between) / runs / 1000);
      ratios.push(single[round] / shared[round]);
      apart.push((await processes(cores, runs)) / shared[round]);
      const [last] = outcomes.slice(runs - 1);
      if (last.status !== 'ok' || last.stateHash !== hash) throw new Error('a run differs between threads');
    }
    const secondsPerRun = rounded(median(single));
    const ofIdeal = rounded(median(ratios));
    const ofProcesses = rounded(median(apart));
    return { case: 'threads', cores, runs: rounds * runs, secondsPerRun, ofIdeal, ofProcesses, hash };
  } finally {
    await pool.close();
  }
}

/** Returns what a run costs in each of as many processes at once, seconds. */
async function processes(count: number, runs: number): Promise<number> {
  const script = fileURLToPath(new URL('sweep-run.js', import.meta.url));
  const built = existsSync(script) ? script : builtFile('test/bench/sweep-run.js');
  const told = await Promise.all(
    Array.from({ length: count }, () => promisify(execFile)(process.execPath, [built, String(runs)])),
  );
  const seconds = told.map(({ stdout }) => (JSON.parse(stdout) as { secondsPerRun: number }).secondsPerRun);
  return seconds.reduce((sum, one) => sum + one, 0) / count;
}

async function manyRuns(folder: string, runs: number): Promise<SweepResult> {
  const begun = performance.now();
  const plan = await planOf(folder, tinyStudy(runs));
  const opened = openStudyFolder(plan, join(folder, 'tiny'), false);
  const executor = new RunPool({ subjects: [plan.subject], threads: availableParallelism() });
  const handle = startSweep({ plan, folder: opened, executor, place: 'tiny' });
  const times = new Float64Array(5);
  handle.progress.subscribe(({ done }) => {
    times[Math.floor((4 * done) / runs)] = performance.now();
  });
  const { manifest } = await handle.result;
  const millis = performance.now() - begun;
  const [first, second, third, fourth] = times;
  const last = fourth - third;
  return {
    case: 'tiny',
    runs,
    millisPerRun: rounded(millis / runs),
    lastOverSecond: rounded(second > first && last > 0 ? last / (second - first) : Number.NaN),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
    hash: manifest?.files.find((one) => one.name === 'runs.parquet')?.sha256.slice(0, 16) ?? '',
  };
}
