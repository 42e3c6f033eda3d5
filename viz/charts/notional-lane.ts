/**
 * Liquidated notional per bar: shorts bought back upwards, longs sold out downwards, both stacked by
 * generation from the line outwards.
 */
import type { ScaleLinear } from 'd3';
import type { HaltSpan, NotionalBars, TimeView } from '../data/index.js';
import type { Palette } from './palette.js';
import type { Plot } from './plot.js';
import { beginCanvas, clipToTime, plotWidth, verticalScale } from './plot.js';
import { drawBackdrop, timeScale } from './time-axis.js';

/** One scale for both directions, so that their areas compare. */
export function notionalScale(bars: NotionalBars, plot: Plot): ScaleLinear<number, number> {
  let up = 0;
  let down = 0;
  for (let i = 0; i < bars.count; i += 1) {
    up = Math.max(up, bars.shortsQuote[i]);
    down = Math.max(down, bars.longsQuote[i] + bars.unsplitQuote[i]);
  }
  if (up === 0 && down === 0) up = 1;
  const least = 0.06 * Math.max(up, down);
  return verticalScale(-Math.max(down, down > 0 ? least : 0), Math.max(up, least), plot, {
    top: 24,
    bottom: 6,
  });
}

/** Draws the bars; returns how many are visible. */
export function drawNotionalLane(
  canvas: HTMLCanvasElement,
  plot: Plot,
  scene: { view: TimeView; bars: NotionalBars; halts: HaltSpan[]; ticks: number[] },
  y: ScaleLinear<number, number>,
  palette: Palette,
): number {
  const context = beginCanvas(canvas, plot);
  clipToTime(context, plot);
  drawBackdrop(context, plot, scene.view, { ...palette, ticks: scene.ticks, halts: scene.halts });
  const x = timeScale(scene.view);
  const zero = Math.round(y(0)) + 0.5;
  const { bars } = scene;
  let drawn = 0;
  for (let i = 0; i < bars.count; i += 1) {
    const longs = bars.longsQuote[i];
    const unsplit = bars.unsplitQuote[i];
    const shorts = bars.shortsQuote[i];
    if (longs + shorts + unsplit === 0) continue;
    const left = x(bars.fromMicros + i * bars.barMicros);
    const width = Math.max(1.5, x(bars.fromMicros + (i + 1) * bars.barMicros) - left - 1);
    if (left + width < 0 || left > plotWidth(plot)) continue;
    const box = { left, width, palette };
    const down = stack(context, box, bars.longsByGeneration, { i, zero, sign: 1, y: (q) => y(-q) });
    stack(context, box, bars.shortsByGeneration, { i, zero, sign: -1, y });
    if (unsplit > 0) {
      // Chunks that are not here tell no generations.
      context.fillStyle = palette.liquidation[0] ?? palette.text;
      context.globalAlpha = 0.45;
      context.fillRect(left, down, width, Math.max(1, y(-longs - unsplit) - down));
      context.globalAlpha = 1;
    }
    drawn += 1;
  }
  context.strokeStyle = palette.haltLine;
  context.beginPath();
  context.moveTo(0, zero);
  context.lineTo(plotWidth(plot), zero);
  context.stroke();
  context.restore();
  return drawn;
}

/** Stacks one bar's generations away from the zero line; returns where it ends. */
function stack(
  context: CanvasRenderingContext2D,
  box: { left: number; width: number; palette: Palette },
  byGeneration: readonly Float64Array[],
  at: { i: number; zero: number; sign: 1 | -1; y: (quote: number) => number },
): number {
  let sum = 0;
  let edge = at.zero;
  byGeneration.forEach((column, step) => {
    const quote = column[at.i];
    if (!(quote > 0)) return;
    sum += quote;
    // Each part is at least a pixel high; screens count downwards.
    const end = at.sign * Math.max(at.sign * at.y(sum), at.sign * edge + 1);
    context.fillStyle = box.palette.liquidation[step] ?? box.palette.text;
    context.fillRect(box.left, Math.min(edge, end), box.width, Math.abs(end - edge));
    if (step > 0 && edge !== at.zero) {
      context.fillStyle = box.palette.lane;
      context.fillRect(box.left, edge - 0.5, box.width, 1);
    }
    edge = end;
  });
  return edge;
}
