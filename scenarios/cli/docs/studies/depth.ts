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
  roomy: 'Within an hour, four times the inventory',
};

export const depthSection: StudySection = {
  study: 'depth-refill',
  columns: ['variant', 'depthMultiple', 'refillTime', 'seed', FALL, 'liquidations.notionalQuote', 'volatility', 'depth'],
  design: 'depth (six levels) x time of refill (three) x two speeds of the fall, and makers with more room.',
  text,
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

function text(rows: readonly Row[]): string {
  const refills = refillsOf(rows);
  const head = `| fall | ${refills.map((one) => `every ${one.replace('s', ' s')}`).join(' | ')} |`;
  const lines = valuesOf(rows, 'variant').map(String).map((variant) => {
    const cells = refills.map((refill) => told(stoppingDepth(rows, variant, refill), 2));
    return `| ${[TITLES[variant] ?? variant, ...cells].join(' | ')} |`;
  });
  return `${[head, `|${' --- |'.repeat(refills.length + 1)}`, ...lines].join('\n')}`;
}
