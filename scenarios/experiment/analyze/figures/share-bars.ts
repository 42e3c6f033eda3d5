/** First-order and total indices as bars with whiskers. */
import type { Sensitivity } from '../sensitivity.js';
import { leftAxis, linearScale } from './frame.js';
import type { PlotBox } from './frame.js';
import { drawing, label, px, segment } from './svg.js';
import type { Figure } from './svg.js';

const BAR = 20;
const GAP = 26;

/** Draws the indices of a Saltelli design, largest total first. */
export function shareBars(outcome: string, variant: string, { axes, sobol }: Sensitivity, name: string): Figure | null {
  if (sobol === null) return null;
  const order = axes.map((_, k) => k).sort((a, b) => sobol.total[b].value - sobol.total[a].value);
  const width = Math.max(340, 76 + axes.length * (2 * BAR + GAP));
  const box: PlotBox = { left: 50, top: 56, right: width - 14, bottom: 226 };
  const y = linearScale([0, 1, ...sobol.total.flatMap((one) => [one.low, one.high]), ...sobol.first.flatMap((one) => [one.low, one.high])], [box.bottom, box.top]);
  const step = (box.right - box.left) / axes.length;
  const parts = [
    label(8, 16, outcome, 'class="title"'),
    label(8, 31, `${variant}: share of variance`, 'class="muted"'),
    `<rect x="${box.left}" y="38" width="10" height="10" class="s0"/>`,
    label(box.left + 15, 47, 'alone (first order)'),
    `<rect x="${box.left + 125}" y="38" width="10" height="10" class="s1"/>`,
    label(box.left + 140, 47, 'with interactions (total)'),
    ...leftAxis(y, box),
  ];
  order.forEach((axis, place) => {
    const middle = box.left + (place + 0.5) * step;
    [sobol.first[axis], sobol.total[axis]].forEach(({ value, low, high }, k) => {
      if (Number.isNaN(value)) return;
      const x = middle + (k - 1) * BAR;
      const [top, foot] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      parts.push(`<rect x="${px(x + 1)}" y="${px(top)}" width="${BAR - 2}" height="${px(foot - top)}" class="s${k}"/>`);
      if (Number.isFinite(low)) parts.push(segment([x + BAR / 2, y(low)], [x + BAR / 2, y(high)], 'class="axis" stroke-width="1.6"'));
    });
    parts.push(label(middle, box.bottom + 16, axes[axis], 'class="mid"'));
  });
  parts.push(segment([box.left, y(0)], [box.right, y(0)], 'class="axis"'));
  const alt = `Sensitivity indices of ${outcome}`;
  return { name, svg: drawing([width, 262], alt, parts), caption: `${alt}, ${variant}, with bootstrap intervals`, alt };
}
