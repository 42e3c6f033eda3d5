/** The runs of a study as columns over the runs of its plan. */
import { join } from 'node:path';
import { openSource } from '../export/index.js';
import { runsFileName } from '../store/index.js';
import type { StudyPlan } from '../study/index.js';

/** Runs by number in the plan. */
export interface StudyRuns {
  plan: StudyPlan;
  /** 0 not made, 1 failed, 2 ok. */
  status: Uint8Array;
  /** Reasons of failures, each with how many runs it stopped. */
  failures: Map<string, number>;
  ok: number;
  failed: number;
  /** Returns a figure of every run; NaN where it is undefined, or the run failed or was not made. */
  values(metric: string): Float64Array;
}

const FAILED = 1;
export const OK = 2;

/** Reads the table of runs. Memory: 8 bytes a run and figure. */
export async function readRuns(folder: string, plan: StudyPlan): Promise<StudyRuns> {
  const source = await openSource(join(folder, runsFileName));
  const variants = new Map(plan.study.variants.map(({ name }, i) => [name, i]));
  const status = new Uint8Array(plan.size);
  const names = plan.metrics.map((one) => one.name);
  const columns = names.map(() => new Float64Array(plan.size).fill(NaN));
  const failures = new Map<string, number>();
  const counts = { ok: 0, failed: 0 };
  for await (const rows of source.groups()) {
    for (const row of rows) {
      const variant = variants.get(String(row.variant)) ?? 0;
      const index = plan.indexOf({ point: Number(row.point), variant, replicate: Number(row.replicate) });
      if (row.status !== 'ok') {
        status[index] = FAILED;
        counts.failed++;
        const reason = String(row.reason);
        failures.set(reason, (failures.get(reason) ?? 0) + 1);
        continue;
      }
      status[index] = OK;
      counts.ok++;
      names.forEach((name, k) => {
        const value = row[name];
        if (value !== null) columns[k][index] = Number(value);
      });
    }
  }
  const byName = new Map(names.map((name, k) => [name, columns[k]]));
  const nothing = new Float64Array(plan.size).fill(NaN);
  return { plan, status, failures, ...counts, values: (metric) => byName.get(metric) ?? nothing };
}
