/** How an estimate settles as runs come in. */
import type { RunningEstimate } from '../convergence.js';
import { figureText } from '../number-words.js';
import { bottomAxis, leftAxis, legend, linearScale } from './frame.js';
import type { PlotBox } from './frame.js';
import { drawing, label, polyline, px } from './svg.js';
import type { Figure } from './svg.js';

const BOX: PlotBox = { left: 62, top: 46, right: 356, bottom: 206 };

/** Draws the running estimates of one outcome; null where there is nothing to follow. */
export function runningChart(outcome: string, series: readonly RunningEstimate[], name: string): Figure | null {
  const known = series.filter((one) => one.steps.length > 1);
  if (known.length === 0) return null;
  // The first intervals are so wide that they would hide the rest.
  const settled = known.flatMap(({ steps }) => steps.slice(Math.min(2, steps.length - 1)).flatMap(({ value, low, high }) => [value, low, high]));
  const y = linearScale(settled, [BOX.bottom, BOX.top], 4);
  const most = known.reduce((largest, { steps }) => Math.max(largest, steps[steps.length - 1].units), 0);
  const x = linearScale([0, most], [BOX.left, BOX.right]);
  const clamp = (value: number): number => Math.min(BOX.bottom, Math.max(BOX.top, y(value)));
  const parts = [
    label(8, 16, outcome, 'class="title"'),
    ...(known.length > 1 ? legend(known.map((one) => one.variant), BOX.left, 36) : []),
    ...leftAxis(y, BOX),
    ...bottomAxis(x.ticks.filter(Number.isInteger).map((tick) => ({ at: x(tick), text: figureText(tick) })), known[0].unitName, BOX),
  ];
  known.forEach(({ steps }, k) => {
    const inside = steps.filter(({ low }) => Number.isFinite(low));
    const band = [...inside.map((one) => [x(one.units), clamp(one.low)]), ...inside.reverse().map((one) => [x(one.units), clamp(one.high)])];
    parts.push(`<polygon points="${band.map(([u, v]) => `${px(u)},${px(v)}`).join(' ')}" class="band s${k}"/>`);
    parts.push(polyline(steps.map((one) => [x(one.units), clamp(one.value)] as const), `class="line s${k}" stroke-dasharray="${DASHES[k % DASHES.length]}"`));
  });
  const alt = `${outcome} as ${known[0].unitName} come in`;
  return { name, svg: drawing([370, 250], alt, parts), caption: `${alt}, with its interval`, alt };
}

const DASHES = ['none', '6 3', '2 2', '8 3 2 3'];
