export type { CriticalPoint, OrderParameter, SecondOpinion, SizeReport } from './critical-point.js';
export { locateCritical } from './locate-critical.js';
export type { CriticalOptions } from './locate-critical.js';
export type { Located } from './resample.js';
export { earlyOffspring } from './row.js';
export type { CriticalityRow, EarlyOffspring } from './row.js';
export { SPANNING_LIMIT } from './size-curve.js';
export type { SizeCurves, TurnName } from './size-curve.js';
