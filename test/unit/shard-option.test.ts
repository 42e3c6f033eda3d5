/** Parts of a study: what people write, and what schedulers give. */
import { describe, expect, it } from 'vitest';
import { readShard } from '../../scenarios/cli/shard-option.js';

const slurm = (id: number, count: number, more: Record<string, string> = {}) =>
  readShard({}, { SLURM_ARRAY_TASK_ID: String(id), SLURM_ARRAY_TASK_COUNT: String(count), ...more });

describe('the part that a scheduler gives', () => {
  it('is found in arrays that count from anywhere in equal steps', () => {
    for (const [first, step] of [[0, 1], [1, 1], [10, 5]]) {
      const more = { SLURM_ARRAY_TASK_MIN: String(first), SLURM_ARRAY_TASK_STEP: String(step) };
      const parts = [0, 1, 2, 3].map((k) => slurm(first + k * step, 4, more)?.index);
      expect(parts).toEqual([0, 1, 2, 3]);
    }
  });

  it('is refused in an array with gaps, which would make one part twice and another never', () => {
    expect(() => slurm(3, 3)).toThrow(/SLURM_ARRAY_TASK_ID was 3 of 3 from 0, must be a task of an array without gaps/);
    expect(() => slurm(9, 3, { SLURM_ARRAY_TASK_MIN: '1' })).toThrow(/without gaps/);
    expect(() => readShard({}, { JOB_COMPLETION_INDEX: '4', STAMPEDE_SHARDS: '4' })).toThrow(/must be 0 to STAMPEDE_SHARDS - 1/);
    expect(() => readShard({}, { JOB_COMPLETION_INDEX: '0', STAMPEDE_SHARDS: 'many' })).toThrow(/of STAMPEDE_SHARDS many/);
  });

  it('gives way to the one on the command line', () => {
    expect(readShard({ shard: '4/4' }, { JOB_COMPLETION_INDEX: '1' })).toEqual({ index: 0, count: 4 });
  });
});
