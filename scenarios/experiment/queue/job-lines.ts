/** Outcomes as they travel: the lines of a study's logs. */
import { runKey, subjectDigest } from '../run/index.js';
import type { RunOutcome, Subject } from '../run/index.js';
import { parseResultLine, resultLine } from '../store/index.js';
import type { StoredResult } from '../store/index.js';
import type { StudyPlan } from '../study/index.js';
import type { JobRun } from './run-job.js';

/** Returns results with the keys of their runs, in order. */
export function resultsOf(
  subject: Subject,
  runs: readonly JobRun[],
  outcomes: readonly RunOutcome[],
): StoredResult[] {
  const digest = subjectDigest(subject);
  return runs.map(({ index, settings, seed }, k) => {
    return { index, key: runKey(digest, settings, seed), outcome: outcomes[k] };
  });
}

/** Writes results as lines. */
export function linesOf(results: readonly StoredResult[]): string {
  return results.map(resultLine).join('');
}

/** Reads lines; those that are damaged or belong to no run of the plan are left out. */
export function outcomesOfLines(lines: string, plan: StudyPlan): Map<number, RunOutcome> {
  const outcomes = new Map<number, RunOutcome>();
  for (const line of lines.split('\n')) {
    const result = line === '' ? null : parseResultLine(line);
    if (result === null || !(result.index < plan.size)) continue;
    if (plan.keyOf(result.index) === result.key) outcomes.set(result.index, result.outcome);
  }
  return outcomes;
}
