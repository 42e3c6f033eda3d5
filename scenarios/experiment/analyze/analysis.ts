/** Everything that is computed from a study, before anybody writes it down. */
import { RandomSource } from '../../../sim/kernel/index.js';
import { checkedTables, planOfFile } from '../store/index.js';
import type { StudyManifest } from '../store/index.js';
import { crossingOf, NO_CROSSING } from './boundary.js';
import type { Crossing } from './boundary.js';
import { cellTable } from './cell-table.js';
import { criticalSearches } from './critical-search.js';
import type { CriticalSearch } from './critical-search.js';
import { convergenceOf } from './convergence.js';
import type { Convergence } from './convergence.js';
import { effectsOf } from './effects.js';
import type { Effects } from './effects.js';
import { factorLevels } from './factor-levels.js';
import { contagionOutcomes, outcomesOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import { variantDifferences } from './paired-variants.js';
import type { VariantDifference } from './paired-variants.js';
import { phaseDiagrams } from './phase-diagram.js';
import type { PhaseDiagram } from './phase-diagram.js';
import { estimateRatio, isPooled, ratioSampleOf } from './pooled-ratio.js';
import { sampleOf, unitKindOf, unitNameOf } from './sample.js';
import { estimateSample } from './sample-estimate.js';
import type { EstimateTerms, OutcomeEstimate } from './sample-estimate.js';
import { sensitivityOf } from './sensitivity.js';
import type { Sensitivity } from './sensitivity.js';
import { OK, readRuns } from './study-runs.js';
import type { StudyRuns } from './study-runs.js';

/** An outcome of one variant with all that is known of it. */
export interface OutcomeResult {
  outcome: Outcome;
  variant: string;
  overall: OutcomeEstimate;
  /** The reproduction number pooled over runs, where the outcome is its mean. */
  pooled: OutcomeEstimate | null;
  /** By point, where points are few. */
  points: { point: number; values: readonly unknown[]; estimate: OutcomeEstimate }[];
  effects: Effects;
  sensitivity: Sensitivity;
}

/** Where a factor takes an outcome through its level, over all values of the other factors. */
export interface CriticalSetting {
  factor: string;
  unit: string;
  outcome: string;
  derived: boolean;
  variant: string;
  level: number;
  crossing: Crossing;
  /** Part of the variant's runs that have the figure: below a half, no crossing is told. */
  defined: number;
  /** Smallest and largest value over the factor's levels. */
  least: number;
  most: number;
}

/** The analysis of a study. */
export interface Analysis {
  manifest: StudyManifest;
  runs: StudyRuns;
  outcomes: Outcome[];
  results: OutcomeResult[];
  differences: VariantDifference[];
  phases: PhaseDiagram[];
  critical: CriticalSetting[];
  searches: CriticalSearch[];
  convergence: Convergence;
}

/** Points that are told one by one at most. */
const POINTS_MAX = 12;

/**
 * Analyses the study of a folder. Equal tables give equal analyses: resampling has a seed of its own.
 *
 * @param metric figure to look at in place of the declared outcomes
 * @throws UserError `study/...`, `metric/unknown`, `study/empty`
 */
export async function analyzeStudy(folder: string, metric?: string): Promise<Analysis> {
  const manifest = checkedTables(folder);
  const plan = planOfFile(manifest.study);
  const runs = await readRuns(folder, plan);
  const outcomes = outcomesOf(runs, metric);
  const levels = factorLevels(plan);
  const termsOf = (name: string): EstimateTerms => ({
    unit: unitKindOf(plan),
    unitName: unitNameOf(plan),
    blockSize: plan.design.blockSize,
    confidence: plan.study.confidence,
    stream: new RandomSource(plan.study.seed).stream(`analysis/${name}`),
  });
  const results = outcomes.flatMap((outcome) =>
    plan.study.variants.map(({ name }, variant): OutcomeResult => {
      const terms = termsOf(`${outcome.label}/${name}`);
      const sample = sampleOf(plan, runs.values(outcome.metric.name), { variant });
      return {
        outcome,
        variant: name,
        overall: estimateSample(sample, outcome.statistic, terms),
        pooled: isPooled(outcome) ? estimateRatio(ratioSampleOf(runs, outcome.metric.name, { variant }), terms) : null,
        points: pointEstimates(runs, outcome, variant, terms),
        effects: effectsOf(runs, outcome, variant, { levels, terms }),
        sensitivity: sensitivityOf(runs, outcome, variant, terms),
      };
    }),
  );
  const further = metric === undefined ? contagionOutcomes(plan, outcomes) : [];
  const shown = [...outcomes, ...further];
  return {
    manifest,
    runs,
    outcomes,
    results,
    differences: variantDifferences(runs, outcomes),
    phases: phaseDiagrams(runs, shown, termsOf('phase'), outcomes),
    critical: criticalSettings(runs, shown, termsOf('critical'), outcomes),
    searches: metric === undefined ? criticalSearches(runs) : [],
    convergence: convergenceOf(runs, outcomes, termsOf('convergence')),
  };
}

function pointEstimates(runs: StudyRuns, outcome: Outcome, variant: number, terms: EstimateTerms): OutcomeResult['points'] {
  const { plan } = runs;
  if (plan.points > POINTS_MAX) return [];
  const values = runs.values(outcome.metric.name);
  return plan.design.points.map((one, point) => {
    const sample = sampleOf(plan, values, { variant, isIn: (other) => other === point });
    return { point, values: one.values, estimate: estimateSample(sample, outcome.statistic, terms) };
  });
}

/** What is undefined in most runs is known of a few alone, which are not like the rest. */
export const DEFINED_MIN = 0.5;

/** Returns the part of a variant's runs that ended by themselves and have an outcome's figure. */
function definedShare({ plan, status, values }: StudyRuns, { metric }: Outcome, variant: number): number {
  const figures = values(metric.name);
  let [known, all] = [0, 0];
  for (let index = 0; index < plan.size; index++) {
    if (plan.placeOf(index).variant !== variant || status[index] !== OK) continue;
    all++;
    if (!Number.isNaN(figures[index])) known++;
  }
  return all === 0 ? 0 : known / all;
}

function criticalSettings(
  runs: StudyRuns,
  outcomes: readonly Outcome[],
  terms: EstimateTerms,
  declared: readonly Outcome[],
): CriticalSetting[] {
  const { plan } = runs;
  if (plan.design.blockSize > 1) return [];
  const axes = factorLevels(plan).filter((one) => one.isNumber && one.levels.length > 1);
  return outcomes.flatMap((outcome) => {
    const { level } = outcome;
    if (level === null) return [];
    return axes.flatMap((x) =>
      plan.study.variants.map(({ name }, variant): CriticalSetting => {
        const cells = cellTable(runs, outcome, variant, { axes: { x }, terms });
        const controls = x.levels.map((one) => one.control);
        const defined = definedShare(runs, outcome, variant);
        const known = Array.from(cells.value).filter((one) => !Number.isNaN(one));
        return {
          factor: x.name,
          unit: x.unit,
          outcome: outcome.label,
          derived: !declared.includes(outcome),
          variant: name,
          level,
          crossing:
            defined < DEFINED_MIN
              ? NO_CROSSING
              : crossingOf(controls, cells, { row: 0, level, confidence: terms.confidence }),
          defined,
          least: known.length === 0 ? NaN : Math.min(...known),
          most: known.length === 0 ? NaN : Math.max(...known),
        };
      }),
    );
  });
}
