/** The time scale all lanes share, its ticks, and the axes drawn with D3. */
import { axisBottom, axisRight, scaleLinear, scaleUtc, select, utcFormat } from 'd3';
import type { ScaleLinear } from 'd3';
import type { HaltSpan, TimeView } from '../data/index.js';
import type { Plot } from './plot.js';
import { plotWidth } from './plot.js';

/** Simulated micros to CSS pixels. */
export function timeScale(view: TimeView): ScaleLinear<number, number> {
  return scaleLinear().domain([view.fromMicros, view.toMicros]).range([0, view.pixels]);
}

/** Round instants of simulated UTC inside the view, about one per 110 pixels. */
export function timeTicks(view: TimeView, startEpochMs: number): number[] {
  return utcScale(view, startEpochMs)
    .ticks(Math.max(2, Math.floor(view.pixels / 110)))
    .map((date) => (date.getTime() - startEpochMs) * 1000);
}

/** Draws the time axis into an SVG group. */
export function drawTimeAxis(group: SVGGElement, view: TimeView, startEpochMs: number): void {
  const scale = utcScale(view, startEpochMs);
  const axis = axisBottom<Date>(scale)
    .ticks(Math.max(2, Math.floor(view.pixels / 110)))
    .tickSize(4)
    .tickPadding(4)
    .tickFormat((date) => tickText(date, view, startEpochMs));
  select(group).call(axis);
  // A label at the very start would stick out of the lane.
  select(group)
    .selectAll<SVGTextElement, Date>('.tick text')
    .attr('text-anchor', (date) => (scale(date) < 18 ? 'start' : 'middle'));
}

/** Draws a value axis in the gutter, with grid lines through the plot. */
export function drawValueAxis(
  group: SVGGElement,
  scale: ScaleLinear<number, number>,
  plot: Plot,
  options: { ticks: number; format: (value: number) => string },
): void {
  const axis = axisRight<number>(scale)
    .ticks(options.ticks)
    .tickSize(4)
    .tickPadding(5)
    .tickFormat((value) => options.format(value));
  const selection = select(group);
  selection.attr('transform', `translate(${plotWidth(plot)},0)`).call(axis);
  selection.selectAll('line.grid').remove();
  selection
    .selectAll('g.tick')
    .append('line')
    .attr('class', 'grid')
    .attr('x1', -plotWidth(plot))
    .attr('x2', 0);
}

/** Vertical grid lines at the time ticks, and the halts as shaded stretches. */
export function drawBackdrop(
  context: CanvasRenderingContext2D,
  plot: Plot,
  view: TimeView,
  look: { grid: string; halt: string; haltLine: string; ticks: number[]; halts: HaltSpan[] },
): void {
  const x = timeScale(view);
  context.lineWidth = 1;
  context.strokeStyle = look.grid;
  context.beginPath();
  for (const tick of look.ticks) {
    const at = Math.round(x(tick)) + 0.5;
    context.moveTo(at, 0);
    context.lineTo(at, plot.height);
  }
  context.stroke();
  for (const halt of look.halts) {
    const from = Math.max(-1, x(halt.fromMicros));
    const to = Math.min(view.pixels + 1, x(halt.toMicros));
    if (to < 0 || from > view.pixels) continue;
    shadeHalt(context, { from, to, height: plot.height }, look);
  }
}

/** Hatching, so that a halt is not told by shade alone. */
export function shadeHalt(
  context: CanvasRenderingContext2D,
  box: { from: number; to: number; height: number },
  look: { halt: string; haltLine: string },
): void {
  const width = Math.max(1, box.to - box.from);
  context.save();
  context.beginPath();
  context.rect(box.from, 0, width, box.height);
  context.clip();
  context.fillStyle = look.halt;
  context.fillRect(box.from, 0, width, box.height);
  context.strokeStyle = look.halt;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = box.from - box.height; at < box.from + width; at += 7) {
    context.moveTo(at, box.height);
    context.lineTo(at + box.height, 0);
  }
  context.stroke();
  context.strokeStyle = look.haltLine;
  context.beginPath();
  context.moveTo(box.from + 0.5, 0);
  context.lineTo(box.from + 0.5, box.height);
  context.moveTo(box.from + width - 0.5, 0);
  context.lineTo(box.from + width - 0.5, box.height);
  context.stroke();
  context.restore();
}

function utcScale(view: TimeView, startEpochMs: number) {
  return scaleUtc()
    .domain([
      new Date(startEpochMs + view.fromMicros / 1000),
      new Date(startEpochMs + view.toMicros / 1000),
    ])
    .range([0, view.pixels]);
}

const hourText = utcFormat('%H:%M');
const secondText = utcFormat('%H:%M:%S');
const milliText = utcFormat('%S.%L');
const dayText = utcFormat('%-d %b');

function tickText(date: Date, view: TimeView, startEpochMs: number): string {
  const millis = date.getTime();
  if (millis % 1000 !== 0) return milliText(date);
  if (millis % 60_000 !== 0) return secondText(date);
  const midnight = millis % 86_400_000 === 0;
  if (midnight && startEpochMs !== 0) return dayText(date);
  if (startEpochMs === 0 && view.toMicros > 86_400_000_000) {
    return `${Math.floor(millis / 86_400_000) + 1}d ${hourText(date)}`;
  }
  return hourText(date);
}
