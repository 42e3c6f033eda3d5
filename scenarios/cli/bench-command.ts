/** `stampede bench`: measures this machine. */
import { spawn } from 'node:child_process';
import { UserError } from '../../sim/kernel/index.js';
import { didYouMean } from '../model/index.js';
import { builtFile } from '../runtime/index.js';
import type { CommandSpec } from './command.js';
import * as options from './options.js';
import { readFlag } from './values.js';

/** The benchmarks, in the order they run. */
export const BENCHES = ['book', 'decide', 'barrier', 'zi-1k', 'black-thursday', 'flat-book', 'sweep', 'scale', 'causality'];

/** The command. */
export const benchCommand: CommandSpec = {
  name: 'bench',
  doc: 'Measure speed on this machine',
  positionals: [{ name: 'name', doc: `${BENCHES.join(', ')} [default: all of them]`, required: false }],
  options: [options.json],
  examples: [
    ['bench barrier', 'one benchmark'],
    ['bench --json', 'all of them, one JSON object each'],
  ],
  run,
};

/** Benchmarks have a process of their own: they ask for the garbage collector. */
async function run(args: Record<string, unknown>): Promise<number> {
  const { name } = args;
  if (typeof name === 'string' && !BENCHES.includes(name)) {
    const must = `must be one of ${BENCHES.join(', ')}${didYouMean(name, BENCHES)}`;
    throw new UserError('bench/unknown', `benchmark was "${name}", ${must}`);
  }
  const words = ['--expose-gc', builtFile('test/bench/main.js')];
  if (typeof name === 'string') words.push(name);
  if (readFlag(args, 'json')) words.push('--json');
  const child = spawn(process.execPath, words, { stdio: 'inherit' });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done(signal === null ? (code ?? 1) : 130));
  });
}
