/**
 * What the causal ledger costs: whole runs with and without it, in processes that take turns.
 *
 * The ratio is that of processor times; over all scenarios it must stay below 1.10, and the hashes must
 * be equal. Runs with many breaches and rule trades in little time cost more than the mean.
 */
import { spawnSync } from 'node:child_process';
import { builtFile } from '../../scenarios/runtime/index.js';
import { rounded } from './statistics.js';

/** Cost on one scenario. */
export interface CausalityResult {
  scenario: string;
  rounds: number;
  secondsWithout: number;
  secondsWith: number;
  /** Shortest time with over shortest time without: what others do on the machine only adds. */
  ratio: number;
  /** Rows that explain, and liquidations. */
  rows: number;
  liquidations: number;
  hash: string;
}

/** Sum of all scenarios: what is judged. */
export interface CausalityTotal {
  scenario: 'all';
  ratio: number;
  ratioMax: number;
  passes: boolean;
}

/** Result of the benchmark. */
export interface CausalityBench {
  bench: 'causality';
  results: (CausalityResult | CausalityTotal)[];
}

/** Runs a process times; the first are warm-up. */
const RUNS = 4;

/** Largest ratio that passes. */
const RATIO_MAX = 1.1;

/** Scenarios and how long they are run: marks on the index, smoothed, and on the last trade. */
const CASES: readonly [name: string, minutes: number][] = [
  ['black-thursday-2020', 240],
  ['monoculture', 300],
  ['insurance-1987', 600],
  ['zi-1k', 60],
];

/** Runs the benchmark; the exit code is 1 when the ledger costs too much. @throws Error when a hash differs */
export function causalityBench(options: { tiny?: boolean } = {}): CausalityBench {
  const tiny = options.tiny ?? false;
  const results: CausalityResult[] = [];
  for (const [name, minutes] of tiny ? CASES.slice(1, 2) : CASES) {
    results.push(measure(name, tiny ? 5 : minutes, tiny ? 1 : 2));
  }
  const total = (time: (one: CausalityResult) => number) =>
    results.reduce((sum, one) => sum + time(one), 0);
  const ratio = rounded(total((one) => one.secondsWith) / total((one) => one.secondsWithout));
  const all: CausalityTotal = { scenario: 'all', ratio, ratioMax: RATIO_MAX, passes: ratio <= RATIO_MAX };
  if (!tiny && !all.passes) process.exitCode = 1;
  return { bench: 'causality', results: [...results, all] };
}

/** What one process told. */
interface Timed {
  seconds: number;
  hash: string;
  rows: number;
  liquidations: number;
}

function timed(name: string, minutes: number, ledger: 'on' | 'off', runs: number): Timed {
  const words = ['--expose-gc', builtFile('test/bench/causality-run.js'), name, String(minutes), ledger, String(runs)];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout) as Timed;
}

/** Processes with and without take turns, so that what else the machine does meets both. */
function measure(name: string, minutes: number, rounds: number): CausalityResult {
  const on: Timed[] = [];
  const off: Timed[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const ledger of round % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const)) {
      (ledger === 'on' ? on : off).push(timed(name, minutes, ledger, RUNS));
    }
  }
  const [{ hash, rows, liquidations }] = on;
  if (off[0].hash !== hash) throw new Error(`${name}: the causal ledger changed the hash`);
  const least = (times: readonly Timed[]) => Math.min(...times.map((one) => one.seconds));
  return {
    scenario: name,
    rounds,
    secondsWithout: rounded(least(off)),
    secondsWith: rounded(least(on)),
    ratio: rounded(least(on) / least(off)),
    rows,
    liquidations,
    hash,
  };
}
