/** What `check` was asked to do, checked. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../sim/kernel/index.js';
import { runsToFail, runsToPass } from '../../sim/statistics/index.js';
import { claimOf, runMetrics } from '../experiment/index.js';
import type { AssertionSource, CheckOptions, Claim } from '../experiment/index.js';
import { assertionAt, placeIn } from '../model/index.js';
import { codesOf } from '../runtime/index.js';
import { BUDGET_DEFAULT, CONFIDENCE_DEFAULT } from './check-options.js';
import { readRunRequest } from './run-options.js';
import type { RunRequest } from './run-options.js';
import { readInteger, readList, readNumber, readText } from './values.js';

/** A check and how to show it. */
export interface CheckRequest {
  check: CheckOptions;
  /** The run that each seed is one of. */
  run: RunRequest;
  junit: string | undefined;
  isAnnotating: boolean;
}

const RUNS_MAX = 1_000_000;
const ASSERTIONS_MAX = 100;
/** Characters of an assertion that a refusal repeats. */
const SHOWN_MAX = 120;
const CONFIDENCE_MIN = 0.5;
const CONFIDENCE_MAX = 0.9999;

/** Reads and checks everything before runs start. @throws UserError */
export async function readCheckRequest(args: Record<string, unknown>): Promise<CheckRequest> {
  const isFixed = args.seeds !== undefined;
  const bounds = { min: 1, max: RUNS_MAX };
  const seeds = readInteger(args, 'seeds', { ...bounds, fallback: 0 });
  const most = readInteger(args, 'budget', { ...bounds, fallback: BUDGET_DEFAULT });
  if (isFixed && args.budget !== undefined) {
    const must = 'must be left out with --seeds: that is the number of runs';
    throw new UserError('usage/value', `--budget was given, ${must}`);
  }
  const confidence = readConfidence(args);
  const junit = readFile(args, 'junit');
  const run = await readRunRequest(args);
  const budget = isFixed ? seeds : most;
  checkSeeds(run.run.seed, budget);
  const claims = claimsOf(readList(args, 'assert'), run);
  const { userStrategies, indexDigest, bars, ...shared } = run.run;
  for (const claim of claims) run.warnings.push(...outOfReach(claim, { budget, isFixed, confidence }));
  return {
    check: {
      subject: { kind: 'scenario', scenario: run.written, bars, indexDigest, strategies: codesOf(userStrategies ?? []) },
      claims,
      seed: shared.seed,
      threads: shared.threads,
      strategyMillisMax: shared.strategyMillisMax,
      budget,
      isFixed,
      confidence,
    },
    run,
    junit,
    isAnnotating: annotates(args),
  };
}

function annotates(args: Record<string, unknown>): boolean {
  if (args.github !== undefined) return args.github === true;
  return process.env.GITHUB_ACTIONS === 'true';
}

function readConfidence(args: Record<string, unknown>): number {
  const value = readNumber(args, 'confidence') ?? CONFIDENCE_DEFAULT;
  if (value >= CONFIDENCE_MIN && value <= CONFIDENCE_MAX) return value;
  const must = `must be in ${CONFIDENCE_MIN} to ${CONFIDENCE_MAX}, such as 0.95`;
  throw new UserError('usage/value', `--confidence was ${value}, ${must}`);
}

/** Reads the path of a file to write: a mistake must not wait for the end of the runs. */
function readFile(args: Record<string, unknown>, name: string): string | undefined {
  const path = readText(args, name);
  if (path === undefined) return undefined;
  const kindOf = (of: string) => statSync(of, { throwIfNoEntry: false });
  let was: string | undefined;
  try {
    if (kindOf(path)?.isDirectory() === true) was = 'a folder';
    else if (kindOf(dirname(path))?.isDirectory() !== true) was = 'in a folder that does not exist';
  } catch (error) {
    was = `a path that cannot be used (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
  if (was === undefined) return path;
  throw new UserError('usage/value', `--${name} ${path}: was ${was}, must be a file in a folder that exists`);
}

/** Refuses seeds beyond 2^53. */
export function checkSeeds(seed: number, runs: number): void {
  if (seed + runs - 1 <= Number.MAX_SAFE_INTEGER) return;
  const must = `must be at most ${Number.MAX_SAFE_INTEGER - runs + 1} with ${runs} runs`;
  throw new UserError('usage/value', `--seed was ${seed}, ${must}: each takes the next one`);
}

/** Reads the assertions given, else those of the scenario. @throws UserError `assertion/...`, `metric/unknown` */
export function claimsOf(texts: readonly string[], run: RunRequest): Claim[] {
  const sources = texts.length > 0 ? texts.map(givenSource) : writtenSources(run);
  if (sources.length === 0) {
    const fix = 'give --assert "badDebtQuote p99 <= 0", or write a section assertions';
    throw new UserError('assertion/none', `scenario ${run.run.scenario.name} asserts nothing; ${fix}`);
  }
  if (sources.length > ASSERTIONS_MAX) {
    const must = `must be given at most ${ASSERTIONS_MAX} times`;
    throw new UserError('usage/value', `--assert was given ${sources.length} times, ${must}`);
  }
  return sources.map((source) => claimOf(source, runMetrics));
}

/** Says beforehand what no run within the budget can show. */
function outOfReach({ text, claimed }: Claim, options: Pick<CheckOptions, 'budget' | 'isFixed' | 'confidence'>): string[] {
  const { budget, isFixed, confidence } = options;
  const needed = runsToPass(claimed, 1 - confidence);
  if (needed <= budget) return [];
  const what = runsToFail(claimed, 1 - confidence) <= budget ? 'can fail, but not pass' : 'cannot be decided';
  const option = isFixed ? '--seeds' : '--budget';
  return [`"${text}" ${what}: that needs ${needed} runs, ${option} was ${budget}`];
}

function givenSource(text: string): AssertionSource {
  const shown = text.replace(/\s/g, ' ').slice(0, SHOWN_MAX);
  const cut = text.length > SHOWN_MAX ? '...' : '';
  return { text, where: (column) => `--assert "${shown}${cut}": column ${column}: ` };
}

function writtenSources({ written, source }: RunRequest): AssertionSource[] {
  return (written.assertions ?? []).map((one, index) => {
    const { text, path } = assertionAt(one, index);
    const where = (column: number): string => {
      const place = placeIn(source.text, path, column);
      return `${source.shown}:${place.line}:${place.column} assertions[${index}]: `;
    };
    const doc = typeof one === 'string' ? undefined : one.doc;
    return { text, doc, at: placeIn(source.text, path), where };
  });
}
