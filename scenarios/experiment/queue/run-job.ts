/** What travels through a queue: batches of runs, and the lines that come back. */
import type { RunRequest } from '../run/index.js';
import { sha256 } from '../run/index.js';

/** A run of a batch. */
export interface JobRun extends Omit<RunRequest, 'subject'> {
  /** Number of the run in its study. */
  index: number;
}

/** Data of a job. Plain JSON. */
export interface RunJob {
  /** Version of stampede that submitted it: results of versions do not mix. */
  version: string;
  /** Digest of the study the runs belong to. */
  study: string;
  /** Its name, for people. */
  name: string;
  /** Digest of the payload that holds what is run. */
  payload: string;
  /** `JobRun[]` as JSON text: a database would reorder the keys of settings. */
  runs: string;
  /** Folder of logs that coordinator and workers share; null where results come back through the queue. */
  results: string | null;
  /** Set on a dead letter that is to end as failed runs. */
  isDropped?: boolean;
}

/** What a finished job returns. */
export interface JobResult {
  /** Lines of results; empty where the worker kept them in the shared folder. */
  lines: string;
  /** Runs made. */
  count: number;
}

/** Digits of a job's id. */
const ID_DIGITS = 40;

/** Returns the id of a job: equal batches of equal studies have equal ids, and are queued once. */
export function jobId({ version, study, runs, results }: RunJob): string {
  return sha256(JSON.stringify([version, study, runs, results])).slice(0, ID_DIGITS);
}

/** Reads the runs of a job. */
export function runsOfJob({ runs }: RunJob): JobRun[] {
  return JSON.parse(runs) as JobRun[];
}
