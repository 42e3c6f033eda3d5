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
  const { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: tasks } = env;
  if (task !== undefined && tasks !== undefined) {
    const { SLURM_ARRAY_TASK_MIN: first = '0', SLURM_ARRAY_TASK_STEP: step = '1' } = env;
    const place = (Number(task) - Number(first)) / Number(step);
    const must = 'must be a task of an array without gaps such as --array=0-7; or give --shard i/n';
    return placed(place, Number(tasks), `SLURM_ARRAY_TASK_ID was ${task} of ${tasks} from ${first}, ${must}`);
  }
  const { JOB_COMPLETION_INDEX: index, STAMPEDE_SHARDS: shards } = env;
  if (index === undefined) return undefined;
  if (shards === undefined) {
    const must = 'must be set to the completions of the job, beside JOB_COMPLETION_INDEX; or give --shard i/n';
    throw new UserError('usage/value', `STAMPEDE_SHARDS was missing, ${must}`);
  }
  const must = 'must be 0 to STAMPEDE_SHARDS - 1, the completions of the job; or give --shard i/n';
  return placed(Number(index), Number(shards), `JOB_COMPLETION_INDEX was ${index} of STAMPEDE_SHARDS ${shards}, ${must}`);
}

/** A scheduler counts from 0: a place beyond the count would make one part twice and another never. */
function placed(index: number, count: number, refusal: string): Shard {
  if (Number.isInteger(index) && Number.isInteger(count) && index >= 0 && index < count && count <= SHARDS_MAX) {
    return { index, count };
  }
  throw new UserError('usage/value', refusal);
}

function parseShard(text: string, where: string): Shard {
  const [, i, n] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const [index, count] = [Number(i), Number(n)];
  if (!(count >= 1 && count <= SHARDS_MAX && index <= count)) {
    throw new UserError('usage/value', `${where} was "${text}", must be i/n such as 0/4 to 3/4, or 1/4 to 4/4`);
  }
  return { index: index % count, count };
}
