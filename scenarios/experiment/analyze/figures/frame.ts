/** The frame of a figure: axes with ticks, names, and who is who. */
import { scaleLinear, scaleLog } from 'd3';
import { shortText } from '../number-words.js';
import { label, mark, segment } from './svg.js';

/** Edges of what is drawn in. */
export interface PlotBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** From values to pixels, with ticks. */
export interface PlotScale {
  (value: number): number;
  ticks: number[];
}

/** A scale over values, a little wider than they are; includes 0 where they come near. */
export function linearScale(values: readonly number[], range: readonly [number, number], count = 5): PlotScale {
  const known = values.filter(Number.isFinite);
  let low = known.reduce((least, one) => Math.min(least, one), Infinity);
  let high = known.reduce((most, one) => Math.max(most, one), -Infinity);
  if (known.length === 0) [low, high] = [0, 1];
  if (low > 0 && low < 0.5 * high) low = 0;
  if (high < 0 && high > 0.5 * low) high = 0;
  if (low === high) [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  const scale = scaleLinear().domain([low, high]).nice(count).range([...range]);
  return Object.assign((value: number) => scale(value), { ticks: scale.ticks(count) });
}

/** A scale whose ends are the values' own, linear or logarithmic. */
export function tightScale(values: readonly number[], range: readonly [number, number], log: boolean): PlotScale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const make = log && low > 0 ? scaleLog() : scaleLinear();
  const scale = make.domain(low === high ? [low - 1, high + 1] : [low, high]).range([...range]);
  return Object.assign((value: number) => scale(value), { ticks: values.length <= 7 ? [...values] : scale.ticks(5) });
}

/** Axis at the left with a grid. */
export function leftAxis(scale: PlotScale, { left, right }: PlotBox): string[] {
  return scale.ticks.flatMap((tick) => [
    segment([left, scale(tick)], [right, scale(tick)], 'class="grid"'),
    label(left - 6, scale(tick) + 4, shortText(tick), 'class="muted end"'),
  ]);
}

/** Axis at the bottom; labels that would run into each other are left out. */
export function bottomAxis(ticks: readonly { at: number; text: string }[], name: string, { left, right, bottom }: PlotBox): string[] {
  const parts = [segment([left, bottom], [right, bottom], 'class="axis"')];
  let free = -Infinity;
  for (const { at, text } of ticks) {
    parts.push(segment([at, bottom], [at, bottom + 4], 'class="axis"'));
    const half = 3.2 * text.length;
    if (at - half < free) continue;
    free = at + half + 4;
    parts.push(label(at, bottom + 16, text, 'class="muted mid"'));
  }
  parts.push(label((left + right) / 2, bottom + 32, name, 'class="mid"'));
  return parts;
}

/** Marks with their names in a row. */
export function legend(names: readonly string[], x: number, y: number): string[] {
  let at = x;
  return names.flatMap((name, k) => {
    const parts = [mark(k, at + 4, y - 4), label(at + 12, y, name)];
    at += 26 + 6.2 * name.length;
    return parts;
  });
}

/** `leverage [x]`. */
export function axisName(factor: string, unit: string): string {
  return unit === '' ? factor : `${factor} [${unit}]`;
}
