/** The insurance fund as a filled step line, with a triangle for every auto-deleveraging. */
import type { ScaleLinear } from 'd3';
import type { Deleveraging, HaltSpan, TimeView, ViewPoints } from '../data/index.js';
import type { Palette } from './palette.js';
import type { Plot } from './plot.js';
import {
  beginCanvas,
  clipToTime,
  extentInView,
  plotWidth,
  traceSteps,
  verticalScale,
} from './plot.js';
import { drawBackdrop, timeScale } from './time-axis.js';

/** The vertical scale. It starts at zero only where zero is near; the axis tells. */
export function fundScale(points: ViewPoints, plot: Plot): ScaleLinear<number, number> | null {
  const extent = extentInView(points, [points.fund], plotWidth(plot));
  if (!extent) return null;
  const [low, high] = extent;
  const span = high - low;
  const base = low <= 4 * span ? Math.min(0, low) : low - Math.max(span, 0.002 * high) * 0.35;
  return verticalScale(base, Math.max(high, base + 1e-9), plot, { top: 26, bottom: 4 });
}

/** Draws the fund and the triangles; returns how many triangles. */
export function drawFundLane(
  canvas: HTMLCanvasElement,
  plot: Plot,
  scene: {
    view: TimeView;
    points: ViewPoints;
    deleveragings: Deleveraging[];
    halts: HaltSpan[];
    ticks: number[];
  },
  y: ScaleLinear<number, number>,
  palette: Palette,
): number {
  const context = beginCanvas(canvas, plot);
  clipToTime(context, plot);
  drawBackdrop(context, plot, scene.view, { ...palette, ticks: scene.ticks, halts: scene.halts });
  fillUnder(context, scene.points, y, { height: plot.height, color: palette.fundFill });
  context.strokeStyle = palette.fund;
  context.lineWidth = 1.6;
  context.beginPath();
  traceSteps(context, scene.points, scene.points.fund, y);
  context.stroke();
  const drawn = drawTriangles(context, plot, scene, palette);
  context.restore();
  return drawn;
}

function fillUnder(
  context: CanvasRenderingContext2D,
  points: ViewPoints,
  y: ScaleLinear<number, number>,
  look: { height: number; color: string },
): void {
  let first = -1;
  let last = -1;
  for (let i = 0; i < points.count; i += 1) {
    if (points.fund[i] !== points.fund[i]) continue;
    if (first < 0) first = i;
    last = i;
  }
  if (first < 0) return;
  context.fillStyle = look.color;
  context.beginPath();
  traceSteps(context, points, points.fund, y);
  context.lineTo(points.x[last], look.height);
  context.lineTo(points.x[first], look.height);
  context.closePath();
  context.fill();
}

/** At most one triangle per four pixels. */
function drawTriangles(
  context: CanvasRenderingContext2D,
  plot: Plot,
  scene: { view: TimeView; deleveragings: Deleveraging[] },
  palette: Palette,
): number {
  const x = timeScale(scene.view);
  let before = -Infinity;
  let drawn = 0;
  context.fillStyle = palette.deleverage;
  for (const event of scene.deleveragings) {
    const at = x(event.timeMicros);
    if (at < -6 || at > plotWidth(plot) + 6 || at - before < 4) continue;
    before = at;
    drawn += 1;
    const base = plot.height - 5;
    context.beginPath();
    context.moveTo(at, base - 9);
    context.lineTo(at + 5, base);
    context.lineTo(at - 5, base);
    context.closePath();
    context.fill();
  }
  return drawn;
}
