/** `stampede worker`: makes the runs of sweeps on other machines. */
import { availableParallelism } from 'node:os';
import { startQueueWorker } from '../experiment/index.js';
import type { WorkerProgress } from '../experiment/index.js';
import { packageVersion, THREADS_MAX } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { onInterrupt } from './interrupts.js';
import { whole } from './number-text.js';
import * as options from './options.js';
import { ProgressLine } from './progress-line.js';
import * as queueing from './queue-options.js';
import * as study from './study-options.js';
import { printErr, printOut } from './terminal.js';
import { readFlag, readInteger } from './values.js';

const DAY_MILLIS = 86_400_000;

/** The command. */
export const workerCommand: CommandSpec = {
  name: 'worker',
  doc: 'Make runs that sweeps put into a queue, until Ctrl-C',
  positionals: [],
  options: [queueing.workerQueue, study.jobs, queueing.lock, queueing.untilIdle, options.json, options.quiet],
  examples: [
    ['worker --queue redis://host', 'on all cores of this machine'],
    ['worker --queue postgres://me:secret@host/lab --jobs 4', 'four runs at the same time'],
    ['worker --queue redis://host --until-idle 1m', 'leaves when the work is done'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const at = queueing.readQueue(args);
  const cores = Math.min(availableParallelism(), THREADS_MAX);
  const threads = readInteger(args, 'jobs', { min: 1, max: THREADS_MAX, fallback: cores });
  const lockMillis = queueing.readMillis(args, 'lock', { min: 2000, max: 3_600_000 });
  const idleMillis = queueing.readMillis(args, 'until-idle', { min: 0, max: DAY_MILLIS });
  const quiet = readFlag(args, 'quiet');
  const handle = await startQueueWorker({ at, threads, lockMillis, idleMillis, say: printErr });
  const progress = new ProgressLine(handle.progress, WORDS, quiet);
  const release = onInterrupt(
    () => {
      progress.end();
      printErr('leaving after the jobs under way; once more to leave now: others make them');
      handle.stop();
    },
    () => handle.abort(),
  );
  if (!quiet) printErr(`worker: stampede ${packageVersion} at ${at.shown}, ${threads} at the same time; Ctrl-C leaves`);
  try {
    const { jobs, runs, failed } = await handle.result;
    const text = `${whole(runs)} runs in ${whole(jobs)} jobs made, ${whole(failed)} failed`;
    printOut(readFlag(args, 'json') ? JSON.stringify({ jobs, runs, failed }) : text);
    return ExitCode.ok;
  } finally {
    release();
    progress.end();
  }
}

const WORDS = {
  text: ({ jobs, runs, failed, underWay }: WorkerProgress): string =>
    `${whole(runs)} runs in ${whole(jobs)} jobs, ${whole(failed)} failed, ${whole(underWay)} jobs under way`,
  fraction: ({ underWay }: WorkerProgress): number => (underWay > 0 ? 1 : 0),
};
