/** `homogeneity-ml`: a market of learned models, from each its own to one for all. */
import type { Panel } from './chart.js';
import { type Estimate, meanOf, pairedRatio, quantileEstimate, shareAbove, told } from './estimates.js';
import type { StudySection } from './section.js';
import { figureOf, type Row, rowsWhere, valuesOf } from './study-rows.js';

const FALL = 'price.maxDrawdownFraction';
const CROWDING = 'timeCrowding';
const VOLATILITY = 'volatility';
/** A fall twice as deep as that of the index and more. */
const RUNAWAY = 0.09;
const MODELS = ['forest', 'hmm'];

export const homogeneitySection: StudySection = {
  study: 'homogeneity-ml',
  columns: [
    'variant', 'monoculture', 'seed', VOLATILITY, FALL, CROWDING, 'liquidations.notionalQuote',
    'discountMinFraction',
  ],
  design: 'share of the models that are one (four levels) x two kinds of model.',
  statement,
  table,
  limits:
    'Ratios of means beside a run-away hold little; their intervals show it. A model is ' +
    'trained on at most two hours of bars of one minute, three times a run: far from what a ' +
    'fund would do. All decide on one clock at every share; latencies are their own.',
  figure: (rows) => ({
    title: 'Volatility, tail of the fall and crowding of trade in time over the share that uses one model',
    columns: 3,
    panels: [
      panelOf(rows, 'Volatility a day, %', [0, 16, 4], (own) => scaled(meanOf(figureOf(own, VOLATILITY)))),
      panelOf(rows, 'Fall, 95th percentile of seeds, %', [0, 24, 6], (own) => scaled(quantileEstimate(figureOf(own, FALL), 0.95))),
      panelOf(rows, 'Volume in the busiest twentieth, %', [0, 40, 10], (own) => scaled(meanOf(figureOf(own, CROWDING)))),
    ],
  }),
};

function scaled({ value, low, high }: Estimate): Estimate {
  return { value: 100 * value, low: 100 * low, high: 100 * high };
}

function sharesOf(rows: readonly Row[]): number[] {
  return valuesOf(rows, 'monoculture').map(Number).sort((a, b) => a - b);
}

function panelOf(
  rows: readonly Row[],
  title: string,
  axis: Panel['axis'],
  of: (rows: readonly Row[]) => Estimate,
): Panel {
  const shares = sharesOf(rows);
  return {
    title,
    levels: shares.map((share) => `${Math.round(100 * share)} %`),
    levelName: 'share that uses one model',
    axis,
    lines: MODELS.map((variant, k) => ({
      label: variant,
      colour: k,
      points: shares.map((monoculture) => of(rowsWhere(rows, { variant, monoculture }))),
    })),
  };
}

/** Returns the mean of a figure with one model over that with each its own. */
export function monocultureRatio(rows: readonly Row[], variant: string, figure: string): Estimate {
  const shares = sharesOf(rows);
  const at = (monoculture: number): number[] => figureOf(rowsWhere(rows, { variant, monoculture }), figure);
  return pairedRatio(at(shares[shares.length - 1]), at(shares[0]));
}

/** Returns how many seeds fell by more than a run-away does. */
function runaways(rows: readonly Row[]): { hits: number; of: number } {
  return { hits: figureOf(rows, FALL).filter((fall) => fall > RUNAWAY).length, of: rows.length };
}

function statement(rows: readonly Row[]): string {
  const ratio = (variant: string, figure: string): string => told(monocultureRatio(rows, variant, figure), 2);
  const all = rowsWhere(rows, { variant: 'hmm', monoculture: 1 });
  const rest = rows.filter((row) => !all.includes(row));
  const [alike, others] = [runaways(all), runaways(rest)];
  const deepest = figureOf(all, FALL).sort((a, b) => b - a).slice(0, alike.hits);
  const chance = (own: readonly Row[]): string => told(shareAbove(figureOf(own, FALL), RUNAWAY), 2);
  return `Seeds 1000 to 1023 at each point, paired, with 95 % intervals, one model for all against each \
its own. Trade crowds in time: the busiest twentieth of minutes takes \
${ratio('forest', CROWDING)} times as much of the volume with forests, ${ratio('hmm', CROWDING)} \
times with Markov models. The usual day is no more fragile: with forests volatility is \
${ratio('forest', VOLATILITY)} times as large and the mean fall ${ratio('forest', FALL)} times \
as deep. With Markov models ${alike.hits} of ${alike.of} seeds run away, with falls of \
${deepest.map((fall) => `${Math.round(100 * fall)} %`).join(' and ')}, and ${others.hits} of the \
${others.of} runs of all other settings: shares of ${chance(all)} and ${chance(rest)}. That \
points to the tail, on few seeds; it is not settled here.`;
}

function table(rows: readonly Row[]): string {
  const figures = [CROWDING, VOLATILITY, FALL, 'liquidations.notionalQuote'];
  const head = '| all one model over each its own | busiest twentieth | volatility | mean fall | liquidated notional |';
  const lines = MODELS.map((variant) =>
    `| ${[variant, ...figures.map((figure) => told(monocultureRatio(rows, variant, figure), 2))].join(' | ')} |`);
  return `${[head, `|${' --- |'.repeat(5)}`, ...lines].join('\n')}`;
}
