/** Replicates of a flat book a second on one thread, counterfactuals included. */
import { FlatTally, FlatWorld, flatResult } from '../../scenarios/model/replicates/index.js';
import { applySettings, resolveScenario } from '../../scenarios/model/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';
import { median, rounded } from './statistics.js';

/** Speed at one pair of parameters. */
export interface FlatBookResult {
  case: string;
  R: number;
  theta: number;
  /** In a round; rounds repeat the same seeds. */
  replicates: number;
  /** Median of the rounds, by processor time. */
  replicatesPerCpuSecond: number;
  /** Liquidations of a replicate. */
  meanLiquidations: number;
  hash: string;
}

/** Result of the benchmark. */
export interface FlatBookBench {
  bench: 'flat-book';
  results: FlatBookResult[];
}

/** R, theta and replicates of a round. */
const CASES = [
  [0, 2, 20_000],
  [0.6, 2, 20_000],
  [0.9, 2, 5000],
  [1.1, 2, 800],
  [1.5, 2, 500],
  [2, 2, 500],
] as const;

/** Runs the benchmark. */
export async function flatBookBench(options: { tiny?: boolean } = {}): Promise<FlatBookBench> {
  const tiny = options.tiny ?? false;
  const results = CASES.map(([R, theta, count]) => {
    const world = worldOf(R, theta);
    // Compiles what the rounds run.
    measure(world, tiny ? 2 : Math.ceil(count / 4));
    const rounds = Array.from({ length: tiny ? 1 : 3 }, () => measure(world, tiny ? 10 : count));
    const { replicates, mean, hash } = flatResult(rounds[0].tally);
    return {
      case: `R ${R}`,
      R,
      theta,
      replicates,
      replicatesPerCpuSecond: rounded(median(rounds.map((one) => one.rate))),
      meanLiquidations: rounded(mean ?? 0),
      hash,
    };
  });
  return { bench: 'flat-book', results };
}

function worldOf(R: number, theta: number): FlatWorld {
  const settings = [`flat.R=${R}`, `flat.theta=${theta}`];
  return new FlatWorld(resolveScenario(applySettings(loadScenario('flat-book').scenario, settings)));
}

function measure(world: FlatWorld, count: number): { tally: FlatTally; rate: number } {
  const tally = new FlatTally(world.terms);
  const before = process.cpuUsage();
  for (let seed = 0; seed < count; seed++) tally.add(world, seed);
  const { user, system } = process.cpuUsage(before);
  return { tally, rate: (1e6 * count) / Math.max(1, user + system) };
}
