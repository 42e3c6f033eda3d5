/** `latency`: effect of each group's latency on the fall, over all settings of the other two. */
import type { Panel } from './chart.js';
import { type Estimate, meanOf, overSeeds, quantileEstimate, told } from './estimates.js';
import type { StudySection } from './section.js';
import { figureOf, type Row, rowsWhere, valuesOf } from './study-rows.js';

const FALL = 'price.maxDrawdownFraction';
const SPREAD = 'spread.relativeBps';
const LIQUIDATED = 'liquidations.notionalQuote';
const WHO = [
  ['makersLatency', 'makers'],
  ['anchorsLatency', 'anchors'],
  ['leveredLatency', 'levered'],
] as const;

export const latencySection: StudySection = {
  study: 'latency',
  columns: ['variant', ...WHO.map(([factor]) => factor), 'seed', FALL, LIQUIDATED, SPREAD, 'volatility'],
  design: 'latency of three groups, each 100 ms, 2 s or 40 s, x two clocks of makers and arbitrageurs.',
  statement,
  table,
  limits:
    'Latencies beyond a few seconds are outages rather than speeds. Falls are heavy-tailed ' +
    'over seeds, hence medians in the figure; with one group varied, the others take all ' +
    'their settings. Ratios near 1 say that no effect as large as the interval was seen, not ' +
    'that there is none. One kind of sale, of 20 minutes.',
  figure: (rows) => ({
    title: 'Deepest fall, liquidated notional and spread over the latency of each group',
    columns: 3,
    panels: valuesOf(rows, 'variant').map(String).flatMap((variant) => panelsOf(rows, variant)),
  }),
};

function levelsOf(rows: readonly Row[]): string[] {
  const micros = (text: string): number => Number.parseFloat(text) * (text.endsWith('ms') ? 1 : 1000);
  return valuesOf(rows, WHO[0][0]).map(String).sort((a, b) => micros(a) - micros(b));
}

function panelsOf(rows: readonly Row[], variant: string): Panel[] {
  const levels = levelsOf(rows);
  const panel = (title: string, axis: Panel['axis'], of: (rows: readonly Row[]) => Estimate): Panel => ({
    title: `${title}, ${variant} clocks`,
    levels: levels.map((one) => one.replace(/(\d)([a-z])/, '$1 $2')),
    levelName: 'latency of quotes and of orders, each',
    axis,
    lines: WHO.map(([factor, label], k) => ({
      label,
      colour: k,
      points: levels.map((level) => of(rowsWhere(rows, { variant, [factor]: level }))),
    })),
  });
  return [
    panel('Median fall, %', [0, 12, 2], (own) => scaled(medianOf(figureOf(own, FALL)), 100)),
    panel('Liquidated, millions', [0, 30, 5], (own) => scaled(meanOf(figureOf(own, LIQUIDATED)), 1e-6)),
    panel('Spread, basis points', [0, 6, 1], (own) => meanOf(figureOf(own, SPREAD))),
  ];
}

function medianOf(values: readonly number[]): Estimate {
  return quantileEstimate(values, 0.5);
}

function scaled({ value, low, high }: Estimate, by: number): Estimate {
  return { value: value * by, low: low * by, high: high * by };
}

/** Returns the mean of a figure at a group's longest latency, or another, over that at its shortest. */
export function latencyRatio(
  rows: readonly Row[],
  variant: string,
  factor: string,
  figure: string,
  longest = 2,
): Estimate {
  const levels = levelsOf(rows);
  const seeds = valuesOf(rows, 'seed').map(Number).sort((a, b) => a - b);
  // A seed with all its settings is drawn whole.
  const sums = [levels[longest], levels[0]].map((level) => {
    const own = rowsWhere(rows, { variant, [factor]: level });
    return seeds.map((seed) => figureOf(rowsWhere(own, { seed }), figure).reduce((sum, one) => sum + one, 0));
  });
  return overSeeds(seeds.length, (places) => {
    let [top, bottom] = [0, 0];
    for (const place of places) {
      top += sums[0][place];
      bottom += sums[1][place];
    }
    return top / bottom;
  });
}

function statement(rows: readonly Row[]): string {
  const ratio = (variant: string, who: number, figure: string, longest = 2): string =>
    told(latencyRatio(rows, variant, WHO[who][0], figure, longest), 2);
  const liquidated = (level: string): string =>
    told(meanOf(figureOf(rowsWhere(rows, { variant: 'quick', anchorsLatency: level }), LIQUIDATED)), 1, 1e-6);
  return `Seeds 1000 to 1009 at each point, 95 % intervals, 40 s against 100 ms, over all settings of the \
others. It is the latency of those who trade against mispricing. On usual clocks it makes the \
fall ${ratio('usual', 1, FALL)} times as deep and liquidations ${ratio('usual', 1, LIQUIDATED)} \
times as large; where makers and arbitrageurs look twice a second, ${ratio('quick', 1, FALL)} \
times as deep, with ${liquidated('40s')} instead of ${liquidated('100ms')} million liquidated. \
Makers' latency costs spread, ${ratio('quick', 0, SPREAD)} times on quick clocks, but no fall \
that could be seen: ${ratio('usual', 0, FALL)} and ${ratio('quick', 0, FALL)}. Nor does that of \
the levered: ${ratio('usual', 2, FALL)} and ${ratio('quick', 2, FALL)}. Latency matters against \
the clock of its owner: on usual clocks, 5 to 60 s for arbitrageurs and 30 s to 5 minutes for \
value traders, 2 s of it make the fall ${ratio('usual', 1, FALL, 1)} times as deep as 100 ms.`;
}

function table(rows: readonly Row[]): string {
  const head = '| whose, 40 s over 100 ms | clocks | fall | liquidated notional | spread |';
  const lines = valuesOf(rows, 'variant').map(String).flatMap((variant) =>
    WHO.map(([factor, label]) => {
      const cells = [FALL, LIQUIDATED, SPREAD].map((figure) => told(latencyRatio(rows, variant, factor, figure), 2));
      return `| ${[label, variant, ...cells].join(' | ')} |`;
    }));
  return `${[head, `|${' --- |'.repeat(5)}`, ...lines].join('\n')}`;
}
