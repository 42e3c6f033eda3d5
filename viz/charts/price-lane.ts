/** The price lane: depth as a cold glow, last, index and mark; discs lie above it (bubbles.ts). */
import type { ScaleLinear } from 'd3';
import type { HaltSpan, TimeView, ViewPoints } from '../data/index.js';
import type { Palette } from './palette.js';
import type { Plot } from './plot.js';
import {
  beginCanvas,
  clipToTime,
  extentInView,
  plotWidth,
  traceLine,
  traceRanges,
  verticalScale,
} from './plot.js';
import { drawBackdrop } from './time-axis.js';

/** What the price lane needs besides its bubbles. */
export interface PriceLaneScene {
  view: TimeView;
  points: ViewPoints;
  halts: HaltSpan[];
  ticks: number[];
  /** Depth that is drawn at full brightness, in lots. */
  depthLotsMax: number;
}

/** Share of the price that the depth counts reach to each side. */
const DEPTH_REACH = 0.01;

/** The vertical scale: all of mark, index and last in view, with room for the lane's title. */
export function priceScale(points: ViewPoints, plot: Plot): ScaleLinear<number, number> | null {
  const columns = [
    points.markLow,
    points.markHigh,
    points.indexLow,
    points.indexHigh,
    points.lastLow,
    points.lastHigh,
  ];
  const extent = extentInView(points, columns, plotWidth(plot));
  if (!extent) return null;
  return verticalScale(extent[0], extent[1], plot, { top: 38, bottom: 26 });
}

/** Draws everything but the discs. */
export function drawPriceLane(
  canvas: HTMLCanvasElement,
  plot: Plot,
  scene: PriceLaneScene,
  y: ScaleLinear<number, number>,
  palette: Palette,
): void {
  const context = beginCanvas(canvas, plot);
  clipToTime(context, plot);
  drawBackdrop(context, plot, scene.view, { ...palette, ticks: scene.ticks, halts: scene.halts });
  drawDepth(context, scene, y, palette);
  const { points } = scene;
  context.lineJoin = 'round';
  stroke(context, palette.last, 1, [], () => {
    traceLine(context, points, points.last, y);
    traceRanges(context, points, points.lastLow, points.lastHigh, y);
  });
  stroke(context, palette.mark, 1.5, [], () => {
    traceLine(context, points, points.mark, y);
    traceRanges(context, points, points.markLow, points.markHigh, y);
  });
  // Above the mark, which often runs along it: the dashes leave the mark visible between them.
  stroke(context, palette.index, 1.5, [5, 4], () => traceLine(context, points, points.index, y));
  context.restore();
}

/** Per point, a band of 1 % on each side of the mark: the more lots rest there, the brighter. */
function drawDepth(
  context: CanvasRenderingContext2D,
  scene: PriceLaneScene,
  y: ScaleLinear<number, number>,
  palette: Palette,
): void {
  const { points } = scene;
  if (!(scene.depthLotsMax > 0)) return;
  const [red, green, blue] = palette.depth;
  context.fillStyle = `rgb(${red}, ${green}, ${blue})`;
  const full = palette.name === 'dark' ? 0.42 : 0.3;
  for (let i = 0; i < points.count; i += 1) {
    const bid = points.bidDepthLots[i];
    const mark = points.mark[i];
    if (bid !== bid || mark !== mark) continue;
    const left = i === 0 ? points.x[i] : middle(points, i - 1);
    const right = i + 1 < points.count ? middle(points, i) : points.x[i];
    const top = y(mark * (1 + DEPTH_REACH));
    const center = y(mark);
    const bottom = y(mark * (1 - DEPTH_REACH));
    context.globalAlpha = full * brightness(points.askDepthLots[i], scene.depthLotsMax);
    context.fillRect(left, top, right - left, center - top);
    context.globalAlpha = full * brightness(bid, scene.depthLotsMax);
    context.fillRect(left, center, right - left, bottom - center);
  }
  context.globalAlpha = 1;
}

function brightness(lots: number, lotsMax: number): number {
  return Math.min(1, Math.sqrt(Math.max(0, lots) / lotsMax));
}

function middle(points: ViewPoints, i: number): number {
  return (points.x[i] + points.x[i + 1]) / 2;
}

function stroke(
  context: CanvasRenderingContext2D,
  color: string,
  width: number,
  dash: number[],
  trace: () => void,
): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  trace();
  context.stroke();
  context.setLineDash([]);
}
