/** `homogeneity-ml`: a market of learned models, from each its own to one for all. */
import type { Panel } from './chart.js';
import { type Estimate, meanOf, pairedRatio, quantileEstimate, told } from './estimates.js';
import type { StudySection } from './section.js';
import { figureOf, type Row, rowsWhere, valuesOf } from './study-rows.js';

const FALL = 'price.maxDrawdownFraction';
const CROWDING = 'timeCrowding';
const VOLATILITY = 'volatility';
const MODELS = ['forest', 'hmm'];

export const homogeneitySection: StudySection = {
  study: 'homogeneity-ml',
  columns: ['variant', 'monoculture', 'seed', VOLATILITY, FALL, CROWDING, 'liquidations.notionalQuote', 'discountMinFraction'],
  design: 'share of the models that are one (four levels) x two kinds of model.',
  text,
  figure: (rows) => ({
    title: 'Volatility, tail of the fall and crowding of trade in time over the share that uses one model',
    columns: 3,
    panels: [
      panelOf(rows, 'Volatility a day, %', [0, 8, 2], (own) => scaled(meanOf(figureOf(own, VOLATILITY)))),
      panelOf(rows, 'Fall, 95th percentile of seeds, %', [0, 12, 2], (own) => scaled(quantileEstimate(figureOf(own, FALL), 0.95))),
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

function text(rows: readonly Row[]): string {
  const figures = [CROWDING, VOLATILITY, FALL, 'liquidations.notionalQuote'];
  const head = '| all one model over each its own | busiest twentieth | volatility | mean fall | liquidated notional |';
  const lines = MODELS.map((variant) =>
    `| ${[variant, ...figures.map((figure) => told(monocultureRatio(rows, variant, figure), 2))].join(' | ')} |`);
  return `${[head, `|${' --- |'.repeat(5)}`, ...lines].join('\n')}`;
}
