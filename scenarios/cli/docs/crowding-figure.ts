/** Draws the figure of crowding: three panels over the dial, as SVG. */
import type { CrowdingPoint, Estimate } from './crowding-data.js';

/** A line of a panel. */
interface Series {
  label: string;
  colour: string;
  /** Of the line; 1.5 when left out. */
  width?: number;
  of: (point: CrowdingPoint) => Estimate;
}

/** One panel. */
interface Panel {
  title: string;
  series: readonly Series[];
  /** Single runs, as pale dots. */
  dots?: (point: CrowdingPoint) => readonly number[];
  /** Top of the axis; NaN to fit. */
  max: number;
  step: number;
}

const WIDTH = 300;
const HEIGHT = 250;
const PLOT = { left: 42, top: 44, right: 14, bottom: 40 };
const [INK, PALE, DOT] = ['#222', '#ddd', '#9db8d6'];
const [BLUE, ORANGE, GREEN] = ['#1f5fa8', '#c4560c', '#2d7d46'];

const panels: readonly Panel[] = [
  {
    title: 'Exit convergence before the fall',
    series: [{ label: 'XC', colour: BLUE, of: (point) => point.exitConvergence }],
    max: 1, step: 0.25,
  },
  {
    title: 'Peak ex-ante R(p) before the fall',
    series: [
      { label: 'L1: liquidations', colour: BLUE, of: (point) => point.exAntePeak },
      { label: 'L3: with rules', colour: ORANGE, of: (point) => point.exitPressurePeak },
    ],
    max: NaN, step: 10,
  },
  {
    title: 'Realised R of the run',
    series: [
      // First the wide one: it lies under the next where there are no stops at the venue.
      { label: 'L2: stops', colour: GREEN, width: 5, of: (point) => point.realised[1] },
      { label: 'L1: liquidations', colour: BLUE, of: (point) => point.realised[0] },
      { label: 'L3: rules', colour: ORANGE, of: (point) => point.realised[2] },
    ],
    dots: (point) => point.cascades,
    max: 1, step: 0.25,
  },
];

/** Returns the SVG; the same bytes from the same points. */
export function crowdingFigure(points: readonly CrowdingPoint[]): string {
  const drawn = panels.map((panel, k) => drawPanel(panel, points, k * WIDTH));
  const width = panels.length * WIDTH;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" ` +
    `height="${HEIGHT}" font-family="sans-serif" font-size="11" fill="${INK}">\n` +
    '<title>Exit convergence, peak ex-ante R(p) and realised R over dials.crowding</title>\n' +
    `<rect width="${width}" height="${HEIGHT}" fill="#fff"/>\n${drawn.join('')}</svg>\n`
  );
}

function drawPanel(panel: Panel, points: readonly CrowdingPoint[], offset: number): string {
  const { step } = panel;
  const highs = panel.series.flatMap(({ of }) => points.map((point) => of(point).high));
  const highest = Math.max(...highs.filter(Number.isFinite));
  const max = Number.isFinite(panel.max) ? panel.max : Math.ceil(highest / step) * step;
  const [width, height] = [WIDTH - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom];
  const x = (crowding: number): number => offset + PLOT.left + crowding * width;
  const y = (value: number): number =>
    PLOT.top + height * (1 - Math.min(Math.max(value, 0), max) / max);
  const parts = [text(offset + PLOT.left, 16, panel.title, 'font-weight="bold" font-size="12"')];
  for (let value = 0; value <= max; value += step) {
    parts.push(line(x(0), y(value), x(1), y(value), PALE));
    parts.push(text(x(0) - 5, y(value) + 4, String(value), 'text-anchor="end"'));
  }
  for (const value of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    parts.push(text(x(value), y(0) + 16, String(value), 'text-anchor="middle"'));
  }
  parts.push(text(x(0.5), y(0) + 32, 'dials.crowding', 'text-anchor="middle"'));
  for (const point of points) {
    for (const value of panel.dots?.(point) ?? []) {
      const at = `cx="${number(x(point.crowding))}" cy="${number(y(value))}"`;
      parts.push(`<circle ${at} r="2" fill="${DOT}"/>\n`);
    }
  }
  let label = offset + PLOT.left;
  for (const series of panel.series) {
    parts.push(drawSeries(series, points, x, y));
    if (panel.series.length > 1) {
      parts.push(text(label, 32, series.label, `fill="${series.colour}"`));
      label += 6 * series.label.length + 8;
    }
  }
  return parts.join('');
}

function drawSeries(
  { colour, width = 1.5, of }: Series,
  points: readonly CrowdingPoint[],
  x: (crowding: number) => number,
  y: (value: number) => number,
): string {
  const known = points.filter((point) => Number.isFinite(of(point).value));
  const path = known.map((point) => `${number(x(point.crowding))},${number(y(of(point).value))}`);
  const marks = known.map((point) => {
    const { value, low, high } = of(point);
    const at = x(point.crowding);
    return (
      line(at, y(low), at, y(high), colour) +
      `<circle cx="${number(at)}" cy="${number(y(value))}" r="2.5" fill="${colour}"/>\n`
    );
  });
  const pen = `fill="none" stroke="${colour}" stroke-width="${width}"`;
  const curve = `<polyline points="${path.join(' ')}" ${pen}/>`;
  return `${curve}\n${marks.join('')}`;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  const ends = `x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}"`;
  return `<line ${ends} stroke="${colour}"/>\n`;
}

function text(x: number, y: number, content: string, more: string): string {
  return `<text x="${number(x)}" y="${number(y)}" ${more}>${content}</text>\n`;
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}
