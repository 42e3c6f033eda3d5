/** `stampede check`: whether assertions hold, with confidence. */
import { startCheck } from '../experiment/index.js';
import type { CheckProgress, CheckResult } from '../experiment/index.js';
import { checkAnnotations } from './check-annotations.js';
import { checkJunit } from './check-junit.js';
import * as own from './check-options.js';
import { checkReport } from './check-report.js';
import type { CheckReport } from './check-report.js';
import { readCheckRequest } from './check-request.js';
import type { CheckRequest } from './check-request.js';
import { checkText } from './check-text.js';
import { type CommandSpec, ExitCode } from './command.js';
import { untilEnded } from './interrupts.js';
import { short, whole } from './number-text.js';
import * as options from './options.js';
import { ProgressLine } from './progress-line.js';
import { reportError } from './report-error.js';
import { paintErr, printErr, printOut } from './terminal.js';
import { writeWholeFile } from './whole-file.js';

/** The command. */
export const checkCommand: CommandSpec = {
  name: 'check',
  doc: 'Decide whether assertions hold over many seeds: pass, fail or undecided, with confidence',
  positionals: [
    {
      name: 'scenario',
      doc: 'A name from "stampede scenarios", a YAML file, or - for standard input',
      required: true,
    },
  ],
  options: [
    own.assert,
    own.seeds,
    own.budget,
    own.confidence,
    options.seed,
    options.threads,
    options.set,
    options.index,
    options.strategy,
    options.strategyTimeout,
    options.json,
    own.junit,
    own.github,
    options.quiet,
  ],
  examples: [
    ['check grid-trap', 'what it asserts of itself'],
    ['check my.yaml --assert "badDebtQuote p99 <= 0"', 'one question'],
    ['check my.yaml --assert "P(badDebtQuote > 0) <= 5%"', 'how often, at most'],
    ['check my.yaml --seeds 300 --junit verdicts.xml', '300 runs, and a file for CI'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const request = await readCheckRequest(args);
  const { check, junit, isAnnotating } = request;
  const { json, quiet, warnings, run } = request.run;
  for (const warning of warnings) printErr(`${paintErr('yellow', 'warning:')} ${warning}`);
  try {
    const report = checkReport(request, await follow(request, quiet));
    if (junit !== undefined) writeWholeFile(junit, checkJunit(report));
    printOut(json ? JSON.stringify(report) : checkText(report));
    const print = json ? printErr : printOut;
    if (isAnnotating) for (const line of checkAnnotations(report)) print(line);
    if (report.interrupted) printErr(`interrupted: this is what is known; to decide it: ${report.repeat}`);
    return exitCodeOf(report);
  } catch (error) {
    return reportError(error, `${run.scenario.name}, seeds from ${check.seed}`);
  }
}

function exitCodeOf({ verdict, interrupted }: CheckReport): number {
  if (interrupted) return ExitCode.interrupted;
  return { pass: ExitCode.ok, fail: ExitCode.assertion, incomplete: ExitCode.incomplete, undecided: ExitCode.undecided }[
    verdict
  ];
}

const WORDS = {
  text: ({ runs, budget, nextLook, failed, verdicts, wallSeconds }: CheckProgress): string => {
    const { pass, fail, undecided } = verdicts;
    const rate = `${short(runs / Math.max(wallSeconds, 1e-3))} runs/s`;
    const lost = failed > 0 ? `, ${whole(failed)} could not be made` : '';
    const look = nextLook === budget ? '' : `, next look at ${whole(nextLook)}`;
    return `${whole(runs)} of ${whole(budget)} runs at most, ${rate}, ✓ ${pass} ✗ ${fail} ? ${undecided}${look}${lost}`;
  },
  fraction: ({ runs, budget }: CheckProgress): number => runs / budget,
};

/** Runs with progress; Ctrl-C finishes the runs under way, a second one ends at once. */
async function follow({ check }: CheckRequest, quiet: boolean): Promise<CheckResult> {
  const handle = startCheck(check);
  const progress = new ProgressLine(handle.progress, WORDS, quiet);
  return untilEnded(handle, progress, 'stopping after the runs under way; once more to stop now and keep nothing');
}
