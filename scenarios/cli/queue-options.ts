/** Options of the commands that work through a queue. */
import { UserError } from '../../sim/kernel/index.js';
import { parseQueueUrl } from '../experiment/index.js';
import type { QueueUrl } from '../experiment/index.js';
import { DURATION_PATTERN, durationMicros } from '../model/index.js';
import type { OptionSpec } from './command.js';
import { readText } from './values.js';

const QUEUE = { name: 'queue', group: 'Queue', kind: 'value', value: 'url' } as const;

export const sweepQueue: OptionSpec = {
  ...QUEUE,
  doc: 'Let workers behind a queue make the runs: redis://host or postgres://user:password@host/database',
  fallback: 'the threads of this machine',
};

export const workerQueue: OptionSpec = {
  ...QUEUE,
  doc: 'The queue: redis://host or postgres://user:password@host/database',
  fallback: 'STAMPEDE_QUEUE',
};

export const results: OptionSpec = {
  name: 'results',
  doc: 'How results come: back through the queue, or shared: workers write them into the folder of the study',
  group: 'Queue',
  kind: 'value',
  value: 'way',
  fallback: 'back',
};

export const lock: OptionSpec = {
  name: 'lock',
  doc: 'Time after which the jobs of a worker that fell silent are given to others, 2s to 1h',
  group: 'Queue',
  kind: 'value',
  value: 'duration',
  fallback: '30s',
};

export const untilIdle: OptionSpec = {
  name: 'until-idle',
  doc: 'Leave when there has been nothing to do for so long',
  group: 'Queue',
  kind: 'value',
  value: 'duration',
  fallback: 'stays',
};

export const retry: OptionSpec = {
  name: 'retry',
  doc: 'Put dead letters back into the queue',
  group: 'Queue',
  kind: 'flag',
};

export const drop: OptionSpec = {
  name: 'drop',
  doc: 'End dead letters as failed runs, which their sweep records with the reason',
  group: 'Queue',
  kind: 'flag',
};

/** Reads the queue of a worker. @throws UserError `queue/url` */
export function readQueue(args: Record<string, unknown>): QueueUrl {
  const text = readText(args, 'queue') ?? process.env.STAMPEDE_QUEUE;
  if (text !== undefined && text !== '') return parseQueueUrl(text);
  const must = 'must be redis://host:6379 or postgres://user:password@host:5432/database';
  throw new UserError('queue/url', `--queue was missing, and so is STAMPEDE_QUEUE: ${must}`);
}

/** Reads the queue of a sweep, if it has one. @throws UserError `queue/url`, `usage/value` */
export function readSweepQueue(args: Record<string, unknown>): { queue: QueueUrl | undefined; isShared: boolean } {
  const text = readText(args, 'queue');
  const way = readText(args, 'results');
  if (way !== undefined && way !== 'back' && way !== 'shared') {
    throw new UserError('usage/value', `--results was "${way}", must be back or shared`);
  }
  if (text === undefined) {
    if (way === undefined) return { queue: undefined, isShared: false };
    throw new UserError('usage/value', '--results was given without --queue: it says how workers hand results over');
  }
  if (args.jobs !== undefined) {
    throw new UserError('usage/value', '--jobs was given with --queue: give it to "stampede worker"');
  }
  return { queue: parseQueueUrl(text), isShared: way === 'shared' };
}

/** Reads a duration in milliseconds. @throws UserError `usage/value` */
export function readMillis(
  args: Record<string, unknown>,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const text = readText(args, name);
  if (text === undefined) return undefined;
  const millis = DURATION_PATTERN.test(text) ? durationMicros(text) / 1000 : Number.NaN;
  if (millis >= min && millis <= max) return millis;
  const must = `must be a duration of ${min / 1000}s to ${max / 3_600_000}h, such as 30s`;
  throw new UserError('usage/value', `--${name} was ${text}, ${must}`);
}
