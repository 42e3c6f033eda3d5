/** The rectangle a lane draws in, its canvas, and strokes over decimated columns. */
import { scaleLinear } from 'd3';
import type { ScaleLinear } from 'd3';
import type { ViewPoints } from '../data/index.js';

/** Size of a lane in CSS pixels; the gutter on the right holds axis and labels. */
export interface Plot {
  width: number;
  height: number;
  gutter: number;
  /** Device pixels per CSS pixel. */
  density: number;
}

/** Width of the part that shows time. */
export function plotWidth(plot: Plot): number {
  return Math.max(1, plot.width - plot.gutter);
}

/** Sizes a canvas to the lane, clears it and returns a context in CSS pixels. */
export function beginCanvas(canvas: HTMLCanvasElement, plot: Plot): CanvasRenderingContext2D {
  const width = Math.max(1, Math.round(plot.width * plot.density));
  const height = Math.max(1, Math.round(plot.height * plot.density));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no 2D canvas');
  context.setTransform(plot.density, 0, 0, plot.density, 0, 0);
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
  context.setLineDash([]);
  context.clearRect(0, 0, plot.width, plot.height);
  return context;
}

/** Clips to the part that shows time; the caller restores. */
export function clipToTime(context: CanvasRenderingContext2D, plot: Plot): void {
  context.save();
  context.beginPath();
  context.rect(0, 0, plotWidth(plot), plot.height);
  context.clip();
}

/** A vertical scale from `low` at the bottom to `high` at the top, inside the given margins. */
export function verticalScale(
  low: number,
  high: number,
  plot: Plot,
  margin: { top: number; bottom: number },
): ScaleLinear<number, number> {
  const spread = high > low ? 0 : Math.abs(high) * 0.01 || 1;
  return scaleLinear()
    .domain([low - spread, high + spread])
    .range([plot.height - margin.bottom, margin.top]);
}

/** Smallest and largest finite value among the points that lie in the view. */
export function extentInView(
  points: ViewPoints,
  columns: readonly Float64Array[],
  width: number,
): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (let i = 0; i < points.count; i += 1) {
      const x = points.x[i];
      if (x < -1 || x > width + 1) continue;
      const value = column[i];
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** Adds a line through the finite values to the current path. */
export function traceLine(
  context: CanvasRenderingContext2D,
  points: ViewPoints,
  values: Float64Array,
  y: (value: number) => number,
): void {
  let open = false;
  for (let i = 0; i < points.count; i += 1) {
    const value = values[i];
    if (value !== value) continue;
    if (open) context.lineTo(points.x[i], y(value));
    else context.moveTo(points.x[i], y(value));
    open = true;
  }
}

/** As `traceLine`, holding each value until the next point. */
export function traceSteps(
  context: CanvasRenderingContext2D,
  points: ViewPoints,
  values: Float64Array,
  y: (value: number) => number,
): void {
  let before = NaN;
  for (let i = 0; i < points.count; i += 1) {
    const value = values[i];
    if (value !== value) continue;
    const x = points.x[i];
    if (before !== before) context.moveTo(x, y(value));
    else {
      context.lineTo(x, before);
      context.lineTo(x, y(value));
    }
    before = y(value);
  }
}

/** Adds the vertical from the lowest to the highest value of each pixel: no wick disappears. */
export function traceRanges(
  context: CanvasRenderingContext2D,
  points: ViewPoints,
  lows: Float64Array,
  highs: Float64Array,
  y: (value: number) => number,
): void {
  for (let i = 0; i < points.count; i += 1) {
    const low = lows[i];
    const high = highs[i];
    if (!(high > low)) continue;
    const x = points.x[i];
    context.moveTo(x, y(low));
    context.lineTo(x, y(high));
  }
}
