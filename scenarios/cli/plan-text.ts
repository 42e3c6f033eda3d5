/** What a sweep would do, for people and for programs. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countSelected, estimateCost, openStore, readStudyFile, studyFileName } from '../experiment/index.js';
import type { Shard, StudyPlan } from '../experiment/index.js';
import { bytes, short, span, whole } from './number-text.js';
import { paint } from './terminal.js';

/** What limits a sweep. */
interface PlanLimits {
  out: string;
  jobs: number;
  budget: number | undefined;
  shard: Shard | undefined;
}

/** Describes a plan; units are in the keys. Touches no file. */
export function planFacts(plan: StudyPlan, limits: PlanLimits) {
  const { study, design } = plan;
  const runs = countSelected(plan, limits);
  const present = countPresent(plan, limits.out);
  const estimate = estimateCost(plan, Math.max(0, runs - present), limits.jobs);
  return {
    study: study.name,
    question: study.question,
    base: plan.subject.kind === 'function' ? plan.subject.name : plan.subject.scenario.name,
    digest: plan.digest,
    design: {
      kind: study.design.kind,
      points: plan.points,
      blockSize: design.blockSize,
      digest: plan.designDigest,
    },
    factors: study.factors.map((factor, i) => ({
      name: factor.name,
      paths: factor.path === undefined ? (factor.sets ?? []).map((one) => one.path) : [factor.path],
      values: factor.values ?? null,
      range: factor.range ?? null,
      transform: factor.transform,
      levels: new Set(design.points.map((one) => one.values[i])).size,
    })),
    variants: study.variants.map((one) => one.name),
    replicates: study.replicates,
    seeds: { first: study.seed, last: plan.seedOf(plan.replicates - 1) },
    primary: study.primary,
    runs,
    runsOfDesign: plan.sizeMin,
    runsMax: plan.size,
    runsPresent: present,
    estimatedWallSeconds: estimate.wallSeconds,
    estimatedBytes: estimate.bytes,
    estimateBasis: estimate.basis,
    jobs: limits.jobs,
    out: limits.out,
  };
}

function countPresent(plan: StudyPlan, out: string): number {
  const file = join(resolve(out), studyFileName);
  if (!existsSync(file)) return 0;
  try {
    if (readStudyFile(file).digest !== plan.digest) return 0;
  } catch {
    // A damaged folder is told when the sweep would write to it.
    return 0;
  }
  const store = openStore(plan, resolve(out));
  store.close();
  return store.count;
}

const LABEL_COLUMNS = 14;

/** Writes a plan, at most 20 lines where factors are few. */
export function planText(facts: ReturnType<typeof planFacts>): string {
  const { design, replicates, runs, runsOfDesign, runsMax, runsPresent } = facts;
  const rows: [string, string][] = [
    ...(facts.question === '' ? [] : [['question', facts.question.trim()] as [string, string]]),
    ['base', facts.base],
    ...facts.factors.map((one): [string, string] => ['factor', factorText(one)]),
    ['design', `${design.kind}, ${whole(design.points)} points${design.blockSize > 1 ? ` in blocks of ${design.blockSize}` : ''}`],
    ...(facts.variants.length > 1 ? [['variants', facts.variants.join(', ')] as [string, string]] : []),
    ['replicates', replicatesText(replicates, facts.seeds)],
    ...facts.primary.map((one): [string, string] => ['outcome', outcomeText(one)]),
    ['runs', runsText(runs, runsOfDesign, runsMax, runsPresent)],
    ['time', `about ${span(Math.ceil(facts.estimatedWallSeconds))} on ${facts.jobs} at a time (rough: ${facts.estimateBasis})`],
    ['disk', `about ${bytes(facts.estimatedBytes)} in ${facts.out}`],
    ['digest', facts.digest],
  ];
  const title = paint('bold', `${facts.study}: nothing was run`);
  return [title, ...rows.map(([label, text]) => `${paint('dim', label.padEnd(LABEL_COLUMNS))}${text}`)].join('\n');
}

function factorText({ name, paths, values, range, transform, levels }: ReturnType<typeof planFacts>['factors'][number]): string {
  const what = values === null ? `${(range ?? [0, 1]).join(' to ')}${transform === 'linear' ? '' : ` (${transform})`}` : values.map(String).join(', ');
  return `${name}: ${what.length > 60 ? `${what.slice(0, 57)}...` : what}; ${whole(levels)} different, sets ${paths.join(', ')}`;
}

function replicatesText(replicates: ReturnType<typeof planFacts>['replicates'], { first, last }: { first: number; last: number }): string {
  const seeds = `seeds ${first} to ${last}, the same at every point`;
  if (typeof replicates === 'number') return `${whole(replicates)} (${seeds})`;
  const { metric, precision, min, max } = replicates;
  return `${min} to ${max}, until the mean of ${metric} is known to ${short(100 * precision)} % (${seeds})`;
}

function outcomeText({ metric, statistic, above }: ReturnType<typeof planFacts>['primary'][number]): string {
  return statistic === 'share' ? `P(${metric} > ${above})` : `${statistic} of ${metric}`;
}

function runsText(runs: number, ofDesign: number, most: number, present: number): string {
  const parts = [whole(runs)];
  if (runs < ofDesign) parts.push(`of ${whole(ofDesign)} in the design`);
  if (most > ofDesign) parts.push(`at least, ${whole(most)} at most`);
  if (present > 0) parts.push(`(${whole(present)} are there already)`);
  return parts.join(' ');
}
