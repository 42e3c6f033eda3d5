/** Elementary effects: what a factor's move changes, over trajectories. */
import { assert } from '../kernel/index.js';
import type { BootstrapOptions, Estimate } from '../metrics/index.js';
import { completeBlocks, percentileEstimates } from './resample.js';
import type { UnitDesign } from './unit-design.js';

/** What Morris trajectories say of one factor; effects are changes per unit of its coordinate. */
export interface MorrisEffect {
  /** Mean effect: near 0 also where effects cancel. */
  mu: Estimate;
  /** Mean absolute effect: how influential the factor is. */
  muStar: Estimate;
  /** Standard deviation of effects, with r - 1: how nonlinear it is, or how it interacts. */
  sigma: Estimate;
}

/** Elementary effects of all factors. */
export interface MorrisEffects {
  /** By dimension of the design. */
  factors: MorrisEffect[];
  /** Trajectories used. */
  trajectories: number;
  /** Trajectories left out, as an outcome was missing. */
  dropped: number;
}

/**
 * Returns mu and sigma (Morris 1991) and mu* (Campolongo, Cariboni & Saltelli 2007) of every factor
 * with percentile bootstrap intervals over trajectories, which are narrow for fewer than about 20.
 *
 * @param outcomes by point of the design; NaN where the run failed
 */
export function morrisEffects(
  design: UnitDesign,
  outcomes: ArrayLike<number>,
  options: BootstrapOptions,
): MorrisEffects {
  const { count, dimensions, blockSize } = design;
  assert(outcomes.length === count, `${outcomes.length} outcomes of ${count} points`);
  assert(blockSize === dimensions + 1, 'trajectories move every factor once');
  const kept = completeBlocks(outcomes, blockSize);
  const effects = new Float64Array(kept.length * dimensions);
  kept.forEach((block, t) => {
    writeEffects(design, outcomes, block, effects.subarray(t * dimensions));
  });
  const statistic = (rows: Int32Array, out: Float64Array): void => {
    for (let j = 0; j < dimensions; j++) {
      let sum = 0;
      let sizes = 0;
      for (const t of rows) {
        sum += effects[t * dimensions + j];
        sizes += Math.abs(effects[t * dimensions + j]);
      }
      const mu = sum / rows.length;
      let squares = 0;
      for (const t of rows) {
        const gap = effects[t * dimensions + j] - mu;
        squares += gap * gap;
      }
      out[3 * j] = mu;
      out[3 * j + 1] = sizes / rows.length;
      out[3 * j + 2] = Math.sqrt(squares / (rows.length - 1));
    }
  };
  const found = percentileEstimates(kept.length, 3 * dimensions, statistic, options);
  const factors = Array.from({ length: dimensions }, (_, j) => {
    const [mu, muStar, sigma] = found.slice(3 * j, 3 * j + 3);
    return { mu, muStar, sigma };
  });
  return { factors, trajectories: kept.length, dropped: count / blockSize - kept.length };
}

/** Writes the effect of each factor along one trajectory. */
function writeEffects(
  { dimensions, unit, blockSize }: UnitDesign,
  outcomes: ArrayLike<number>,
  block: number,
  out: Float64Array,
): void {
  const moved = new Uint8Array(dimensions);
  for (let point = block * blockSize; point < (block + 1) * blockSize - 1; point++) {
    let factor = -1;
    for (let j = 0; j < dimensions; j++) {
      if (unit[point * dimensions + j] === unit[(point + 1) * dimensions + j]) continue;
      assert(factor < 0 && moved[j] === 0, `a step of trajectory ${block} moves one new factor`);
      factor = j;
    }
    assert(factor >= 0, `a step of trajectory ${block} moves a factor`);
    moved[factor] = 1;
    const step = unit[(point + 1) * dimensions + factor] - unit[point * dimensions + factor];
    out[factor] = (outcomes[point + 1] - outcomes[point]) / step;
  }
}
