/** `scale-in-or-out`: each rule over its share of the capital, against a placebo on the same seeds. */
import type { Panel } from './chart.js';
import { crossing, type Estimate, meanAt, overSeeds, pairedRatio, told } from './estimates.js';
import type { StudySection } from './section.js';
import { figureOf, type Row, rowsWhere, valuesOf } from './study-rows.js';

const PLACEBO = 'none';
const NEWS = '-news';
const FALL = 'price.maxDrawdownFraction';
const VOLATILITY = 'volatility';
/** So that a rise from no effect counts as a crossing. */
const SLIGHT = 1e-9;

export const scalingSection: StudySection = {
  study: 'scale-in-or-out',
  columns: ['variant', 'share', 'seed', VOLATILITY, FALL, 'discountMinFraction', 'liquidations.count'],
  design: 'ten rules (one of them a placebo) x two kinds of fall x five shares of the capital.',
  statement,
  table,
  limits:
    'Ratios to the placebo; beyond 2.5 they stand at the edge of the figure. Falls in the ' +
    'sale are of one per cent, so stops and cushions are hardly touched, and cppi does not ' +
    'trade (its band is a tenth). Bets, grids and trends begin without a position and go both ' +
    'ways, the others begin long: effects across rules compare settings as used, not equal ' +
    'exposures. Why scaling in deepens a fall on news was not isolated. Eight seeds.',
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
 * Returns the share at which a rule's mean figure first passes a multiple of that of the placebo
 * upwards; NaN where it lies above from the least share on, or never does.
 */
export function turningShare(
  rows: readonly Row[],
  rule: string,
  { fall, figure, multiple }: { fall: string; figure: string; multiple: number },
): Estimate {
  const shares = sharesOf(rows);
  const values = (variant: string): number[][] =>
    shares.map((share) => figureOf(rowsWhere(rows, { variant: variant + fall, share }), figure));
  const [own, placebo] = [values(rule), values(PLACEBO)];
  return overSeeds(own[0].length, (seeds) => {
    const curve = shares.map((_, k) => meanAt(own[k], seeds) / meanAt(placebo[k], seeds));
    // Without anybody there is no effect.
    return crossing([0, ...shares], [multiple > 1 ? 1 : 1 - SLIGHT, ...curve], multiple, 1);
  });
}

function statement(rows: readonly Row[]): string {
  const shares = sharesOf(rows);
  const at = (rule: string, share: number, fall = '', figure = FALL): string =>
    told(ratios(rows, rule, fall, figure)[shares.indexOf(share)], 2);
  const turning = (rule: string, fall: string, figure: string, multiple = 1): string =>
    told(turningShare(rows, rule, { fall, figure, multiple }), 0, 100);
  return `Seeds 1000 to 1007 at each point, paired with a placebo, 95 % intervals. What a rule does \
depends on why the price falls. In a sale without news scaling in calms: the fall is \
${at('martingale', 0.1)} times as deep with martingales at 10 % of the capital and \
${at('martingale', 0.6)} at 60, ${at('grid-doubling', 0.6)} with doubling grids. As news comes, \
none calms, and the same rules disturb: ${at('martingale', 0.6, NEWS)} and \
${at('grid-doubling', 0.6, NEWS)} times at 60 %, equal grids ${at('grid-equal', 0.6, NEWS)}. \
Rules that trade with the move never calm. In a sale anti-martingales do nothing at 10 %, \
${at('anti-martingale', 0.1)}, and ${at('anti-martingale', 0.6)} times at 60; they pass 1.1 \
times at ${turning('anti-martingale', '', FALL, 1.1)} % of the capital. Pyramiding doubles the \
fall at 10 %. Stop ladders and volatility targets are mild until many hold them: on news they \
make the fall half as deep again at ${turning('stop-ladder', NEWS, FALL, 1.5)} % and \
${turning('volatility-target', NEWS, FALL, 1.5)} % of the capital, and about twice as deep at \
60. Constant leverage hardly matters, ${at('constant-leverage', 0.6)} and \
${at('constant-leverage', 0.6, NEWS)}. So no rule turned with its share from a fall made clearly \
shallower to one made clearly deeper; three turn with the kind of fall.`;
}

function table(rows: readonly Row[]): string {
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
