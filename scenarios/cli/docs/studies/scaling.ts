/** `scale-in-or-out`: each rule over its share of the capital, against a placebo on the same seeds. */
import type { Panel } from './chart.js';
import { crossing, type Estimate, meanAt, overSeeds, pairedRatio, told } from './estimates.js';
import type { StudySection } from './section.js';
import { figureOf, type Row, rowsWhere, valuesOf } from './study-rows.js';

const PLACEBO = 'none';
const NEWS = '-news';
const FALL = 'price.maxDrawdownFraction';
const VOLATILITY = 'volatility';

export const scalingSection: StudySection = {
  study: 'scale-in-or-out',
  columns: ['variant', 'share', 'seed', VOLATILITY, FALL, 'discountMinFraction', 'liquidations.count'],
  design: 'ten rules (one of them a placebo) x two kinds of fall x five shares of the capital.',
  text,
  figure: (rows) => ({
    title: 'Deepest fall and volatility over the share of capital that follows a rule, against a placebo',
    columns: 3,
    panels: rulesOf(rows).map((rule) => panelOf(rows, rule)),
  }),
};

function rulesOf(rows: readonly Row[]): string[] {
  return valuesOf(rows, 'variant').map(String).filter((name) => name !== PLACEBO && !name.endsWith(NEWS));
}

function sharesOf(rows: readonly Row[]): number[] {
  return valuesOf(rows, 'share').map(Number).sort((a, b) => a - b);
}

/** Returns a figure of a rule over that of the placebo, by share. */
function ratios(rows: readonly Row[], rule: string, fall: string, figure: string): Estimate[] {
  return sharesOf(rows).map((share) => {
    const of = (variant: string): number[] =>
      figureOf(rowsWhere(rows, { variant: variant + fall, share }), figure);
    return pairedRatio(of(rule), of(PLACEBO));
  });
}

function panelOf(rows: readonly Row[], rule: string): Panel {
  return {
    title: rule,
    levels: sharesOf(rows).map((share) => `${100 * share} %`),
    levelName: 'share of the levered capital',
    axis: [0.5, 2.5, 0.5],
    reference: 1,
    lines: [
      { label: 'fall, sale', colour: 0, points: ratios(rows, rule, '', FALL) },
      { label: 'volatility, sale', colour: 2, points: ratios(rows, rule, '', VOLATILITY) },
      { label: 'fall, news', colour: 1, points: ratios(rows, rule, NEWS, FALL) },
    ],
  };
}

/**
 * Returns the share at which a rule's mean figure first passes that of the placebo upwards, with
 * its interval and the part of resamples in which it does.
 */
export function turningShare(
  rows: readonly Row[],
  rule: string,
  fall: string,
  figure: string,
): Estimate & { known: number } {
  const shares = sharesOf(rows);
  const values = (variant: string): number[][] =>
    shares.map((share) => figureOf(rowsWhere(rows, { variant: variant + fall, share }), figure));
  const [own, placebo] = [values(rule), values(PLACEBO)];
  let all = 0;
  let found = 0;
  const estimate = overSeeds(own[0].length, (seeds) => {
    const curve = shares.map((_, k) => meanAt(own[k], seeds) / meanAt(placebo[k], seeds));
    const at = crossing([0, ...shares], [1 - 1e-12, ...curve], 1 + 1e-9, 1);
    const turned = crossing(shares, curve, 1, 1);
    const share = curve[0] >= 1 ? at : turned;
    all++;
    if (Number.isFinite(share)) found++;
    return share;
  });
  return { ...estimate, known: found / all };
}

function text(rows: readonly Row[]): string {
  const shares = sharesOf(rows);
  const [low, high] = [shares[0], shares[shares.length - 1]];
  const head = `| rule | fall at ${100 * low} % | at ${100 * high} % | volatility at ${100 * low} % | at ${100 * high} % | fall on news at ${100 * low} % | at ${100 * high} % |`;
  const lines = rulesOf(rows).map((rule) => {
    const [fall, volatility, news] = [
      ratios(rows, rule, '', FALL), ratios(rows, rule, '', VOLATILITY), ratios(rows, rule, NEWS, FALL),
    ];
    const ends = (of: readonly Estimate[]): string[] => [told(of[0], 2), told(of[of.length - 1], 2)];
    return `| ${[rule, ...ends(fall), ...ends(volatility), ...ends(news)].join(' | ')} |`;
  });
  return `${[head, `|${' --- |'.repeat(7)}`, ...lines].join('\n')}`;
}
