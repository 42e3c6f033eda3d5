/** `stampede bench`: measures this machine. */
import { spawn } from 'node:child_process';
import { builtFile } from '../runtime/index.js';
import type { CommandSpec } from './command.js';
import * as options from './options.js';
import { readFlag } from './values.js';

/** The command. */
export const benchCommand: CommandSpec = {
  name: 'bench',
  doc: 'Measure speed: book, decide, barrier, zi-1k, black-thursday, scale',
  positionals: [{ name: 'name', doc: 'Benchmark to run; all of them by default', required: false }],
  options: [options.json],
  examples: [
    ['bench barrier', 'one benchmark'],
    ['bench --json', 'all of them, one JSON object each'],
  ],
  run,
};

/** Benchmarks have a process of their own: they ask for the garbage collector. */
async function run(args: Record<string, unknown>): Promise<number> {
  const words = ['--expose-gc', builtFile('test/bench/main.js')];
  if (typeof args.name === 'string') words.push(args.name);
  if (readFlag(args, 'json')) words.push('--json');
  const child = spawn(process.execPath, words, { stdio: 'inherit' });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done(signal === null ? (code ?? 1) : 130));
  });
}
