/** Panels of lines over a few levels, as SVG that follows the reader's light or dark theme. */
import type { Estimate } from './estimates.js';

/** A line of a panel: one estimate a level. */
export interface Line {
  label: string;
  /** Number of its colour. */
  colour: number;
  points: readonly Estimate[];
}

/** One panel; levels lie evenly. */
export interface Panel {
  title: string;
  levels: readonly string[];
  levelName: string;
  lines: readonly Line[];
  /** Least and greatest value of the axis, and the step of its grid. */
  axis: readonly [low: number, high: number, step: number];
  /** Written beside the grid. */
  tick?: (value: number) => string;
  /** A level of the values to set off: no effect. */
  reference?: number;
}

/** A figure: panels row by row. */
export interface Figure {
  title: string;
  columns: number;
  panels: readonly Panel[];
}

const WIDTH = 290;
const HEIGHT = 236;
const PLOT = { left: 46, top: 44, right: 14, bottom: 40 };

/** Okabe & Ito 2008, told apart with any colour vision; the dark theme takes lighter ones. */
const STYLE = `<style>
svg { font: 11px sans-serif; fill: #222; background: #fff; }
.grid { stroke: #ddd; } .reference { stroke: #888; stroke-dasharray: 4 3; }
.bold { font-weight: bold; font-size: 12px; }
.c0 { --pen: #0072b2; } .c1 { --pen: #c8550a; } .c2 { --pen: #00805b; } .c3 { --pen: #a8437f; } .c4 { --pen: #6b5d00; }
.line { stroke: var(--pen); fill: none; stroke-width: 1.6; } .mark, .label { fill: var(--pen); }
@media (prefers-color-scheme: dark) {
svg { fill: #e6e6e6; background: #0d1117; }
.grid { stroke: #30363d; } .reference { stroke: #8b949e; }
.c0 { --pen: #56b4e9; } .c1 { --pen: #f0883e; } .c2 { --pen: #2fc496; } .c3 { --pen: #e58fc0; } .c4 { --pen: #e3d04f; }
}
</style>
`;

/** Returns the SVG; the same bytes from the same figure. */
export function drawFigure({ title, columns, panels }: Figure): string {
  const width = columns * WIDTH;
  const height = Math.ceil(panels.length / columns) * HEIGHT;
  const drawn = panels.map((panel, k) => {
    const at = `translate(${(k % columns) * WIDTH},${Math.floor(k / columns) * HEIGHT})`;
    return `<g transform="${at}">\n${drawPanel(panel)}</g>\n`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">\n` +
    `<title>${escaped(title)}</title>\n${STYLE}${drawn.join('')}</svg>\n`
  );
}

function drawPanel(panel: Panel): string {
  const { levels, lines, reference } = panel;
  const [low, high, step] = panel.axis;
  const [width, height] = [WIDTH - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom];
  const inset = 14;
  const x = (level: number): number =>
    PLOT.left + inset + (level * (width - 2 * inset)) / Math.max(1, levels.length - 1);
  const y = (value: number): number =>
    PLOT.top + height * (1 - (Math.min(Math.max(value, low), high) - low) / (high - low));
  const right = PLOT.left + width;
  const parts = [text(PLOT.left, 16, panel.title, 'class="bold"')];
  const tick = panel.tick ?? ((value: number) => String(value));
  for (let k = 0; low + k * step <= high + step / 1e6; k++) {
    const value = Number((low + k * step).toPrecision(12));
    parts.push(line([PLOT.left, y(value)], [right, y(value)], 'grid'));
    parts.push(text(PLOT.left - 5, y(value) + 4, tick(value), 'text-anchor="end"'));
  }
  if (reference !== undefined) parts.push(line([PLOT.left, y(reference)], [right, y(reference)], 'reference'));
  for (const [k, level] of levels.entries()) {
    parts.push(text(x(k), PLOT.top + height + 16, level, 'text-anchor="middle"'));
  }
  parts.push(text((PLOT.left + right) / 2, HEIGHT - 8, panel.levelName, 'text-anchor="middle"'));
  let label = PLOT.left;
  lines.forEach((one, k) => {
    // Side by side, so that intervals of equal values are both seen.
    const shift = (k - (lines.length - 1) / 2) * 4;
    parts.push(drawLine(one, (level) => x(level) + shift, y));
    if (one.label === '') return;
    parts.push(text(label, 33, one.label, `class="label c${one.colour}"`));
    label += 6 * one.label.length + 8;
  });
  return parts.join('');
}

function drawLine(
  { colour, points }: Line,
  x: (level: number) => number,
  y: (value: number) => number,
): string {
  const known = points.flatMap((point, k) => (Number.isFinite(point.value) ? [{ ...point, k }] : []));
  const path = known.map(({ value, k }) => `${short(x(k))},${short(y(value))}`).join(' ');
  const marks = known.map(({ value, low, high, k }) => {
    const bar = Number.isFinite(low) && Number.isFinite(high) ? line([x(k), y(low)], [x(k), y(high)], 'line') : '';
    return `${bar}<circle cx="${short(x(k))}" cy="${short(y(value))}" r="2.6" class="mark"/>\n`;
  });
  return `<g class="c${colour}"><polyline points="${path}" class="line"/>\n${marks.join('')}</g>\n`;
}

function line(from: readonly [number, number], to: readonly [number, number], kind: string): string {
  const ends = `x1="${short(from[0])}" y1="${short(from[1])}" x2="${short(to[0])}" y2="${short(to[1])}"`;
  return `<line ${ends} class="${kind}"/>\n`;
}

function text(x: number, y: number, content: string, more: string): string {
  return `<text x="${short(x)}" y="${short(y)}" ${more}>${escaped(content)}</text>\n`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function short(value: number): string {
  return String(Number(value.toFixed(1)));
}
