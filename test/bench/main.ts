/** Runs the benchmarks: `main.js [name] [--json]`, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A benchmark's result before the machine is added. */
interface Measured {
  bench: string;
  results: readonly object[];
}

/** Where and when it was measured. */
interface Report extends Measured {
  machine: { cpu: string; cores: number; platform: string };
  node: string;
  /** Load averages over 1, 5 and 15 minutes, before and after: above the cores, times are inflated. */
  load: { before: number[]; after: number[] };
}

/** Benchmarks by name, loaded when they run. */
const BENCHES: Record<string, () => Promise<Measured>> = {
  book: async () => (await import('./book.bench.js')).bookBench(),
  decide: async () => (await import('./decide.bench.js')).decideBench(),
  barrier: async () => (await import('./barrier.bench.js')).barrierBench(),
  'zi-1k': async () => (await import('./zi-1k.bench.js')).zeroIntelligenceBench(),
  'black-thursday': async () => (await import('./black-thursday.bench.js')).blackThursdayBench(),
  'flat-book': async () => (await import('./flat-book.bench.js')).flatBookBench(),
  sweep: async () => (await import('./sweep.bench.js')).sweepBench(),
  scale: async () => (await import('./scale.bench.js')).scaleBench(),
  causality: async () => (await import('./causality.bench.js')).causalityBench(),
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}

async function main(words: string[]): Promise<number> {
  const isJson = words.includes('--json');
  const [name, ...rest] = words.filter((word) => word !== '--json');
  if (rest.length > 0 || (name !== undefined && !(name in BENCHES))) {
    const must = `must be one of ${Object.keys(BENCHES).join(', ')}`;
    process.stderr.write(`error: benchmark was "${[name, ...rest].join(' ')}", ${must} [bench/unknown]\n`);
    return 2;
  }
  if (name !== undefined) {
    const report = await measure(name);
    process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : reportText(report));
    return 0;
  }
  return runAll(isJson);
}

async function measure(name: string): Promise<Report> {
  const before = loadavg();
  const measured = await BENCHES[name]();
  return {
    ...measured,
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), platform: process.platform },
    node: process.version,
    load: { before, after: loadavg() },
  };
}

/** One process each: no benchmark runs in what another left compiled or allocated. */
function runAll(isJson: boolean): number {
  const reports: Report[] = [];
  for (const name of Object.keys(BENCHES)) {
    const words = [...process.execArgv, fileURLToPath(import.meta.url), name, '--json'];
    const { status, stdout } = spawnSync(process.execPath, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 26,
    });
    if (status !== 0) return status ?? 1;
    const report = JSON.parse(stdout) as Report;
    reports.push(report);
    if (!isJson) process.stdout.write(reportText(report));
  }
  if (isJson) process.stdout.write(`${JSON.stringify({ benches: reports })}\n`);
  return 0;
}

function reportText({ bench, machine, node, load, results }: Report): string {
  const loads = [load.before[0], load.after[0]].map((value) => value.toFixed(1)).join(' to ');
  const lines = [`${bench}  (${machine.cpu}, ${machine.cores} cores, node ${node}, load ${loads})`];
  for (const result of results) {
    lines.push('');
    for (const [key, value] of flat(result, '')) lines.push(`  ${key.padEnd(34)}${value}`);
  }
  return `${lines.join('\n')}\n\n`;
}

/** Lists the values of a result by their paths. */
function flat(value: object, prefix: string): [string, string][] {
  return Object.entries(value).flatMap(([key, item]): [string, string][] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (Array.isArray(item)) return [[path, item.join(' ')]];
    if (typeof item === 'object' && item !== null) return flat(item, path);
    return [[path, String(item)]];
  });
}
