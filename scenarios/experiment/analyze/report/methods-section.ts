/** Methods, in the words a paper needs. */
import type { Analysis } from '../analysis.js';
import { designWords, replicateWords } from '../design-words.js';
import { countText } from '../number-words.js';
import type { Section } from './document.js';

/** Writes the methods. */
export function methodsSection(analysis: Analysis): Section {
  const paragraphs = [
    ['Design and runs', runsText(analysis)],
    ['Intervals', intervalText(analysis)],
    ['Effects', effectText(analysis)],
    ['Variants', testText(analysis)],
    ['Program', programText(analysis)],
  ];
  return {
    id: 'methods',
    title: 'Methods',
    blocks: paragraphs.filter(([, text]) => text !== '').map(([lead, text]) => ({ kind: 'text', lead, text })),
  };
}

function runsText({ runs: { plan }, manifest }: Analysis): string {
  const { study } = plan;
  const outcomes = study.primary.length === 0
    ? 'No outcome was declared beforehand; all that follows is exploratory.'
    : `${countText(study.primary.length, 'primary outcome was', 'primary outcomes were')} declared before the runs: ${study.primary.map((one) => `${one.statistic} of ${one.metric}${one.above === undefined ? '' : ` above ${one.above}`}`).join('; ')}.`;
  const variants = plan.variants > 1 ? ` for each of ${countText(plan.variants, 'variant')} (${study.variants.map((one) => one.name).join(', ')})` : '';
  const last = study.seed + plan.replicates - 1;
  return [
    `The design is ${designWords(plan)}, with ${replicateWords(plan)} of every point${variants}: ${countText(manifest.runs.present, 'run')}.`,
    `Replicate k runs on seed ${study.seed} + k (${study.seed} to ${last}), the same at every point and for every variant: common random numbers.`,
    'Draws are counter-based (Philox4x32-10; Salmon et al. 2011), keyed by agent and purpose, so that what a variant adds or removes does not shift the draws of anybody else.',
    `Stopping rule, fixed before the first run: ${manifest.plan.stopping}.`,
    plan.rule === null ? '' : 'Sequential stopping covers a little less often than it says (about .94 for .95 with skewed values; Law & Kelton 2000).',
    outcomes,
  ].filter((one) => one !== '').join(' ');
}

function intervalText({ runs: { plan } }: Analysis): string {
  const percent = `${Number((100 * plan.study.confidence).toPrecision(6))} %`;
  const isSeed = plan.design.unit === null;
  const unit = isSeed
    ? 'Runs that share a seed are not independent, so intervals over several points take seeds as the units: Student\'s t of the contributions of seeds to the mean over points, with one degree of freedom less than seeds.'
    : 'Points were drawn, so intervals take them (whole trajectories, or rows of the scheme) as the units: Student\'s t of their contributions to the mean; they are conditional on the seeds used, and wide for designs that spread points evenly.';
  return [
    `All intervals have ${percent} confidence. The statistical unit is the run; liquidations within a run are never counted as independent. ${unit}`,
    'At a single point, means have Student\'s intervals over runs, shares Wilson\'s, quantiles those of order statistics.',
    'Quantiles over several points, and the reproduction number pooled over runs (ratio of sums of children and liquidations), have BCa bootstrap intervals over the same units (Efron 1987).',
    'Means of values above 0 whose tail index by Hill lies below 2 are replaced by medians.',
  ].join(' ');
}

function effectText({ runs: { plan }, results, phases, critical, searches }: Analysis): string {
  const parts: string[] = [];
  const [first] = results;
  if (plan.study.factors.length > 0) {
    parts.push('The effect of a factor is the outcome at a level, averaged over the other factors; the change from first to last level pairs what the levels share.');
    if (first?.effects.factors.some((one) => one.binned)) parts.push('Factors that take many values are cut into fifths of equal count.');
  }
  if (first?.effects.rSquared !== null && first !== undefined) {
    parts.push('Standardised regression coefficients and partial rank correlations (McKay, Beckman & Conover 1979) use the mean of each point\'s replicates; percentile bootstrap over points.');
  }
  if (first?.sensitivity.sobol !== null && first !== undefined) {
    parts.push('First-order indices are the estimator of Janon et al. 2014, total indices that of Jansen 1999, on the mean of each point\'s replicates; percentile bootstrap over rows, which is conservative for a Sobol sequence.');
  }
  if (first?.sensitivity.morris !== null && first !== undefined) {
    parts.push('μ* is the mean absolute elementary effect, σ its standard deviation, per unit of the factor\'s range on the scale it is drawn on; percentile bootstrap over trajectories.');
  }
  if (plan.replicates > 1) parts.push('The share of the seed (aleatory) is that of seeds and of seeds by points in a two-way random-effects decomposition of points that have all seeds (Searle, Casella & McCulloch 1992), with intervals from a jackknife over units.');
  if (phases.length > 0 || critical.some((one) => one.crossing.direction !== null)) {
    parts.push('Boundaries lie where the outcome, linear between levels, crosses its level (1 of a reproduction number, 1/2 of a probability); their intervals are percentiles of a bootstrap that draws units whole, 400 resamples. Dashed lines bound the cells of which the bootstrap cannot say on which side they lie.');
  }
  if (searches.length > 0) parts.push('Critical points are where the reproduction number of early generations, before a tenth of the traders has fallen, rises through 1 (Harris 1963); second opinions are the peaks of cascades that take less than a fifth of the traders, and the onset of those that take more. 400 resamples of seeds.');
  return parts.join(' ');
}

function testText({ differences, runs: { plan } }: Analysis): string {
  if (plan.variants < 2) return '';
  const primary = differences.filter((one) => one.primary).length;
  return [
    `Variants are compared with ${plan.study.variants[0].name} pair by pair on the same seeds: mean difference by unit, Student's paired t.`,
    `p-values of ${countText(primary, 'primary comparison')} are adjusted by Holm 1979, those of ${countText(differences.length - primary, 'other figure')} that moved by Benjamini & Hochberg 1995.`,
    'Outcomes that are quantiles are compared by means. The variance ratio, (Var A + Var B) / Var(A − B) within points, is how many times the runs independent seeds would have needed.',
    'With as many runs as a simulation can have, significance alone says little: read the size of a difference.',
  ].join(' ');
}

function programText({ manifest: { host, study, begunAt, endedAt, wallSecondsOfRuns, sha256 } }: Analysis): string {
  const { version, commit, dirty } = host.package;
  const source = commit === null ? 'released package' : `commit ${commit}${dirty === true ? ' with local changes' : ''}`;
  return [
    `Made with Stampede ${version} (${source}), Node ${host.node} (V8 ${host.v8}), ${host.platform} ${host.arch}, ${host.cpu}, from ${begunAt} to ${endedAt}; ${Math.round(wallSecondsOfRuns)} s of runs.`,
    `Inputs: study digest ${study.digest}, design ${study.designDigest}; manifest ${sha256}. Equal inputs give equal state hashes and equal bytes of the table of runs, on any machine.`,
  ].join(' ');
}
