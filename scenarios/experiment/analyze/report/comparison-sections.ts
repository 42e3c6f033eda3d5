/** Sections on variants, phases, boundaries and convergence. */
import type { Analysis } from '../analysis.js';
import { heatMap, runningChart } from '../figures/index.js';
import { signed } from '../findings.js';
import { chanceText, countText, estimateText, figureText, intervalText, shareText } from '../number-words.js';
import type { CriticalSearch } from '../critical-search.js';
import type { VariantDifference } from '../paired-variants.js';
import type { Block, ReportTable, Section } from './document.js';

/** Figures that were not declared, told at most; all are in analysis.json. */
const REST_MAX = 25;
const UNDEFINED_MAX = 12;

/** Variants against the first, seed by seed. */
export function variantSection({ differences, runs }: Analysis): Section | null {
  if (differences.length === 0) return null;
  const [reference] = runs.plan.study.variants;
  const primary = differences.filter((one) => one.primary);
  const rest = differences.filter((one) => !one.primary).sort((a, b) => a.adjusted - b.adjusted);
  const blocks: Block[] = [
    { kind: 'facts', rows: runs.plan.study.variants.map(({ name, doc, set }) => [name, [doc, ...Object.entries(set).map(([path, value]) => `${path} = ${JSON.stringify(value)}`)].filter((one) => one !== '').join('; ') || 'as the base'] as const) },
    differenceTable('primary', `Differences from ${reference.name} in the outcomes, p adjusted by Holm`, primary),
  ];
  if (rest.length > 0) {
    const shown = rest.slice(0, REST_MAX);
    const more = rest.length > shown.length ? `; ${rest.length - shown.length} more in analysis.json` : '';
    blocks.push({ ...differenceTable('secondary', `Differences in all other figures that moved (means), p adjusted by Benjamini & Hochberg${more}`, shown), folded: true });
  }
  return { id: 'variants', title: 'Variants', blocks };
}

function differenceTable(name: string, caption: string, rows: readonly VariantDifference[]): ReportTable {
  return {
    kind: 'table', name, caption, align: 'llrrrrrrr',
    head: ['variant', 'outcome', 'difference', 'interval', 'p', 'adjusted', 'lower / higher', 'pairs (units)', 'variance ratio'],
    rows: rows.map((one) => [
      one.variant, one.label, signed(one.difference), intervalText(one.low, one.high), chanceText(one.pValue), chanceText(one.adjusted),
      `${shareText(one.below)} / ${shareText(one.above)}`, `${one.pairs} (${one.units})`, Number.isFinite(one.correlation) ? figureText(one.varianceRatio) : '–',
    ]),
  };
}

/** Heat maps with boundaries, and where the boundaries lie. */
export function phaseSection({ phases, critical, searches, runs }: Analysis): Section | null {
  if (phases.length === 0 && critical.length === 0) return null;
  const { confidence } = runs.plan.study;
  const blocks: Block[] = [];
  const figures = phases.map((one, k) => heatMap(one, confidence, `phase-${k + 1}`));
  if (figures.length > 0) blocks.push({ kind: 'figures', figures });
  if (critical.length > 0) {
    blocks.push({
      kind: 'table', name: 'critical', caption: 'Where a factor takes an outcome through its level, over all values of the other factors', align: 'lllrrrrr',
      head: ['outcome', 'variant', 'factor', 'level', 'crossed at', 'interval', 'resamples that cross', 'values'],
      rows: critical.map(({ outcome, derived, variant, factor, level, crossing: { control, low, high, found, direction }, least, most }) => [
        outcome + (derived ? ' *' : ''), variant, factor, String(level), direction === null ? 'not' : `${figureText(control)}${direction === 'falls' ? ' (falls)' : ''}`,
        intervalText(low, high), direction === null ? '–' : shareText(found), `${figureText(least)} to ${figureText(most)}`,
      ]),
    });
    if (critical.some((one) => one.derived)) blocks.push({ kind: 'text', text: '* Not declared beforehand: R of the early generations, before a tenth of the traders has fallen, and the chance that one cascade takes a fifth of the accounts at risk.' });
  }
  blocks.push(...searchBlocks(searches));
  const edges = phases.flatMap(({ outcome, variant, x, y, level, boundary }) =>
    boundary.filter((one) => one.crossing.direction !== null).map(({ y: at, crossing: { control, low, high, found, direction } }) => [
      outcome, variant, String(level), `${y.factor} ${at}`, `${x.factor} ${figureText(control)}${direction === 'falls' ? ' (falls)' : ''}`, intervalText(low, high), shareText(found),
    ]),
  );
  if (edges.length > 0) {
    blocks.push({
      kind: 'table', name: 'boundary', caption: 'The boundary row by row of the phase diagrams', align: 'llrllrr', folded: edges.length > 12,
      head: ['outcome', 'variant', 'level', 'at', 'boundary', 'interval', 'resamples that cross'], rows: edges,
    });
  }
  if (critical.some((one) => one.outcome === 'mean reproductionNumber')) {
    blocks.push({ kind: 'text', text: 'The reproduction number of whole cascades stays below 1 however strong the contagion (everybody but the first has a parent): that it does not cross 1 does not show that cascades die out. R of the early generations may pass 1.' });
  }
  return { id: 'phases', title: 'Phases and boundaries', blocks };
}

/** Critical points with their second opinions, and what speaks against them. */
function searchBlocks(searches: readonly CriticalSearch[]): Block[] {
  if (searches.length === 0) return [];
  const place = (one: { control: number; low: number; high: number } | null | undefined): string =>
    one === null || one === undefined || Number.isNaN(one.control) ? '–' : estimateText({ ...one, value: one.control });
  const rows = searches.map(({ factor, variant, found: { primary, secondOpinions, agrees } }) => [
    factor, variant, place(primary), ...OPINIONS.map((name) => place(secondOpinions.find((one) => one.name === name))), primary === null ? '–' : agrees ? 'yes' : 'no',
  ]);
  const warnings = groupedWarnings(searches);
  return [
    {
      kind: 'table', name: 'criticality', caption: 'Critical points: R of early generations, pooled over runs, rises through 1; and second opinions', align: 'llrrrrl',
      head: ['factor', 'variant', 'R = 1', 'peak of mean', 'peak of variance / mean', 'onset of spanning', 'agree'], rows,
    },
    ...(warnings.length === 0 ? [] : [{ kind: 'list' as const, items: warnings }]),
  ];
}

/** Warnings, each once, with where it holds. */
function groupedWarnings(searches: readonly CriticalSearch[]): string[] {
  const places = new Map<string, string[]>();
  for (const { factor, variant, found } of searches) {
    for (const text of found.warnings) places.set(text, [...(places.get(text) ?? []), `${factor} (${variant})`]);
  }
  return [...places].map(([text, where]) => (where.length === searches.length ? `${text}.` : `${where.join(', ')}: ${text}.`));
}

const OPINIONS = ['peak.mean', 'peak.dispersion', 'spanning.onset'] as const;

/** Whether there are enough runs, and what is missing. */
export function convergenceSection({ convergence, outcomes, runs, manifest }: Analysis): Section {
  const { running, rule, failures, undefinedIn } = convergence;
  const figures = outcomes.map(({ label }, k) => runningChart(label, running.filter((one) => one.outcome === label), `running-${k + 1}`)).filter((one) => one !== null);
  const blocks: Block[] = [];
  if (figures.length > 0) blocks.push({ kind: 'figures', figures });
  blocks.push({
    kind: 'table', name: 'precision', caption: 'Precision reached', align: 'llrrr',
    head: ['outcome', 'variant', 'units', 'value', 'half-width / value'],
    rows: running.map(({ outcome, variant, unitName, steps, relative }) => {
      const last = steps[steps.length - 1];
      return [outcome, variant, last === undefined ? '–' : `${last.units} ${unitName}`, figureText(last?.value), Number.isFinite(relative) ? shareText(relative) : '–'];
    }),
  });
  if (rule !== null) {
    blocks.push({ kind: 'text', text: `Of ${countText(rule.reached + rule.short, 'point and variant', 'points and variants')}, ${rule.reached} reached a half-width of ${rule.precision} of the mean of ${rule.metric}; ${rule.short} did not within the most replicates.` });
  }
  const { planned, present, ok, failed } = manifest.runs;
  const missing = runs.plan.sizeMin - present;
  const budget = missing > 0 ? ` The design has ${countText(runs.plan.sizeMin, 'run')}: ${missing} were not made.` : '';
  blocks.push({ kind: 'text', text: `Of ${countText(planned, 'run')} asked for, ${present} are there: ${ok} ended well, ${failed} failed.${budget}` });
  if (failures.length > 0) {
    blocks.push({ kind: 'table', name: 'failures', caption: 'Runs that failed; they count in no estimate', align: 'lr', head: ['reason', 'runs'], rows: failures.slice(0, 20).map((one) => [one.reason, String(one.runs)]) });
  }
  if (undefinedIn.length > 0) {
    const more = undefinedIn.length > UNDEFINED_MAX ? ` ${undefinedIn.length - UNDEFINED_MAX} further figures are undefined in some runs.` : '';
    const shown = undefinedIn.slice(0, UNDEFINED_MAX).map((one) => `${one.metric} ${one.runs}`).join(', ');
    blocks.push({ kind: 'text', text: `Figures that are undefined in runs that ended well, and so left out there (such as a reproduction number without liquidations), with the number of runs: ${shown}.${more}` });
  }
  return { id: 'convergence', title: 'Convergence', blocks };
}
