/**
 * Liquidations as discs: area is the notional, colour the generation, told again by rings around the
 * disc (one less than the generation, at most three), and a triangle in it points down for longs sold
 * and up for shorts bought. Rings are dashed where several generations are merged.
 */
import type { Bubble } from '../data/index.js';
import { generationStep } from '../data/index.js';
import type { Palette } from './palette.js';
import type { Plot } from './plot.js';
import { beginCanvas, clipToTime } from './plot.js';

/** Radius that stands for `quotePerDisc`. */
export const DISC_RADIUS = 16;
/** Between a disc and its first ring, and between rings, in pixels. */
const RING_PIXELS = 2.5;
/** Discs from this radius on have room for a triangle. */
const TRIANGLE_RADIUS = 6;

/** A liquidation on the lane, whether or not it has a disc of its own. */
export interface Spot {
  x: number;
  y: number;
  notionalQuote: number;
  generation: number;
}

/** How discs are drawn. */
export interface BubbleLook {
  palette: Palette;
  quotePerDisc: number;
  selected: Spot | null;
  /** What pushed the selected one, and what it pushed. */
  cause: Spot | null;
  effects: readonly Spot[];
}

/** Radius of a disc whose area stands for a notional. */
export function bubbleRadius(notionalQuote: number, quotePerDisc: number): number {
  return Math.max(1.6, Math.sqrt(notionalQuote / quotePerDisc) * DISC_RADIUS);
}

/** A round notional for the legend's disc such that the largest bubble stays readable. */
export function discUnit(bubbles: readonly Bubble[]): number {
  let largest = 0;
  for (const bubble of bubbles) largest = Math.max(largest, bubble.notionalQuote);
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const lead = largest / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

/** Colour of a generation. */
export function generationColor(generation: number, palette: Palette): string {
  return palette.liquidation[generationStep(generation)] ?? palette.text;
}

/** Draws discs over a cleared canvas, the large ones first so that none hides a smaller one. */
export function drawBubbles(
  canvas: HTMLCanvasElement,
  plot: Plot,
  bubbles: readonly Bubble[],
  look: BubbleLook,
): void {
  const context = beginCanvas(canvas, plot);
  clipToTime(context, plot);
  const ordered = [...bubbles].sort((a, b) => b.notionalQuote - a.notionalQuote);
  for (const bubble of ordered) drawDisc(context, bubble, look);
  const { selected } = look;
  if (selected) {
    if (look.cause) drawLink(context, look.cause, selected, look);
    for (const effect of look.effects) drawLink(context, selected, effect, look);
    drawSelection(context, selected, look);
  }
  context.restore();
}

/** The topmost disc under a point, or null. */
export function bubbleAt(
  bubbles: readonly Bubble[],
  point: { x: number; y: number },
  quotePerDisc: number,
): Bubble | null {
  let found: Bubble | null = null;
  for (const bubble of bubbles) {
    const reach = bubbleRadius(bubble.notionalQuote, quotePerDisc) + 3;
    const dx = bubble.x - point.x;
    const dy = bubble.y - point.y;
    if (dx * dx + dy * dy > reach * reach) continue;
    if (!found || bubble.notionalQuote < found.notionalQuote) found = bubble;
  }
  return found;
}

function drawDisc(context: CanvasRenderingContext2D, bubble: Bubble, look: BubbleLook): void {
  const { palette } = look;
  const radius = bubbleRadius(bubble.notionalQuote, look.quotePerDisc);
  const color = generationColor(bubble.generation, palette);
  const isCoarse = bubble.ordinal < 0;
  context.fillStyle = color;
  context.globalAlpha = isCoarse ? 0.35 : radius > 4 ? 0.8 : 0.95;
  circle(context, bubble, radius);
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1;
  if (isCoarse) {
    context.strokeStyle = color;
    context.stroke();
    return;
  }
  context.strokeStyle = palette.liquidationEdge;
  if (radius > 2.4) context.stroke();
  drawRings(context, bubble, radius, color);
  if (radius >= TRIANGLE_RADIUS) drawSide(context, bubble, radius, palette);
}

function drawRings(
  context: CanvasRenderingContext2D,
  bubble: Bubble,
  radius: number,
  color: string,
): void {
  const rings = Math.max(generationStep(bubble.generation), bubble.isMixed ? 1 : 0);
  if (rings === 0) return;
  context.strokeStyle = color;
  context.lineWidth = 1.2;
  context.setLineDash(bubble.isMixed ? [3, 2.5] : []);
  for (let ring = 1; ring <= rings; ring += 1) {
    circle(context, bubble, radius + ring * RING_PIXELS);
    context.stroke();
  }
  context.setLineDash([]);
}

/** Nothing where both sides are merged. */
function drawSide(
  context: CanvasRenderingContext2D,
  bubble: Bubble,
  radius: number,
  palette: Palette,
): void {
  if (bubble.longsQuote > 0 === bubble.shortsQuote > 0) return;
  const size = Math.min(5, radius * 0.5) * (bubble.longsQuote > 0 ? 1 : -1);
  const { x, y } = bubble;
  context.fillStyle = palette.lane;
  context.globalAlpha = 0.85;
  context.beginPath();
  context.moveTo(x - Math.abs(size), y - size * 0.6);
  context.lineTo(x + Math.abs(size), y - size * 0.6);
  context.lineTo(x, y + size * 0.9);
  context.closePath();
  context.fill();
  context.globalAlpha = 1;
}

function drawSelection(context: CanvasRenderingContext2D, spot: Spot, look: BubbleLook): void {
  const rings = generationStep(spot.generation) * RING_PIXELS;
  const radius = bubbleRadius(spot.notionalQuote, look.quotePerDisc) + rings + 4;
  context.lineWidth = 2;
  context.strokeStyle = look.palette.text;
  circle(context, spot, radius);
  context.stroke();
}

/** An arrow from a cause to an effect. */
function drawLink(
  context: CanvasRenderingContext2D,
  from: Spot,
  to: Spot,
  look: BubbleLook,
): void {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.sqrt(dx * dx + dy * dy);
  const reach = bubbleRadius(to.notionalQuote, look.quotePerDisc) + 5;
  if (length < reach + 4) return;
  const [ux, uy] = [dx / length, dy / length];
  const [x, y] = [to.x - ux * reach, to.y - uy * reach];
  context.strokeStyle = look.palette.text;
  context.fillStyle = look.palette.text;
  context.globalAlpha = 0.75;
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(x, y);
  context.stroke();
  context.beginPath();
  context.moveTo(x + ux * 4, y + uy * 4);
  context.lineTo(x - ux * 3 - uy * 3, y - uy * 3 + ux * 3);
  context.lineTo(x - ux * 3 + uy * 3, y - uy * 3 - ux * 3);
  context.closePath();
  context.fill();
  context.globalAlpha = 1;
}

function circle(
  context: CanvasRenderingContext2D,
  at: { x: number; y: number },
  radius: number,
): void {
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
}
