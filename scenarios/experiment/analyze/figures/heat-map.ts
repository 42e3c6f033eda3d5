/** A phase diagram: an outcome in the cells of two factors, and the boundary with its interval. */
import { contours } from 'd3';
import type { PhaseDiagram } from '../phase-diagram.js';
import { shortText } from '../number-words.js';
import { axisName } from './frame.js';
import { drawing, HEAT_STEPS, label, polyline, px } from './svg.js';
import type { Figure } from './svg.js';

const CELL = [62, 40] as const;
const BOX = { left: 74, top: 52 };
const LEGEND = { width: 12, gap: 16, room: 92 };

/** Draws it. */
export function heatMap(diagram: PhaseDiagram, confidence: number, name: string): Figure {
  const { cells, x, y, level, outcome, unit, variant } = diagram;
  const [width, height] = [cells.columns * CELL[0], cells.rows * CELL[1]];
  const [right, bottom] = [BOX.left + width, BOX.top + height];
  const [least, top] = diagram.range;
  const low = Math.min(0, least);
  const high = unit === 'probability' ? 1 : top === low ? low + 1 : top;
  const stepOf = (value: number): number => Math.min(HEAT_STEPS - 1, Math.floor(((value - low) / (high - low)) * HEAT_STEPS));
  const parts = [
    label(8, 16, outcome, 'class="title"'),
    label(8, 31, `${variant}${unit === '' ? '' : `; ${unit}`}`, 'class="muted"'),
    label(8, 46, axisName(y.factor, y.unit)),
  ];
  for (let row = 0; row < cells.rows; row++) {
    for (let column = 0; column < cells.columns; column++) {
      const value = cells.value[row * cells.columns + column];
      const [left, up] = [BOX.left + column * CELL[0], bottom - (row + 1) * CELL[1]];
      const kind = Number.isNaN(value) ? 'absent' : `h${stepOf(value)}`;
      parts.push(`<rect x="${px(left)}" y="${px(up)}" width="${CELL[0] - 1}" height="${CELL[1] - 1}" class="${kind}"/>`);
      parts.push(label(left + CELL[0] / 2, up + CELL[1] / 2 + 4, shortText(value), `class="mid${Number.isNaN(value) ? '' : ` t${stepOf(value)}`}"`));
    }
  }
  for (const [k, text] of x.labels.entries()) {
    const at = BOX.left + (k + 0.5) * CELL[0];
    parts.push(label(at, bottom + 15, shortLabel(text, x.binned), 'class="muted mid"'));
  }
  for (const [k, text] of y.labels.entries()) {
    const at = bottom - (k + 0.5) * CELL[1] + 4;
    parts.push(label(BOX.left - 6, at, shortLabel(text, y.binned), 'class="muted end"'));
  }
  parts.push(label((BOX.left + right) / 2, bottom + 32, axisName(x.factor, x.unit), 'class="mid"'));
  parts.push(...colourKey(low, high, [right + LEGEND.gap, BOX.top, height]));
  if (level !== null) parts.push(...edges(diagram, level, confidence, bottom));
  const alt = `${outcome} over ${x.factor} and ${y.factor}, ${variant}`;
  const svg = drawing([right + LEGEND.room, bottom + 46], alt, parts);
  return { name, svg, caption: captionOf(diagram, alt), alt };
}

function captionOf({ level, cells, derived }: PhaseDiagram, alt: string): string {
  const notes = [alt];
  if (derived) notes.push('not declared beforehand');
  if (level !== null) {
    const crosses = cells.value.some((one) => one >= level) && cells.value.some((one) => one < level);
    notes.push(crosses ? `line: ${level}; dashes: where the bootstrap is undecided` : `${level} is not crossed`);
  }
  if (cells.value.some(Number.isNaN)) notes.push('a dash: undefined, as without liquidations');
  return notes.join('; ');
}

/** The boundary, and its interval: where the share of resamples above the level is neither small nor large. */
function edges({ cells, above }: PhaseDiagram, level: number, confidence: number, bottom: number): string[] {
  const tail = (1 - confidence) / 2;
  const place = ([column, row]: readonly number[]): [number, number] => [BOX.left + column * CELL[0], bottom - row * CELL[1]];
  const draw = (values: Float64Array, threshold: number, kind: string): string[] =>
    contourLines(Array.from(values, (one) => (Number.isNaN(one) ? 0 : one)), cells, threshold).map((line) => polyline(line.map(place), `class="${kind}"`));
  const isCrossed = cells.value.some((one) => one >= level);
  return [
    ...(isCrossed ? draw(cells.value, level, 'edge') : []),
    ...draw(above, tail, 'edge-band'),
    ...draw(above, 1 - tail, 'edge-band'),
  ];
}

/** Lines at a threshold between cells, without the frame that closes them. */
export function contourLines(values: number[], { columns, rows }: { columns: number; rows: number }, threshold: number): [number, number][][] {
  if (!values.some((one) => one >= threshold) || !values.some((one) => one < threshold)) return [];
  const [shape] = contours().size([columns, rows]).thresholds([threshold])(values);
  const isFrame = ([x, y]: number[], [u, v]: number[]): boolean =>
    (x === u && (x === 0 || x === columns)) || (y === v && (y === 0 || y === rows)) || onFrame([x, y], columns, rows) && onFrame([u, v], columns, rows);
  const lines: [number, number][][] = [];
  for (const ring of shape.coordinates.flat()) {
    let line: [number, number][] = [];
    for (let i = 1; i < ring.length; i++) {
      const [from, to] = [ring[i - 1], ring[i]];
      if (isFrame(from, to)) {
        if (line.length > 0) lines.push(line);
        line = [];
        continue;
      }
      if (line.length === 0) line.push([from[0], from[1]]);
      line.push([to[0], to[1]]);
    }
    if (line.length > 0) lines.push(line);
  }
  return lines;
}

function onFrame([x, y]: readonly number[], columns: number, rows: number): boolean {
  return x <= 0 || y <= 0 || x >= columns || y >= rows;
}

function colourKey(low: number, high: number, [x, y, height]: readonly number[]): string[] {
  const step = height / HEAT_STEPS;
  const swatches = Array.from({ length: HEAT_STEPS }, (_, k) =>
    `<rect x="${px(x)}" y="${px(y + height - (k + 1) * step)}" width="${LEGEND.width}" height="${px(step)}" class="h${k}"/>`,
  );
  const ends = [low, (low + high) / 2, high].map((value, k) =>
    label(x + LEGEND.width + 4, y + height - (k * height) / 2 + 4, shortText(value), 'class="muted"'),
  );
  return [...swatches, ...ends];
}

/** Bins are named by where they begin. */
function shortLabel(text: string, binned: boolean): string {
  return binned ? text.replace(/ to .*/, '…') : text;
}
