/** `leverage-x-crowding`: who is liquidated by a fall of four per cent, over leverage and crowding. */
import type { Panel } from './chart.js';
import { crossing, type Estimate, meanAt, meanOf, overSeeds, quantileEstimate, shareAbove, told } from './estimates.js';
import type { StudySection } from './section.js';
import { figureOf, type Row, rowsWhere, valuesOf } from './study-rows.js';

const COUNT = 'liquidations.count';
const NOTIONAL = 'liquidations.notionalQuote';
/** Half of the levered longs. */
const HALF = 375;
/** Leverage at which means and tails are told apart. */
const MIDDLE = 13;

export const leverageSection: StudySection = {
  study: 'leverage-x-crowding',
  columns: ['leverage', 'crowding', 'seed', COUNT, NOTIONAL, 'contagion.roots', 'price.maxDrawdownFraction', 'cascade.largestShare'],
  design: 'leverage of the longs (six levels) x crowding (five).',
  text,
  figure: (rows) => ({
    title: 'Chance that half of the longs are liquidated, liquidated notional and realised R over leverage',
    columns: 3,
    panels: [
      panelOf(rows, 'Chance that half are liquidated', [0, 1, 0.25], (own) => shareAbove(figureOf(own, COUNT), HALF)),
      panelOf(rows, 'Liquidated, mean, millions', [0, 250, 50], (own) => meanOf(figureOf(own, NOTIONAL).map((one) => one / 1e6))),
      panelOf(rows, 'Realised R', [0, 1, 0.25], reproduction, 1),
    ],
  }),
};

function levelsOf(rows: readonly Row[], factor: string): number[] {
  return valuesOf(rows, factor).map(Number).sort((a, b) => a - b);
}

function panelOf(
  rows: readonly Row[],
  title: string,
  axis: Panel['axis'],
  of: (rows: readonly Row[]) => Estimate,
  reference?: number,
): Panel {
  const leverages = levelsOf(rows, 'leverage');
  return {
    title,
    levels: leverages.map(String),
    levelName: 'median leverage',
    axis,
    reference,
    lines: levelsOf(rows, 'crowding').map((crowding, k) => ({
      label: String(crowding),
      colour: k,
      points: leverages.map((leverage) => of(rowsWhere(rows, { crowding, leverage }))),
    })),
  };
}

/** Returns liquidations that another caused over all of them; ratio of sums. */
function reproduction(own: readonly Row[]): Estimate {
  const [nodes, roots] = [figureOf(own, COUNT), figureOf(own, 'contagion.roots')];
  return overSeeds(own.length, (seeds) => {
    const all = meanAt(nodes, seeds);
    return all > 0 ? 1 - meanAt(roots, seeds) / all : Number.NaN;
  });
}

/** Returns the leverage at which the chance that half are liquidated passes a level. */
export function boundary(rows: readonly Row[], crowding: number, chance: number): Estimate {
  const leverages = levelsOf(rows, 'leverage');
  const hits = leverages.map((leverage) =>
    figureOf(rowsWhere(rows, { crowding, leverage }), COUNT).map((count) => (count > HALF ? 1 : 0)));
  return overSeeds(hits[0].length, (seeds) =>
    crossing(leverages, hits.map((values) => meanAt(values, seeds)), chance, 1));
}

function text(rows: readonly Row[]): string {
  const head = `| crowding | leverage at a chance of .1 | of .5 | at ${MIDDLE}: mean, millions | p95, millions | realised R at ${MIDDLE} |`;
  const lines = levelsOf(rows, 'crowding').map((crowding) => {
    const own = rowsWhere(rows, { crowding, leverage: MIDDLE });
    const notional = figureOf(own, NOTIONAL);
    return `| ${[
      crowding, told(boundary(rows, crowding, 0.1), 1), told(boundary(rows, crowding, 0.5), 1),
      told(meanOf(notional), 0, 1e-6), told(quantileEstimate(notional, 0.95), 0, 1e-6),
      told(reproduction(own), 2),
    ].join(' | ')} |`;
  });
  return `${[head, `|${' --- |'.repeat(6)}`, ...lines].join('\n')}`;
}
