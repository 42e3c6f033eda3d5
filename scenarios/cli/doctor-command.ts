/** `stampede doctor`: is everything here that a run needs? */
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { resolveScenario } from '../model/index.js';
import { builtFile, loadScenario, packageRoot, packageVersion, startRun } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { bytes } from './number-text.js';
import * as options from './options.js';
import { paint, printOut } from './terminal.js';
import { readFlag } from './values.js';

/** The command. */
export const doctorCommand: CommandSpec = {
  name: 'doctor',
  doc: 'Check that this machine can run scenarios',
  positionals: [],
  options: [options.json],
  examples: [['doctor', 'Node, cores, memory, disk, and a small run made twice']],
  run,
};

interface Finding {
  name: string;
  ok: boolean;
  found: string;
  /** What to do when it is not ok. */
  fix: string;
}

/** Memory and disk that the default scenario needs. */
const MEMORY_BYTES = 1_073_741_824;
const DISK_BYTES = 1_073_741_824;
/** Simulated time of the run made twice. */
const SELF_TEST_MICROS = 600_000_000;

async function run(args: Record<string, unknown>): Promise<number> {
  const findings = [nodeVersion(), build(), page(), cores(), memory(), sharing(), writing(), disk()];
  findings.push(await selfTest());
  const ok = findings.every((one) => one.ok);
  if (readFlag(args, 'json')) printOut(JSON.stringify({ ok, version: packageVersion, findings }));
  else printOut(findings.map(findingText).join('\n'));
  return ok ? ExitCode.ok : ExitCode.internal;
}

function findingText({ name, ok, found, fix }: Finding): string {
  const mark = ok ? paint('green', '✓') : paint('red', '✗');
  return `${mark} ${name.padEnd(14)}${found}${ok ? '' : `; ${fix}`}`;
}

function nodeVersion(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: 'node', ok, found: process.versions.node, fix: 'install Node 20.19 or later' };
}

function build(): Finding {
  const file = builtFile('scenarios/runtime/worker.js');
  return { name: 'build', ok: existsSync(file), found: join(packageRoot, 'dist'), fix: 'run: npm run build' };
}

function page(): Finding {
  const ok = existsSync(join(packageRoot, 'dist', 'viz', 'app-site', 'index.html'));
  return { name: 'replay page', ok, found: ok ? 'built' : 'missing', fix: 'run: npm run build' };
}

function cores(): Finding {
  return { name: 'cores', ok: true, found: String(availableParallelism()), fix: '' };
}

function memory(): Finding {
  const free = freemem();
  const fix = 'close programs, or run scenarios with fewer traders';
  return { name: 'free memory', ok: free >= MEMORY_BYTES, found: bytes(free), fix };
}

function sharing(): Finding {
  const ok = typeof SharedArrayBuffer === 'function' && new SharedArrayBuffer(8).byteLength === 8;
  return { name: 'shared memory', ok, found: ok ? 'works' : 'missing', fix: 'run with --threads 1' };
}

function writing(): Finding {
  try {
    rmSync(mkdtempSync(join(process.cwd(), '.stampede-doctor-')), { recursive: true });
    return { name: 'this folder', ok: true, found: 'can be written', fix: '' };
  } catch (error) {
    const found = `cannot be written (${(error as NodeJS.ErrnoException).code})`;
    return { name: 'this folder', ok: false, found, fix: 'change to another folder or use --out' };
  }
}

function disk(): Finding {
  const { bavail, bsize } = statfsSync(process.cwd());
  const free = bavail * bsize;
  return { name: 'free disk', ok: free >= DISK_BYTES, found: bytes(free), fix: 'free some space' };
}

/** A short calm run on one thread and on two gives one hash. */
async function selfTest(): Promise<Finding> {
  const { scenario } = loadScenario('calm');
  const inputs = { scenario: resolveScenario(scenario), seed: 0 };
  const hashes: string[] = [];
  for (const threads of [1, 2]) {
    const run = startRun({ ...inputs, threads, out: null, untilMicros: SELF_TEST_MICROS, inlineDueMax: 0 });
    hashes.push((await run.result).hash);
  }
  const ok = hashes[0] === hashes[1];
  const found = ok ? `${hashes[0]} on one thread and on two` : `${hashes.join(' on one thread, ')} on two`;
  return { name: 'self-test', ok, found, fix: 'please report this' };
}
