export { startCounterfactual } from './counterfactual.js';
export type { Counterfactual, CounterfactualHandle, CounterfactualOptions } from './counterfactual.js';
export type { Division, MeasureDivision } from './division.js';
export type { CauseEffects, Sufficiency } from './effects.js';
export { calmBefore, findLiquidation, readLiquidations } from './liquidation-list.js';
export type { LiquidationList, RunLiquidation } from './liquidation-list.js';
export { MEASURES } from './measures.js';
export type { Measure } from './measures.js';
export type { Cause, CauseName } from './question.js';
