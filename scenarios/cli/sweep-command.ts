/** `stampede sweep`: many runs by a design. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  checkBudget,
  loadStudy,
  openStudyFolder,
  planStudy,
  QueueExecutor,
  QueueLink,
  resultsFolder,
  RunPool,
  startSweep,
} from '../experiment/index.js';
import type {
  QueueUrl,
  RunExecutor,
  Shard,
  StudyFolder,
  StudyPlan,
  SweepDone,
  SweepProgress,
} from '../experiment/index.js';
import { shellWord, THREADS_MAX } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { untilEnded } from './interrupts.js';
import { short, span, whole } from './number-text.js';
import * as options from './options.js';
import { planFacts, planText } from './plan-text.js';
import { ProgressLine } from './progress-line.js';
import * as queueing from './queue-options.js';
import { reportError } from './report-error.js';
import { readStrategyMillis } from './run-options.js';
import { readShard } from './shard-option.js';
import * as study from './study-options.js';
import { sweepFacts, sweepText } from './sweep-text.js';
import { printErr, printOut } from './terminal.js';
import { readFlag, readInteger, readText } from './values.js';

/** The command. */
export const sweepCommand: CommandSpec = {
  name: 'sweep',
  doc: 'Make the runs of a study',
  positionals: [{ name: 'study', doc: 'A name from "stampede studies", or a YAML file', required: true }],
  options: [
    study.plan,
    study.jobs,
    study.budget,
    study.resume,
    study.shard,
    queueing.sweepQueue,
    queueing.results,
    options.strategyTimeout,
    study.studyOut,
    options.json,
    options.quiet,
  ],
  examples: [
    ['sweep leverage-x-crowding --plan', 'what it would run, and what that would take'],
    ['sweep leverage-x-crowding --budget 60', 'an even share of it'],
    ['sweep my-study.yaml --resume', 'goes on where it was stopped, killed, or finished'],
    ['sweep my-study.yaml --shard 2/8', 'one of eight parts, on a machine of its own'],
    ['sweep my-study.yaml --queue redis://host', 'on all machines that run stampede worker'],
  ],
  run,
};

/** What is asked for. */
interface SweepRequest {
  plan: StudyPlan;
  place: string;
  out: string;
  jobs: number;
  budget: number | undefined;
  shard: Shard | undefined;
  /** Workers behind it make the runs; undefined for the threads of this machine. */
  queue: QueueUrl | undefined;
  /** Workers write into the study's folder themselves. */
  isShared: boolean;
  strategyMillisMax: number | undefined;
  resume: boolean;
  json: boolean;
  quiet: boolean;
}

async function run(args: Record<string, unknown>): Promise<number> {
  const request = await readRequest(args);
  if (readFlag(args, 'plan')) {
    const facts = planFacts(request.plan, request);
    printOut(request.json ? JSON.stringify(facts) : planText(facts));
    return ExitCode.ok;
  }
  try {
    const done = await follow(request);
    printOut(request.json ? JSON.stringify(sweepFacts(done, request)) : sweepText(done, request));
    if (done.interrupted) {
      printErr(`interrupted: what was run is kept; to go on: ${resumeCommand(request)}`);
      return ExitCode.interrupted;
    }
    return done.failed > 0 ? ExitCode.incomplete : ExitCode.ok;
  } catch (error) {
    const code = reportError(error, `study ${request.plan.study.name}`);
    const isKept = code === ExitCode.resource || code === ExitCode.interrupted;
    if (isKept) printErr(`what was run is kept; to go on: ${resumeCommand(request)}`);
    return code;
  }
}

async function readRequest(args: Record<string, unknown>): Promise<SweepRequest> {
  const jobs = readInteger(args, 'jobs', {
    min: 1,
    max: THREADS_MAX,
    fallback: Math.min(availableParallelism(), THREADS_MAX),
  });
  const budget =
    args.budget === undefined ? undefined : readInteger(args, 'budget', { min: 1, max: 1e9, fallback: 1 });
  const shard = readShard(args);
  const { queue, isShared } = queueing.readSweepQueue(args);
  const place = String(args.study);
  const loaded = await loadStudy(place);
  const plan = planStudy(loaded);
  checkBudget(plan, { budget, shard });
  return {
    plan,
    place,
    out: readText(args, 'out') ?? join('studies', plan.study.name),
    jobs,
    budget,
    shard,
    queue,
    isShared,
    strategyMillisMax: readStrategyMillis(args),
    resume: readFlag(args, 'resume') || shard !== undefined,
    json: readFlag(args, 'json'),
    quiet: readFlag(args, 'quiet'),
  };
}

/** Runs with progress; Ctrl-C finishes the batches under way, a second one ends at once. */
async function follow(request: SweepRequest): Promise<SweepDone> {
  const { plan, place, budget, shard, quiet, queue } = request;
  // A queue out of reach is told before a folder is made.
  const link = queue === undefined ? undefined : await QueueLink.open(queue, printErr);
  const folder = await opened(request, link);
  const executor = executorOf(request, folder, link);
  const handle = startSweep({ plan, folder, executor, place, budget, shard });
  const progress = new ProgressLine(handle.progress, WORDS, quiet);
  return untilEnded(handle, progress, 'stopping after the runs under way; once more to stop now: what has ended is kept');
}

async function opened({ plan, out, resume }: SweepRequest, link: QueueLink | undefined): Promise<StudyFolder> {
  try {
    return openStudyFolder(plan, out, resume);
  } catch (error) {
    await link?.close();
    throw error;
  }
}

function executorOf(request: SweepRequest, { path, store }: StudyFolder, link: QueueLink | undefined): RunExecutor {
  const { plan, jobs, strategyMillisMax } = request;
  if (link === undefined) return new RunPool({ subjects: [plan.subject], threads: jobs, strategyMillisMax });
  const results = request.isShared ? resultsFolder(path) : null;
  return new QueueExecutor({ link, store, results, strategyMillisMax, say: printErr });
}

const WORDS = {
  text: ({ done, planned, failed, runsPerSecond, secondsLeft, primary }: SweepProgress): string => {
    const parts = [
      `${whole(done)} of ${whole(planned)} runs`,
      `${short(runsPerSecond)} a second`,
      `${span(Math.ceil(secondsLeft))} left`,
    ];
    if (failed > 0) parts.push(`${whole(failed)} failed`);
    if (primary !== null) {
      const { label, value, low, high } = primary;
      parts.push(`${label} ${short(value)} [${short(low)}, ${short(high)}]`);
    }
    return parts.join(', ');
  },
  fraction: ({ done, planned }: SweepProgress): number => (planned === 0 ? 1 : done / planned),
};

/** Writes the command that goes on with a sweep. */
export function resumeCommand({ place, out, budget, shard, queue, isShared }: SweepRequest): string {
  const words = ['stampede', 'sweep', place, '--resume', '--out', out];
  if (budget !== undefined) words.push('--budget', String(budget));
  if (shard !== undefined) words.push('--shard', `${shard.index}/${shard.count}`);
  if (queue !== undefined) words.push('--queue', queue.shown);
  if (isShared) words.push('--results', 'shared');
  return words.map(shellWord).join(' ');
}
