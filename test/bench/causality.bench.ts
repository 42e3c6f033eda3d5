/**
 * What the causal ledger costs: whole runs with and without it, in turn, in one process.
 *
 * The ratio is that of processor times; over all scenarios it must stay below 1.10, and the hashes must
 * be equal. Runs with many breaches and rule trades in little time cost more than the mean.
 */
import { LocalMemory } from '../../sim/kernel/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { buildWorld, resolveScenario } from '../../scenarios/model/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';
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
    results.push(measure(name, tiny ? 5 : minutes, tiny ? 1 : 9));
  }
  const total = (time: (one: CausalityResult) => number) =>
    results.reduce((sum, one) => sum + time(one), 0);
  const ratio = rounded(total((one) => one.secondsWith) / total((one) => one.secondsWithout));
  const all: CausalityTotal = { scenario: 'all', ratio, ratioMax: RATIO_MAX, passes: ratio <= RATIO_MAX };
  if (!tiny && !all.passes) process.exitCode = 1;
  return { bench: 'causality', results: [...results, all] };
}

function measure(name: string, minutes: number, rounds: number): CausalityResult {
  const scenario = resolveScenario(loadScenario(name).scenario);
  const untilMicros = minutes * 60_000_000;
  const once = (causality: boolean) => {
    const log = new EventLog(() => {});
    const spec = buildWorld(scenario, { seed: 0 });
    const world = new World(new LocalMemory(), spec, 1, log, { causality });
    world.open();
    globalThis.gc?.();
    const before = process.cpuUsage();
    new WindowLoop(world, { parallel: false, untilMicros }).run();
    const { user, system } = process.cpuUsage(before);
    const rows = log.counts[21] + log.counts[22] + log.counts[23];
    const hash = world.stateHash();
    return { seconds: (user + system) / 1e6, hash, rows, liquidations: world.venue.liquidationCount };
  };
  once(true);
  const off: number[] = [];
  const on: number[] = [];
  let last = once(false);
  const { hash } = last;
  for (let round = 0; round < rounds; round++) {
    // The order alternates, so that neither always runs on the warmer machine.
    for (const causality of round % 2 === 0 ? [false, true] : [true, false]) {
      const run = once(causality);
      if (run.hash !== hash) throw new Error(`${name}: the causal ledger changed the hash`);
      (causality ? on : off).push(run.seconds);
      if (causality) last = run;
    }
  }
  return {
    scenario: name,
    rounds,
    secondsWithout: rounded(Math.min(...off)),
    secondsWith: rounded(Math.min(...on)),
    ratio: rounded(Math.min(...on) / Math.min(...off)),
    rows: last.rows,
    liquidations: last.liquidations,
    hash,
  };
}
