/** Every strategy that ships: the one place that names them. */
import { UserError } from '../sim/kernel/index.js';
import type { Strategy } from '../sim/strategy/index.js';
import { liquidationHunter, spoofer, stopRunner } from './adversary/index.js';
import {
  informed,
  momentum,
  orderSplitter,
  value,
  valueFund,
  zeroIntelligence,
} from './flow/index.js';
import { arbitrageur, avellanedaStoikov, marketMaker } from './liquidity/index.js';
import {
  antiMartingale,
  buyAndHoldLevered,
  constantMix,
  cppi,
  deltaBand,
  drawdownCut,
  fixedFractional,
  gridAveraging,
  grossmanZhou,
  historicalVarLimit,
  impliedVolatilityTarget,
  kelly,
  lenderCeiling,
  leverageTarget,
  martingale,
  pyramiding,
  scalingOut,
  stopLadder,
  tipp,
  trailingLadder,
  varLimit,
  volatilityTarget,
} from './scaling/index.js';
import {
  adaptiveSwitching,
  disposition,
  herding,
  regimeForest,
  regimeHmm,
  sentiment,
} from './signal/index.js';

/** The strategies, in alphabetical order. */
export const registry: readonly Strategy[] = Object.freeze([
  adaptiveSwitching,
  antiMartingale,
  arbitrageur,
  avellanedaStoikov,
  buyAndHoldLevered,
  constantMix,
  cppi,
  deltaBand,
  disposition,
  drawdownCut,
  fixedFractional,
  gridAveraging,
  grossmanZhou,
  herding,
  historicalVarLimit,
  impliedVolatilityTarget,
  informed,
  kelly,
  lenderCeiling,
  leverageTarget,
  liquidationHunter,
  marketMaker,
  martingale,
  momentum,
  orderSplitter,
  pyramiding,
  regimeForest,
  regimeHmm,
  scalingOut,
  sentiment,
  spoofer,
  stopLadder,
  stopRunner,
  tipp,
  trailingLadder,
  value,
  valueFund,
  varLimit,
  volatilityTarget,
  zeroIntelligence,
]);

/**
 * Returns the strategy of that name.
 *
 * @throws UserError `strategy/unknown`, naming the nearest one.
 */
export function strategyNamed(name: string): Strategy {
  let nearest = registry[0];
  let least = Infinity;
  for (const strategy of registry) {
    if (strategy.name === name) return strategy;
    const distance = editDistance(name, strategy.name);
    if (distance < least) {
      least = distance;
      nearest = strategy;
    }
  }
  const known = registry.map((strategy) => strategy.name).join(', ');
  throw new UserError(
    'strategy/unknown',
    `strategy was "${name}", did you mean "${nearest.name}"? Known: ${known}`,
  );
}

/** Returns the Levenshtein distance of two words. */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const line = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      line.push(Math.min(before[j] + 1, line[j - 1] + 1, change));
    }
    before = line;
  }
  return before[b.length];
}
