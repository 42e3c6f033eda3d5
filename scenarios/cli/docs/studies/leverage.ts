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
  columns: [
    'leverage', 'crowding', 'seed', COUNT, NOTIONAL, 'contagion.roots', 'price.maxDrawdownFraction',
    'cascade.largestShare',
  ],
  design: 'leverage of the longs (six levels) x crowding (five).',
  statement,
  table,
  limits:
    'The fall is one of news, an index that falls by four per cent: its size sets where the ' +
    'edges lie. Realised R counts children per liquidation over whole cascades: it cannot reach 1, and ' +
    'says little where exits coincide (docs/crowding.md). Quantiles of 24 seeds are rough.',
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

/** Returns the largest realised R of any point. */
function largest(rows: readonly Row[]): number {
  const values = levelsOf(rows, 'crowding').flatMap((crowding) =>
    levelsOf(rows, 'leverage').map((leverage) => reproduction(rowsWhere(rows, { crowding, leverage })).value));
  return Math.max(...values.filter(Number.isFinite));
}

function statement(rows: readonly Row[]): string {
  const at = (crowding: number, leverage: number): Row[] => rowsWhere(rows, { crowding, leverage });
  const hit = (own: readonly Row[]): string =>
    `${figureOf(own, COUNT).filter((count) => count > HALF).length} of ${own.length}`;
  const millions = (of: Estimate): string => told(of, 0, 1e-6);
  const [apart, alike] = [0, 1].map((crowding) => figureOf(at(crowding, MIDDLE), NOTIONAL));
  return `Seeds 1000 to 1023 at each point, 95 % intervals. Crowding moves the edge both ways. A chance of \
one in ten that half of the 750 longs are liquidated comes at a median leverage of \
${told(boundary(rows, 0, 0.1), 1)} when each draws his own, at \
${told(boundary(rows, 0.8, 0.1), 1)} at a crowding of 0.8. But at a leverage of 18 it is certain \
when each draws his own, ${hit(at(0, 18))} seeds, and a toss when all are alike, \
${hit(at(1, 18))}. The mean does not rise: at ${MIDDLE} it is ${millions(meanOf(apart))} million \
liquidated apart and ${millions(meanOf(alike))} alike; the 95th percentile does, from \
${millions(quantileEstimate(apart, 0.95))} to ${millions(quantileEstimate(alike, 0.95))}. Realised \
R, pooled over seeds, is at most ${largest(rows).toFixed(2)} at any point; over whole cascades it \
stays below 1 however strong the contagion. Crowding makes of a foreseeable loss a lottery.`;
}

function table(rows: readonly Row[]): string {
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
