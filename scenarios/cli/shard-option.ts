/** Which part of a study this machine makes. */
import { UserError } from '../../sim/kernel/index.js';
import type { Shard } from '../experiment/index.js';
import { readText } from './values.js';

/** Most parts. */
const SHARDS_MAX = 100_000;

/**
 * Reads --shard; without it, the part that Slurm or Kubernetes gave this process; undefined for none.
 *
 * Parts may be counted from 0 or from 1: 0/4 and 4/4 are the same part.
 *
 * @throws UserError `usage/value`
 */
export function readShard(args: Record<string, unknown>, env: NodeJS.ProcessEnv = process.env): Shard | undefined {
  const text = readText(args, 'shard');
  if (text !== undefined) return parseShard(text, '--shard');
  const { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: tasks, SLURM_ARRAY_TASK_MIN: first = '0' } = env;
  if (task !== undefined && tasks !== undefined) {
    const place = Number(task) - Number(first);
    return parseShard(`${place}/${tasks}`, `SLURM_ARRAY_TASK_ID ${task} of SLURM_ARRAY_TASK_COUNT ${tasks}`);
  }
  const { JOB_COMPLETION_INDEX: index, STAMPEDE_SHARDS: shards } = env;
  if (index === undefined) return undefined;
  if (shards === undefined) {
    const must = 'must be set to the completions of the job, beside JOB_COMPLETION_INDEX; or give --shard i/n';
    throw new UserError('usage/value', `STAMPEDE_SHARDS was missing, ${must}`);
  }
  return parseShard(`${index}/${shards}`, `JOB_COMPLETION_INDEX ${index} of STAMPEDE_SHARDS ${shards}`);
}

function parseShard(text: string, where: string): Shard {
  const [, i, n] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const [index, count] = [Number(i), Number(n)];
  if (!(count >= 1 && count <= SHARDS_MAX && index <= count)) {
    throw new UserError('usage/value', `${where} was "${text}", must be i/n such as 0/4 to 3/4, or 1/4 to 4/4`);
  }
  return { index: index % count, count };
}
