/** The task of a run pool, loaded by Piscina. */
import { Piscina } from 'piscina';
import type { Strategy } from '../../../sim/strategy/index.js';
import { carry, importStrategies, runDivergence, settle } from '../../runtime/index.js';
import type { Outcome, RunDivergence, RunToCompare } from '../../runtime/index.js';
import { canonicalJson, prepare, runToCompare } from '../run/index.js';
import type { Prepared, RunOutcome, RunRequest } from '../run/index.js';
import type { BatchJob, BatchOutcome, DivergenceJob, PoolThread } from './batch-job.js';

const { subjects, watch, places, dieAtBatch } = Piscina.workerData as PoolThread;
const thread = Atomics.add(new Int32Array(places), 0, 1);
const own = new Map<number, Promise<readonly Strategy[]>>();
/** Subjects prepared last, the latest at the end: neighbours in a batch share a few. */
const prepared = new Map<string, Prepared>();
const PREPARED_MAX = 4;

/** Makes the runs of a batch; a run that cannot be made leaves its reason and the rest go on. */
export async function runBatch({ batch, requests }: BatchJob): Promise<BatchOutcome> {
  if (batch === dieAtBatch) process.exit(1);
  const outcomes: RunOutcome[] = [];
  for (const request of requests) outcomes.push(await runOne(request));
  return outcomes;
}

async function runOne(request: RunRequest): Promise<RunOutcome> {
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  try {
    const run = await preparedFor(request);
    return { status: 'ok', ...run(request.seed, request.tables), wallSeconds: seconds() };
  } catch (error) {
    const { code = 'run/error', message } = carry(error);
    return { status: 'failed', code, reason: message.split('\n')[0], wallSeconds: seconds() };
  }
}

async function preparedFor({ subject, settings }: RunRequest): Promise<Prepared> {
  const key = `${subject} ${canonicalJson(settings)}`;
  const known = prepared.get(key);
  const run = known ?? prepare(subjects[subject], settings, await ownStrategies(subject));
  prepared.delete(key);
  prepared.set(key, run);
  if (prepared.size > PREPARED_MAX) prepared.delete(prepared.keys().next().value as string);
  return run;
}

/** Runs two requests side by side until they part. @throws what keeps one of them from being run */
export async function divergence({ a, b }: DivergenceJob): Promise<Outcome<RunDivergence>> {
  return settle(async () => runDivergence(await worldOf(a), await worldOf(b)));
}

async function worldOf(request: RunRequest): Promise<RunToCompare> {
  const subject = subjects[request.subject];
  if (subject.kind === 'function') throw new Error('a function has no events');
  return runToCompare(subject, request, await ownStrategies(request.subject));
}

function ownStrategies(place: number): Promise<readonly Strategy[]> {
  let loading = own.get(place);
  if (loading === undefined) {
    const subject = subjects[place];
    const codes = subject.kind === 'scenario' ? (subject.strategies ?? []) : [];
    const cohorts =
      subject.kind === 'scenario' ? subject.scenario.population.map((one) => one.name) : [];
    loading = importStrategies(codes, { buffer: watch, thread }, cohorts);
    own.set(place, loading);
  }
  return loading;
}
