/** Net exposure of each cohort: colour, dash and a label at the line's end in the gutter. */
import type { ScaleLinear } from 'd3';
import { select } from 'd3';
import type { HaltSpan, TimeView, ViewPoints } from '../data/index.js';
import type { Palette } from './palette.js';
import { cohortStyle } from './palette.js';
import type { Plot } from './plot.js';
import {
  beginCanvas,
  clipToTime,
  extentInView,
  plotWidth,
  traceLine,
  verticalScale,
} from './plot.js';
import { drawBackdrop } from './time-axis.js';

/** What the exposure lane shows. */
export interface ExposureScene {
  view: TimeView;
  points: ViewPoints;
  cohorts: readonly string[];
  halts: HaltSpan[];
  ticks: number[];
  /** Cohort drawn strong while the others fade, or -1. */
  focus: number;
}

/** A label in the gutter. */
interface EndLabel {
  cohort: number;
  text: string;
  y: number;
}

const LABEL_HEIGHT = 11;

/** The vertical scale: every cohort and the zero line. */
export function exposureScale(points: ViewPoints, plot: Plot): ScaleLinear<number, number> | null {
  const extent = extentInView(points, points.exposureQuote, plotWidth(plot));
  if (!extent) return null;
  const low = Math.min(0, extent[0]);
  const high = Math.max(0, extent[1]);
  return verticalScale(low, high, plot, { top: 26, bottom: 8 });
}

/** Draws one line per cohort. */
export function drawExposureLane(
  canvas: HTMLCanvasElement,
  plot: Plot,
  scene: ExposureScene,
  y: ScaleLinear<number, number>,
  palette: Palette,
): void {
  const context = beginCanvas(canvas, plot);
  clipToTime(context, plot);
  drawBackdrop(context, plot, scene.view, { ...palette, ticks: scene.ticks, halts: scene.halts });
  context.strokeStyle = palette.haltLine;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, Math.round(y(0)) + 0.5);
  context.lineTo(plotWidth(plot), Math.round(y(0)) + 0.5);
  context.stroke();
  context.lineJoin = 'round';
  for (let cohort = 0; cohort < scene.cohorts.length; cohort += 1) {
    const values = scene.points.exposureQuote[cohort];
    if (!values) continue;
    const style = cohortStyle(cohort, palette);
    const strong = scene.focus === cohort;
    context.globalAlpha = scene.focus < 0 || strong ? 1 : 0.22;
    context.strokeStyle = style.color;
    context.lineWidth = strong ? 2.4 : 1.5;
    context.setLineDash([...style.dash]);
    context.beginPath();
    traceLine(context, scene.points, values, y);
    context.stroke();
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.restore();
}

/** Writes the cohorts' names at their line ends, pushed apart so that all can be read. */
export function drawExposureLabels(
  group: SVGGElement,
  plot: Plot,
  scene: ExposureScene,
  y: ScaleLinear<number, number>,
  look: { palette: Palette; onFocus: (cohort: number) => void },
): void {
  const labels = spread(endLabels(scene, y, plot), plot);
  select(group)
    .attr('transform', `translate(${plotWidth(plot) + 6},0)`)
    .selectAll<SVGTextElement, EndLabel>('text')
    .data(labels, (label) => label.cohort)
    .join('text')
    .attr('class', 'cohort-label')
    .attr('dy', '0.32em')
    .attr('y', (label) => label.y)
    .attr('fill', (label) => cohortStyle(label.cohort, look.palette).color)
    .attr('opacity', (label) => (scene.focus < 0 || scene.focus === label.cohort ? 1 : 0.35))
    .text((label) => label.text)
    .on('pointerenter', (_event, label) => look.onFocus(label.cohort))
    .on('pointerleave', () => look.onFocus(-1));
}

/** The cohorts whose lines are worth a label: the largest first, as many as fit. */
function endLabels(scene: ExposureScene, y: ScaleLinear<number, number>, plot: Plot): EndLabel[] {
  const fit = Math.max(1, Math.floor((plot.height - 20) / LABEL_HEIGHT));
  return scene.cohorts
    .map((text, cohort) => ({ text, cohort, value: lastValue(scene, cohort) }))
    .filter((label) => label.value === label.value)
    .sort((a, b) => peak(scene, b.cohort) - peak(scene, a.cohort) || a.cohort - b.cohort)
    .slice(0, fit)
    .map((label) => ({ cohort: label.cohort, text: shorten(label.text), y: y(label.value) }));
}

function lastValue(scene: ExposureScene, cohort: number): number {
  const values = scene.points.exposureQuote[cohort];
  for (let i = scene.points.count - 1; values && i >= 0; i -= 1) {
    const inside = scene.points.x[i] <= scene.view.pixels + 1;
    if (inside && values[i] === values[i]) return values[i];
  }
  return NaN;
}

function peak(scene: ExposureScene, cohort: number): number {
  const values = scene.points.exposureQuote[cohort];
  let largest = 0;
  for (let i = 0; values && i < scene.points.count; i += 1) {
    const size = Math.abs(values[i]);
    if (size > largest) largest = size;
  }
  return largest;
}

function spread(labels: EndLabel[], plot: Plot): EndLabel[] {
  const ordered = [...labels].sort((a, b) => a.y - b.y || a.cohort - b.cohort);
  let floor = 20;
  for (const label of ordered) {
    label.y = Math.max(label.y, floor);
    floor = label.y + LABEL_HEIGHT;
  }
  let ceiling = plot.height - 8;
  for (let i = ordered.length - 1; i >= 0; i -= 1) {
    const label = ordered[i] as EndLabel;
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - LABEL_HEIGHT;
  }
  return ordered;
}

function shorten(name: string): string {
  return name.length > 17 ? `${name.slice(0, 16)}\u2026` : name;
}
