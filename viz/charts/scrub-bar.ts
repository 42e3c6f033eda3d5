/** The scrub bar: the whole film, how much was liquidated when, halts, and the view's window. */
import { scaleLinear } from 'd3';
import type { HaltSpan } from '../data/index.js';
import type { Palette } from './palette.js';
import type { Plot } from './plot.js';
import { beginCanvas } from './plot.js';
import { shadeHalt } from './time-axis.js';

/** What the scrub bar shows. */
export interface ScrubScene {
  durationMicros: number;
  /** Start and end of the view. */
  fromMicros: number;
  toMicros: number;
  halts: HaltSpan[];
  /** Mark at evenly spread instants of the whole film. */
  marks: Float64Array;
  /** Liquidated notional per even slice of the whole film. */
  density: Float64Array;
}

/** Draws everything but the playhead. */
export function drawScrubBar(
  canvas: HTMLCanvasElement,
  plot: Plot,
  scene: ScrubScene,
  palette: Palette,
): void {
  const context = beginCanvas(canvas, plot);
  const x = scaleLinear().domain([0, scene.durationMicros]).range([0, plot.width]);
  for (const halt of scene.halts) {
    const box = { from: x(halt.fromMicros), to: x(halt.toMicros), height: plot.height };
    shadeHalt(context, box, palette);
  }
  drawDensity(context, plot, scene.density, palette);
  drawMarks(context, plot, scene.marks, palette);
  const from = x(scene.fromMicros);
  const to = x(scene.toMicros);
  context.fillStyle = palette.name === 'dark' ? 'rgba(0, 0, 0, 0.45)' : 'rgba(71, 85, 105, 0.16)';
  context.fillRect(0, 0, from, plot.height);
  context.fillRect(to, 0, plot.width - to, plot.height);
  if (from > 0.5 || to < plot.width - 0.5) drawWindow(context, plot, { from, to }, palette);
}

function drawDensity(
  context: CanvasRenderingContext2D,
  plot: Plot,
  density: Float64Array,
  palette: Palette,
): void {
  let largest = 0;
  for (const value of density) largest = Math.max(largest, value);
  if (!(largest > 0)) return;
  // Square root: a film with one crash still shows where the small liquidations are.
  const width = plot.width / density.length;
  context.fillStyle = palette.liquidation[0] ?? palette.density;
  context.globalAlpha = 0.85;
  for (let i = 0; i < density.length; i += 1) {
    const value = density[i];
    if (value <= 0) continue;
    const height = Math.max(1, Math.sqrt(value / largest) * (plot.height - 12));
    context.fillRect(i * width, plot.height - height, Math.max(1, width), height);
  }
  context.globalAlpha = 1;
}

function drawMarks(
  context: CanvasRenderingContext2D,
  plot: Plot,
  marks: Float64Array,
  palette: Palette,
): void {
  let low = Infinity;
  let high = -Infinity;
  for (const value of marks) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) return;
  const y = scaleLinear()
    .domain([low, high])
    .range([plot.height - 5, 5]);
  context.strokeStyle = palette.density;
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  context.beginPath();
  let open = false;
  for (let i = 0; i < marks.length; i += 1) {
    const value = marks[i];
    if (value !== value) continue;
    const at = ((i + 0.5) / marks.length) * plot.width;
    if (open) context.lineTo(at, y(value));
    else context.moveTo(at, y(value));
    open = true;
  }
  context.stroke();
  context.globalAlpha = 1;
}

function drawWindow(
  context: CanvasRenderingContext2D,
  plot: Plot,
  window: { from: number; to: number },
  palette: Palette,
): void {
  context.strokeStyle = palette.scrub;
  context.lineWidth = 1;
  const width = Math.max(2, window.to - window.from - 1);
  context.strokeRect(window.from + 0.5, 0.5, width, plot.height - 1);
  context.fillStyle = palette.scrub;
  for (const at of [window.from, window.to]) {
    context.fillRect(at - 1.5, plot.height / 2 - 7, 3, 14);
  }
}
