/** An outcome level by level of one factor, a line for every variant. */
import { line } from 'd3';
import type { FactorEffect } from '../effects.js';
import { axisName, bottomAxis, leftAxis, legend, linearScale, tightScale } from './frame.js';
import type { PlotBox } from './frame.js';
import { drawing, label, mark, segment } from './svg.js';
import type { Figure } from './svg.js';

const SIZE = [370, 270] as const;
const BOX: PlotBox = { left: 62, top: 52, right: 356, bottom: 226 };
/** Between the marks of variants. */
const DODGE = 6;

/** A variant's effects of the same factor. */
export interface LevelSeries {
  variant: string;
  effect: FactorEffect;
}

/** Draws it. */
export function levelChart(outcome: string, unit: string, series: readonly LevelSeries[], name: string): Figure {
  const [{ effect }] = series;
  const all = series.flatMap((one) => one.effect.levels.flatMap(({ estimate: { value, low, high } }) => [value, low, high]));
  const y = linearScale(all, [BOX.bottom, BOX.top]);
  const place = placesOf(effect);
  const ticks = effect.levels.map((one, k) => ({ at: place[k], text: effect.binned ? shortBin(one.label) : one.label }));
  const parts = [
    label(BOX.left - 54, 16, outcome, 'class="title"'),
    label(BOX.left - 54, 31, unit, 'class="muted"'),
    ...(series.length > 1 ? legend(series.map((one) => one.variant), BOX.left, 46) : []),
    ...leftAxis(y, BOX),
    ...bottomAxis(ticks, axisName(effect.factor, effect.unit) + (effect.binned ? ', fifths of its values' : ''), BOX),
  ];
  series.forEach((one, k) => {
    const shift = (k - (series.length - 1) / 2) * DODGE;
    const known = one.effect.levels.map((level, i) => ({ level, x: place[i] + shift })).filter(({ level }) => Number.isFinite(level.estimate.value));
    const path = line<(typeof known)[number]>().x((d) => round(d.x)).y((d) => round(y(d.level.estimate.value)))(known);
    if (path !== null && effect.isNumber) parts.push(`<path d="${path}" class="line s${k}" stroke-dasharray="${DASHES[k % DASHES.length]}"/>`);
    for (const { level: { estimate: { value, low, high } }, x } of known) {
      if (Number.isFinite(low) && Number.isFinite(high)) parts.push(segment([x, y(low)], [x, y(high)], `class="whisker s${k}"`));
      parts.push(mark(k, x, y(value)));
    }
  });
  const alt = `${outcome} by ${effect.factor}`;
  return { name, svg: drawing(SIZE, alt, parts), caption: `${alt}: means over the other factors, with intervals`, alt };
}

const DASHES = ['none', '6 3', '2 2', '8 3 2 3'];

function placesOf({ levels, isNumber, log }: FactorEffect): number[] {
  const [from, to] = [BOX.left + 18, BOX.right - 18];
  const controls = levels.map((one) => one.control ?? NaN);
  if (isNumber && levels.length > 1) {
    const scale = tightScale(controls, [from, to], log);
    return controls.map(scale);
  }
  return levels.map((_, k) => (levels.length === 1 ? (from + to) / 2 : from + (k * (to - from)) / (levels.length - 1)));
}

/** The middle of a bin is where it is drawn; its ends are in the table. */
function shortBin(text: string): string {
  return text.replace(/ to .*/, '…');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
