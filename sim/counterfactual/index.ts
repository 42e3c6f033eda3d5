export { effectOf, necessity, sufficiency, synergy } from './effects.js';
export type { Effect } from './effects.js';
export { meanInterval, pairedDifference, shareInterval } from '../statistics/index.js';
export type { MeanInterval, ShareInterval } from '../statistics/index.js';
export {
  coalitionsOf,
  drawPermutations,
  PLAYERS_EXACT_MAX,
  PLAYERS_MAX,
  shapleyExact,
  shapleySampled,
} from './shapley.js';
export type { ShapleyValues } from './shapley.js';
