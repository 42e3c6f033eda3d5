/** What a check came to, as plain data: what `--json` prints, and what every other output is written from. */
import { relative, resolve } from 'node:path';
import { figurePath, isTraceMetric } from '../experiment/index.js';
import type { CheckedClaim, CheckResult } from '../experiment/index.js';
import { defaultRunName, packageVersion, shellWord } from '../runtime/index.js';
import type { CheckRequest } from './check-request.js';

/** One assertion with its verdict. */
export interface AssertionReport {
  assertion: string;
  doc?: string;
  /** Where it stands, if in a file of the user's. */
  file?: string;
  line?: number;
  metric: string;
  /** Of the metric; estimate and bounds of a share are fractions of runs. */
  unit: string;
  /** `mean`, `median`, `min`, `max`, `share` or a quantile such as `p99`. */
  statistic: string;
  comparison: string;
  threshold: number;
  verdict: 'pass' | 'fail' | 'undecided';
  /** Null where there is none. */
  estimate: number | null;
  /** One-sided bounds; null where there is none. */
  low: number | null;
  high: number | null;
  /** Runs it rests on. */
  n: number;
  /** Of the runs, those in which the metric is undefined. */
  undefinedRuns: number;
  /** If undecided: runs in which it can be decided at best, and why it is not. */
  needs?: number;
  reason?: string;
  /** Of a maximum or minimum that holds in the runs made: the share of seeds in which it does not, at most. */
  violatingShareMax?: number;
  /** Runs whose own value is on the wrong side; the first twenty seeds. */
  violations: { count: number; seeds: number[] };
  /** The run furthest on the wrong side, or nearest to it, and the command that repeats it. */
  worst: WorstRun | null;
}

/** A run, and how to see its value again. */
export interface WorstRun {
  seed: number;
  value: number;
  replay: string;
  /** Path of the value in what the command prints with `--json`. */
  path?: string;
  /** Else the command that measures the value, on the folder which the first leaves or anew. */
  measure?: string;
}

/** A check with its verdicts. */
export interface CheckReport {
  scenario: string;
  version: string;
  verdict: CheckResult['verdict'];
  interrupted: boolean;
  confidence: number;
  /** Seed of the first run. */
  seed: number;
  /** Runs that have ended, failed ones included. */
  runs: number;
  /** Most runs that could be made. */
  budget: number;
  assertions: AssertionReport[];
  /** The first twenty. */
  failed: { count: number; runs: { seed: number; code: string; reason: string; replay: string }[] };
  wallSeconds: number;
  runsPerSecond: number;
  /** Command that gives the same verdicts. */
  repeat: string;
}

const FAILED_MAX = 20;

/** Writes a result down. */
export function checkReport(request: CheckRequest, result: CheckResult): CheckReport {
  const { check, run } = request;
  const failed = result.failed.slice(0, FAILED_MAX).map((one) => ({ ...one, replay: run.repeatOn(one.seed) }));
  return {
    scenario: run.run.scenario.name,
    version: packageVersion,
    verdict: result.verdict,
    interrupted: result.interrupted,
    confidence: check.confidence,
    seed: check.seed,
    runs: result.runs,
    budget: check.budget,
    assertions: result.claims.map((one) => assertionReport(request, one)),
    failed: { count: result.failed.length, runs: failed },
    wallSeconds: result.wallSeconds,
    runsPerSecond: result.runs / Math.max(result.wallSeconds, 1e-3),
    repeat: repeatCommand(request),
  };
}

function assertionReport(request: CheckRequest, checked: CheckedClaim): AssertionReport {
  const { claim, violations, needs, reason, violatingShareMax } = checked;
  const { metric, assertion, doc, at, text } = claim;
  const { source } = request.run;
  const isInFile = at !== undefined && source.kind === 'file';
  const place = isInFile ? { file: repositoryPath(source.place), line: at.line } : {};
  return {
    assertion: text,
    ...(doc === undefined ? {} : { doc }),
    ...place,
    metric: metric.name,
    unit: metric.unit,
    statistic: claim.claimed.statistic,
    comparison: assertion.comparison,
    threshold: assertion.threshold.value,
    verdict: checked.verdict,
    estimate: finite(checked.estimate),
    low: finite(checked.low),
    high: finite(checked.high),
    n: checked.n,
    undefinedRuns: checked.undefinedRuns,
    ...(needs === undefined ? {} : { needs }),
    ...(reason === undefined ? {} : { reason }),
    ...(violatingShareMax === null ? {} : { violatingShareMax }),
    violations: { count: violations.count, seeds: violations.seeds },
    worst: violations.worst === null ? null : worstRun(request, metric.name, violations.worst),
  };
}

function worstRun({ run }: CheckRequest, metric: string, { seed, value }: { seed: number; value: number }): WorstRun {
  const replay = run.repeatOn(seed);
  const path = figurePath(metric);
  if (path !== null) return { seed, value, replay, path };
  if (!isTraceMetric(metric)) {
    const again = replay.replace(/^stampede run /, 'stampede check ');
    const ask = shellWord(`${metric} max <= ${value}`);
    return { seed, value, replay, measure: `${again} --seeds 1 --assert ${ask} --json` };
  }
  const folder = `runs/${defaultRunName({ ...run.run, seed })}`;
  return { seed, value, replay, measure: `stampede metrics --run ${shellWord(folder)} --json` };
}

function repeatCommand({ check, run }: CheckRequest): string {
  const words = [run.repeat.replace(/^stampede run /, 'stampede check ')];
  words.push(check.isFixed ? `--seeds ${check.budget}` : `--budget ${check.budget}`);
  words.push(`--confidence ${check.confidence}`);
  for (const { text, at } of check.claims) if (at === undefined) words.push(`--assert ${shellWord(text)}`);
  return words.join(' ');
}

/** GitHub names files from the root of what was checked out. */
function repositoryPath(place: string): string {
  return relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), resolve(place));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
