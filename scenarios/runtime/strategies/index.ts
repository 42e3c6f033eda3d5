export { callWithStrategy } from './call-with-strategy.js';
export type { StrategyCall } from './call-with-strategy.js';
export { importStrategies } from './import-strategy.js';
export type { WatchPlace } from './import-strategy.js';
export { loadStrategies } from './load-strategies.js';
export { CALL_MILLIS_MAX, watchLoops, watchWords } from './loops.js';
export { readStrategies, strategyDigests, strategyFileName, writeStrategies } from './stored-strategies.js';
export { codesOf } from './strategy-code.js';
export type { LoadedStrategy, StrategyCode } from './strategy-code.js';
