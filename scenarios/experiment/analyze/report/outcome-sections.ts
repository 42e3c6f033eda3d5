/** Sections on outcomes, effects and sensitivity. */
import type { Analysis, OutcomeResult } from '../analysis.js';
import { levelChart, morrisChart, shareBars } from '../figures/index.js';
import type { Figure } from '../figures/index.js';
import { estimateText, figureText, intervalText, shareText } from '../number-words.js';
import type { OutcomeEstimate } from '../sample-estimate.js';
import type { Block, ReportTable, Section } from './document.js';

/** The outcomes by variant, and by point where points are few. */
export function outcomeSection({ results, runs }: Analysis): Section {
  const row = (label: string, variant: string, unit: string, estimate: OutcomeEstimate): string[] => [
    label, variant, figureText(estimate.value), intervalText(estimate.low, estimate.high), unit,
    String(estimate.runs), estimate.interval === 'none' ? '–' : `${estimate.interval}, n = ${estimate.units}`,
  ];
  const rows = results.flatMap(({ outcome, variant, overall, pooled }) => {
    const own = [row(outcome.label + (outcome.declared ? '' : ' *'), variant, outcome.unit, overall)];
    if (pooled !== null) own.push(row(`${outcome.metric.name}, ratio of sums`, variant, outcome.unit, pooled));
    return own;
  });
  const blocks: Block[] = [
    {
      kind: 'table', name: 'outcomes', caption: 'Outcomes over the points of the design', align: 'llrrlrl',
      head: ['outcome', 'variant', 'value', 'interval', 'unit', 'runs', 'interval by'], rows,
    },
  ];
  if (results.some((one) => !one.outcome.declared)) {
    blocks.push({ kind: 'text', text: '* Not declared before the runs were made: exploratory.' });
  }
  const tails = tailText(results);
  if (tails !== null) blocks.push({ kind: 'text', text: tails });
  if (results.some((one) => one.points.length > 1)) blocks.push(pointTable(results, runs.plan.study.factors.map((one) => one.name)));
  return { id: 'outcomes', title: 'Outcomes', blocks };
}

function tailText(results: readonly OutcomeResult[]): string | null {
  const told = new Set<string>();
  for (const { outcome: { label, tail } } of results) {
    if (tail === null) continue;
    const { wide, narrow } = tail.hill;
    const index = `${figureText(wide.value)} from the largest 5 %, ${figureText(narrow.value)} from the largest 1 %`;
    if (tail.replaced !== null) {
      told.add(`The tail of the outcome is heavy (Hill's index ${index}): its mean has no finite error, so ${label} stands in for ${tail.replaced}.`);
    } else told.add(`Hill's index of the values above 0 of ${label}: ${index}.`);
  }
  return told.size === 0 ? null : [...told].join(' ');
}

function pointTable(results: readonly OutcomeResult[], factors: readonly string[]): ReportTable {
  const rows = results.flatMap(({ outcome, variant, points }) =>
    points.map(({ values, estimate }) => [
      outcome.label, variant, ...values.map((one) => (typeof one === 'number' ? figureText(one) : String(one))),
      figureText(estimate.value), intervalText(estimate.low, estimate.high), String(estimate.runs),
    ]),
  );
  return {
    kind: 'table', name: 'points', caption: 'Outcomes point by point', align: `ll${'r'.repeat(factors.length)}rrr`,
    head: ['outcome', 'variant', ...factors, 'value', 'interval', 'runs'], rows, folded: rows.length > 12,
  };
}

/** What factors do, in figures and as contrasts. */
export function effectSection({ results, outcomes, runs }: Analysis): Section | null {
  if (runs.plan.study.factors.length === 0) return null;
  const blocks: Block[] = [];
  outcomes.forEach((outcome, o) => {
    const own = results.filter((one) => one.outcome === outcome);
    const figures = own[0].effects.factors.map((_, f) => {
      const series = own.map(({ variant, effects }) => ({ variant, effect: effects.factors[f] }));
      return levelChart(outcome.label, outcome.unit, series, `effect-${o + 1}-${f + 1}`);
    });
    blocks.push({ kind: 'figures', figures });
  });
  const hasTrends = results.some((one) => one.effects.rSquared !== null);
  const rows = results.flatMap(({ outcome, variant, effects }) =>
    effects.factors.map(({ factor, contrast, rank, regression }) => [
      outcome.label, variant, factor,
      contrast === null ? '–' : `${contrast.from} → ${contrast.to}`,
      contrast === null ? '–' : figureText(contrast.value),
      contrast === null ? '–' : intervalText(contrast.low, contrast.high),
      ...(hasTrends ? [rank === null ? '–' : estimateText(rank), regression === null ? '–' : estimateText(regression)] : []),
    ]),
  );
  blocks.push({
    kind: 'table', name: 'effects', caption: 'Effects of factors: outcome at the last level less that at the first, over all values of the others',
    align: `llllrr${hasTrends ? 'rr' : ''}`,
    head: ['outcome', 'variant', 'factor', 'from → to', 'change', 'interval', ...(hasTrends ? ['rank correlation', 'regression'] : [])],
    rows,
  });
  const fits = results.flatMap(({ outcome, variant, effects: { rSquared } }) =>
    rSquared === null ? [] : [`${outcome.label}, ${variant}: a linear model accounts for ${shareText(rSquared.linear)} of the variance between points, one of ranks for ${shareText(rSquared.ranks)}.`],
  );
  if (fits.length > 0) blocks.push({ kind: 'list', items: fits });
  return { id: 'effects', title: 'Effects of factors', blocks };
}

/** Sensitivity indices, and the share of the seed. */
export function sensitivitySection({ results }: Analysis): Section | null {
  const figures: Figure[] = [];
  const blocks: Block[] = [];
  results.forEach(({ outcome, variant, sensitivity }, k) => {
    const drawn = [shareBars(outcome.label, variant, sensitivity, `sobol-${k + 1}`), morrisChart(outcome.label, variant, sensitivity, `morris-${k + 1}`)];
    figures.push(...drawn.filter((one) => one !== null));
  });
  if (figures.length > 0) blocks.push({ kind: 'figures', figures });
  const sobol = results.flatMap(({ outcome, variant, sensitivity: { axes, sobol: found } }) =>
    found === null ? [] : axes.map((axis, k) => [
      outcome.label, variant, axis, figureText(found.first[k].value), intervalText(found.first[k].low, found.first[k].high),
      figureText(found.total[k].value), intervalText(found.total[k].low, found.total[k].high), `${found.rows}${found.dropped > 0 ? ` (${found.dropped} left out)` : ''}`,
    ]),
  );
  if (sobol.length > 0) {
    blocks.push({
      kind: 'table', name: 'sobol', caption: 'Shares of the variance between points', align: 'lllrrrrr',
      head: ['outcome', 'variant', 'factor', 'first order', 'interval', 'total', 'interval', 'rows'], rows: sobol,
    });
  }
  const morris = results.flatMap(({ outcome, variant, sensitivity: { axes, morris: found } }) =>
    found === null ? [] : axes.map((axis, k) => {
      const { mu, muStar, sigma } = found.effects[k];
      return [outcome.label, variant, axis, ...[muStar, sigma, mu].flatMap((one) => [figureText(one.value), intervalText(one.low, one.high)]), String(found.trajectories)];
    }),
  );
  if (morris.length > 0) {
    blocks.push({
      kind: 'table', name: 'morris', caption: 'Elementary effects per unit of a factor\'s range', align: 'lllrrrrrrr',
      head: ['outcome', 'variant', 'factor', 'μ*', 'interval', 'σ', 'interval', 'μ', 'interval', 'trajectories'], rows: morris,
    });
  }
  const seeds = results.flatMap(({ outcome, variant, sensitivity: { aleatory } }) =>
    aleatory === null ? [] : [[outcome.label, variant, shareText(aleatory.value), `[${shareText(aleatory.low)}, ${shareText(aleatory.high)}]`]],
  );
  if (seeds.length > 0) {
    blocks.push({
      kind: 'table', name: 'aleatory', caption: 'Share of the variance of a single run that the seed accounts for (aleatory); the rest lies between points',
      align: 'llrr', head: ['outcome', 'variant', 'share', 'interval'], rows: seeds,
    });
  }
  return blocks.length === 0 ? null : { id: 'sensitivity', title: 'Sensitivity', blocks };
}
