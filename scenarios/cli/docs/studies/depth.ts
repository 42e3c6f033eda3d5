/** `depth-refill`: deepest fall over the depth of makers and the time they take to renew it. */
import type { Panel } from './chart.js';
import { crossing, type Estimate, meanAt, meanOf, overSeeds, told } from './estimates.js';
import type { StudySection } from './section.js';
import { figureOf, type Row, rowsWhere, valuesOf } from './study-rows.js';

const FALL = 'price.maxDrawdownFraction';
/** Half way between a fall with forced sales that feed on themselves, and one without. */
export const HALF_WAY = 0.055;
const TITLES: Readonly<Record<string, string>> = {
  slow: 'Falls within an hour',
  fast: 'Falls within ten minutes',
  roomy: 'An hour, four times the inventory',
};

export const depthSection: StudySection = {
  study: 'depth-refill',
  columns: ['variant', 'depthMultiple', 'refillTime', 'seed', FALL, 'liquidations.notionalQuote', 'volatility', 'depth'],
  design: 'depth (six levels) x time of refill (three) x two speeds of the fall, and makers with more room.',
  statement,
  table,
  limits:
    'The table gives the depth, over that of the base, at which the mean fall passes 5.5 %, ' +
    'half way between a fall that feeds on itself and one of the index alone; a dash where no ' +
    'depth up to 4 does. Depth above 1 brings capital with it. A maker here renews on its ' +
    'clock alone; one that answers each fill would be faster than any of these.',
  figure: (rows) => ({
    title: 'Deepest fall of the price over the depth of makers, by their time of refill',
    columns: 3,
    panels: valuesOf(rows, 'variant').map((variant) => panelOf(rows, String(variant))),
  }),
};

function depthsOf(rows: readonly Row[]): number[] {
  return valuesOf(rows, 'depthMultiple').map(Number).sort((a, b) => a - b);
}

function refillsOf(rows: readonly Row[]): string[] {
  return valuesOf(rows, 'refillTime').map(String).sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
}

function cell(rows: readonly Row[], variant: string, depthMultiple: number, refillTime: string): number[] {
  return figureOf(rowsWhere(rows, { variant, depthMultiple, refillTime }), FALL);
}

function panelOf(rows: readonly Row[], variant: string): Panel {
  const depths = depthsOf(rows);
  return {
    title: TITLES[variant] ?? variant,
    levels: depths.map(String),
    levelName: 'depth over that of the base',
    axis: [0, 10, 2],
    tick: (value) => `${value} %`,
    lines: refillsOf(rows).map((refill, k) => ({
      label: `every ${refill.replace('s', ' s')}`,
      colour: k,
      points: depths.map((depth) => meanOf(cell(rows, variant, depth, refill).map((one) => 100 * one))),
    })),
  };
}

/** Returns the depth at which the mean fall passes `HALF_WAY` downwards; NaN if no level does. */
export function stoppingDepth(rows: readonly Row[], variant: string, refill: string): Estimate {
  const depths = depthsOf(rows);
  const falls = depths.map((depth) => cell(rows, variant, depth, refill));
  return overSeeds(falls[0].length, (seeds) =>
    crossing(depths, falls.map((values) => meanAt(values, seeds)), HALF_WAY, -1));
}

function statement(rows: readonly Row[]): string {
  const stop = (variant: string, refill: string): string => told(stoppingDepth(rows, variant, refill), 2);
  const fall = (variant: string, depth: number, refill: string): string =>
    told(meanOf(cell(rows, variant, depth, refill)), 1, 100);
  return `Seeds 1000 to 1011 at each point, 95 % intervals. At the same size per second, deep and slow \
wins: the price falls by ${fall('slow', 1, '5s')} % where makers renew every 5 s, by \
${fall('slow', 4, '20s')} % where they stand with four times as much and renew every 20 s, and \
the index alone by four. There is an edge in depth: forced sales stop feeding on themselves at \
${stop('slow', '5s')} times the depth of the base when renewed every 5 s, at \
${stop('slow', '80s')} when every 80 s, so sixteen times the speed is worth a tenth of depth, if \
that. When the index falls within ten minutes it takes more, ${stop('fast', '5s')}, and 80 s are \
too slow at any depth up to 4. What carries is the room: makers who hold four times the \
inventory stop it at ${stop('roomy', '5s')}, and then speed counts, for at 80 s it takes \
${stop('roomy', '80s')}.`;
}

function table(rows: readonly Row[]): string {
  const refills = refillsOf(rows);
  const head = `| fall | ${refills.map((one) => `every ${one.replace('s', ' s')}`).join(' | ')} |`;
  const lines = valuesOf(rows, 'variant').map(String).map((variant) => {
    const cells = refills.map((refill) => told(stoppingDepth(rows, variant, refill), 2));
    return `| ${[TITLES[variant] ?? variant, ...cells].join(' | ')} |`;
  });
  return `${[head, `|${' --- |'.repeat(refills.length + 1)}`, ...lines].join('\n')}`;
}
