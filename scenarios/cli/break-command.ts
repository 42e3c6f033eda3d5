/** `stampede break`: the smallest value of a dial that breaks a scenario. */
import { writeFileSync } from 'node:fs';
import { UserError } from '../../sim/kernel/index.js';
import { scenarioText, startBreak } from '../experiment/index.js';
import type { BreakResult } from '../experiment/index.js';
import { systemCode, writeError } from '../runtime/index.js';
import * as own from './break-options.js';
import { readBreakRequest } from './break-request.js';
import type { BreakRequest } from './break-request.js';
import { breakText, heldTexts, summaryLine } from './break-text.js';
import { type CommandSpec, ExitCode } from './command.js';
import { CountLine } from './count-line.js';
import { untilEnded } from './interrupts.js';
import * as options from './options.js';
import { reportError } from './report-error.js';
import { paintErr, printErr, printOut } from './terminal.js';

/** The command. */
export const breakCommand: CommandSpec = {
  name: 'break',
  doc: 'Find the smallest value of a dial at which assertions are violated, and a scenario that shows it',
  positionals: [
    {
      name: 'scenario',
      doc: 'A name from "stampede scenarios", a YAML file, or - for standard input',
      required: true,
    },
  ],
  options: [
    own.dial,
    own.assert,
    own.alpha,
    own.from,
    own.to,
    own.confidence,
    own.precision,
    own.budget,
    options.seed,
    options.threads,
    options.set,
    options.index,
    options.strategy,
    options.strategyTimeout,
    own.out,
    own.shrink,
    options.json,
    options.quiet,
  ],
  examples: [
    ['break my.yaml --dial shock', 'how large a shock what it asserts withstands'],
    ['break calm --dial depth --assert "badDebtQuote <= 0"', 'how thin the book may be'],
    ['break flat-book --dial flat.R --assert "liquidations.count < 1000"', 'where cascades run away'],
    ['break my.yaml --dial population.retail.equity --from 100 --to 1e5 --alpha 0.5', 'any number'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const request = await readBreakRequest(args);
  const { warnings } = request.run;
  for (const warning of warnings) printErr(`${paintErr('yellow', 'warning:')} ${warning}`);
  try {
    const found = await follow(request);
    const replay = keep(request, found);
    if (request.json) printOut(JSON.stringify(breakObject(request, found, replay)));
    else printOut(breakText(request, found, replay));
    return exitCodeOf(found);
  } catch (error) {
    return reportError(error, `${request.run.run.scenario.name}, --dial ${request.dial.path}`);
  }
}

function exitCodeOf({ interrupted, verdict, failed }: BreakResult): number {
  if (interrupted) return ExitCode.interrupted;
  if (verdict === 'undecided') return ExitCode.undecided;
  return failed > 0 ? ExitCode.incomplete : ExitCode.ok;
}

async function follow({ options: asked, quiet }: BreakRequest): Promise<BreakResult> {
  const progress = new CountLine('runs', quiet);
  const onProgress = (runs: number, stage: string): void => {
    progress.show(runs, asked.budget, stage === 'shrinking' ? ', shrinking' : '');
  };
  const handle = startBreak({ ...asked, onProgress });
  return untilEnded(handle, progress, 'stopping after the runs under way; once more to stop now');
}

/** Writes the breaking scenario, if there is one; returns the command that runs it. */
function keep(request: BreakRequest, found: BreakResult): string | null {
  const { breaking } = found;
  if (breaking === null) return null;
  const { out, replay } = request;
  const command = replay(out, breaking.seed);
  const comments = [
    `Made from ${request.run.run.scenario.name} by "stampede break": ${summaryLine(request, found)}`,
    `This run violates ${breaking.violated.join(' and ')}:`,
    command,
  ];
  try {
    writeFileSync(out, scenarioText(breaking.scenario, comments), { flag: 'wx' });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw writeError(error, out);
    const fix = 'choose another file with --out, or remove it';
    throw new UserError('break/exists', `${out}: exists already; ${fix}`);
  }
  return command;
}

function breakObject(request: BreakRequest, found: BreakResult, replay: string | null) {
  const { options: asked, dial, out, run } = request;
  const { breaking, mild, harsh, ...rest } = found;
  const ends = [mild, harsh];
  if (found.direction === 'falling') ends.reverse();
  return {
    scenario: run.run.scenario.name,
    dial: dial.path,
    baseline: dial.baseline,
    assertions: heldTexts(request),
    alpha: asked.alpha,
    confidence: asked.confidence,
    precision: asked.precision,
    budget: asked.budget,
    ...rest,
    low: ends[0],
    high: ends[1],
    breaking: breaking === null ? null : { file: out, replay, ...breaking },
  };
}
