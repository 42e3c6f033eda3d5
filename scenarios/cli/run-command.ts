/** `stampede run`: one run. */
import { dirname, join, resolve } from 'node:path';
import { startRun } from '../runtime/index.js';
import type { RunResult } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { onInterrupt, untilInterrupted } from './interrupts.js';
import * as options from './options.js';
import { runProgressLine } from './progress-line.js';
import { reportError } from './report-error.js';
import { DEFAULT_SCENARIO, readRunRequest } from './run-options.js';
import type { RunRequest } from './run-options.js';
import { readReplicates, runReplicates } from './replicates.js';
import { openServer } from './serve-command.js';
import type { OpenServer } from './serve-command.js';
import { summaryText } from './summary-text.js';
import { paint, paintErr, printErr, printOut } from './terminal.js';

/** The command. */
export const runCommand: CommandSpec = {
  name: 'run',
  doc: 'Run a scenario once',
  positionals: [
    {
      name: 'scenario',
      doc: `A name from "stampede scenarios", a YAML file, or - for standard input [default: ${DEFAULT_SCENARIO}]`,
      required: false,
    },
  ],
  options: [
    options.seed,
    options.threads,
    options.set,
    options.index,
    options.strategy,
    options.strategyTimeout,
    options.check,
    options.withoutCauses,
    options.replicates,
    options.out,
    options.json,
    options.quiet,
    options.serve,
    options.port,
    options.host,
  ],
  examples: [
    ['run', '12-13 March 2020, with its summary'],
    ['run calm --seed 7 --json', 'one JSON object'],
    ['run --set dials.leverage=0.5 --serve', 'half the leverage, then the replay'],
    ['run my.yaml --index btcusd_1m.csv.gz', 'your scenario on real prices'],
    ['run flat-book --replicates 20000', 'many cascades beside their law'],
    ['run my.yaml --strategy ./mine.ts', 'your scenario with a trading rule of yours'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const request = await readRunRequest(args);
  const replicates = readReplicates(args);
  if (replicates !== null) return runReplicates(request, replicates);
  const about = `${request.run.scenario.name}, seed ${request.run.seed}`;
  const parent = dirname(resolve(request.run.out ?? join('runs', 'x')));
  const server = request.serve ? await openServer(args, parent) : null;
  try {
    for (const warning of request.warnings) printErr(`${paintErr('yellow', 'warning:')} ${warning}`);
    const result = await simulate(request);
    printOut(request.json ? JSON.stringify(result) : summaryText(result, request.repeat));
    if (result.partial) {
      printErr(`interrupted: kept what was simulated; to run it whole: ${request.repeat}`);
      return ExitCode.interrupted;
    }
    if (server !== null) await show(server, result, request.json);
    return ExitCode.ok;
  } catch (error) {
    return reportError(error, about);
  } finally {
    await server?.close();
  }
}

/** Runs with progress; Ctrl-C finishes the window, a second one ends at once. */
async function simulate(request: RunRequest): Promise<RunResult> {
  const handle = startRun(request.run);
  const progress = runProgressLine(handle, request.quiet);
  let isWriting = false;
  handle.progress.subscribe((sample) => {
    ({ isWriting } = sample);
  });
  const release = onInterrupt(
    () => {
      progress.end();
      if (isWriting) {
        printErr('the run is complete and is being written; once more to stop now and keep nothing');
        return;
      }
      printErr('stopping after this window; once more to stop now and keep nothing');
      handle.stop();
    },
    () => handle.abort(),
  );
  try {
    return await handle.result;
  } finally {
    release();
    progress.end();
  }
}

async function show(server: OpenServer, result: RunResult, isJson: boolean): Promise<void> {
  const text = `replay  ${paint('cyan', server.replayUrl(result.out ?? ''))}  (Ctrl-C to stop)`;
  const interrupted = untilInterrupted();
  if (isJson) printErr(text);
  else printOut(text);
  await interrupted;
}
