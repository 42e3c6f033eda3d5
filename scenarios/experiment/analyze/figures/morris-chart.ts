/** Elementary effects: how much a factor matters against how unevenly. */
import type { Sensitivity } from '../sensitivity.js';
import { bottomAxis, leftAxis, linearScale } from './frame.js';
import type { PlotBox } from './frame.js';
import { figureText } from '../number-words.js';
import { drawing, label, mark, segment } from './svg.js';
import type { Figure } from './svg.js';

const BOX: PlotBox = { left: 58, top: 46, right: 356, bottom: 226 };

/** Draws mean absolute effects against their spread. */
export function morrisChart(outcome: string, variant: string, { axes, morris }: Sensitivity, name: string): Figure | null {
  if (morris === null) return null;
  const stars = morris.effects.flatMap(({ muStar: { value, low, high } }) => [0, value, low, high]);
  const spreads = morris.effects.flatMap(({ sigma: { value, low, high } }) => [0, value, low, high]);
  const x = linearScale(stars, [BOX.left, BOX.right]);
  const y = linearScale(spreads, [BOX.bottom, BOX.top]);
  const parts = [
    label(8, 16, outcome, 'class="title"'),
    label(8, 31, `${variant}: spread σ of effects`, 'class="muted"'),
    ...leftAxis(y, BOX),
    ...bottomAxis(x.ticks.map((tick) => ({ at: x(tick), text: figureText(tick) })), 'mean absolute effect μ*', BOX),
  ];
  morris.effects.forEach(({ muStar, sigma }, k) => {
    if (Number.isNaN(muStar.value) || Number.isNaN(sigma.value)) return;
    const at = [x(muStar.value), y(sigma.value)] as const;
    parts.push(segment([x(muStar.low), at[1]], [x(muStar.high), at[1]], 'class="whisker s0"'));
    parts.push(segment([at[0], y(sigma.low)], [at[0], y(sigma.high)], 'class="whisker s0"'));
    parts.push(mark(0, ...at));
    const isRight = at[0] > (BOX.left + BOX.right) / 2;
    parts.push(label(at[0] + (isRight ? -8 : 8), at[1] - 7, axes[k], isRight ? 'class="end"' : ''));
  });
  const alt = `Elementary effects on ${outcome}`;
  return { name, svg: drawing([370, 270], alt, parts), caption: `${alt}, ${variant}, with bootstrap intervals`, alt };
}
