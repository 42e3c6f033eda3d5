/** What `break` was asked to do, checked. */
import { existsSync } from 'node:fs';
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { dialNamed, rangeOf } from '../experiment/index.js';
import type { BreakOptions, Dial } from '../experiment/index.js';
import { shellWord } from '../runtime/index.js';
import { BREAK_BUDGET } from './break-options.js';
import { checkSeeds, claimsOf } from './check-request.js';
import { readRunRequest, subjectOf } from './run-options.js';
import type { RunRequest } from './run-options.js';
import { readFlag, readInteger, readList, readNumber, readNumberIn, readText } from './values.js';

/** A search and how to show it. */
export interface BreakRequest {
  options: Omit<BreakOptions, 'onProgress'>;
  run: RunRequest;
  dial: Dial;
  /** File of the breaking scenario. */
  out: string;
  json: boolean;
  quiet: boolean;
  /** Returns the command that runs a scenario of this request, of a file, on a seed. */
  replay(file: string, seed: number): string;
}

const RUNS_MAX = 1_000_000;
const BUDGET_MIN = 200;
/** An assertion whose statistic was left out, as it is not used here. */
const BARE = /^\s*([A-Za-z][\w.]*)\s*(<=|>=|<|>)/;

/** Reads and checks everything before runs start. @throws UserError */
export async function readBreakRequest(args: Record<string, unknown>): Promise<BreakRequest> {
  const word = readText(args, 'dial');
  if (word === undefined) {
    throw new UserError('usage/option', '--dial is missing; say what to turn, such as --dial shock');
  }
  const budget = readInteger(args, 'budget', { min: BUDGET_MIN, max: RUNS_MAX, fallback: BREAK_BUDGET });
  const confidence = readNumberIn(args, 'confidence', { min: 0.5, max: 0.9999, fallback: 0.95 });
  const alpha = readNumberIn(args, 'alpha', { min: 0.001, max: 0.999, fallback: 0.05 });
  const precision = readNumberIn(args, 'precision', { min: 0.001, max: 1, fallback: 0.05 });
  const asked = { from: readNumber(args, 'from'), to: readNumber(args, 'to') };
  const { out: _, ...rest } = args;
  const run = await readRunRequest(rest);
  const { scenario, seed, threads, strategyMillisMax, userStrategies = [] } = run.run;
  checkSeeds(seed, budget);
  const out = readText(args, 'out') ?? `${scenario.name}-broken.yaml`;
  if (existsSync(out)) {
    const fix = 'choose another file with --out, or remove it';
    throw new UserError('break/exists', `${out}: exists already; ${fix}`);
  }
  const own = userStrategies.map((one) => one.strategy);
  const dial = dialNamed(word, scenario, [...registry, ...own]);
  const texts = readList(args, 'assert').map((text) => text.replace(BARE, '$1 max $2'));
  return {
    options: {
      subject: subjectOf(run),
      dial,
      ...rangeOf(dial, asked),
      claims: claimsOf(texts, run),
      alpha,
      confidence,
      precision,
      budget,
      seed,
      threads,
      strategyMillisMax,
      own,
      isShrinking: args.shrink !== false,
    },
    run,
    dial,
    out,
    json: readFlag(args, 'json'),
    quiet: readFlag(args, 'quiet'),
    replay: (file, of) => replayCommand(args, file, of),
  };
}

/** Settings stand in the file; the index and strategies do not. */
function replayCommand(args: Record<string, unknown>, file: string, seed: number): string {
  const words = ['stampede', 'run', file, '--seed', String(seed)];
  const index = readText(args, 'index');
  if (index !== undefined) words.push('--index', index);
  for (const path of readList(args, 'strategy')) words.push('--strategy', path);
  return words.map(shellWord).join(' ');
}
