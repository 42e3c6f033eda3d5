export { bridgePath } from './bridge-path.js';
export type { Anchor, BridgeTerms } from './bridge-path.js';
export { multifractalPath } from './multifractal-path.js';
export type { MultifractalTerms } from './multifractal-path.js';
export { barsDurationMicros, ohlcPath } from './price-bars.js';
export type { PriceBars } from './price-bars.js';
export { parsePriceFile } from './price-file.js';
export type { PriceFile } from './price-file.js';
export { splitCsv } from './price-row.js';
export type { PriceRow } from './price-row.js';
export {
  highestPrice,
  lowestPrice,
  MICROS_PER_YEAR,
  scaleLogReturns,
  toTicks,
} from './price-path.js';
export type { PricePath, TickPath } from './price-path.js';
export { brownianPath, constantPath } from './process-path.js';
export type { BrownianTerms } from './process-path.js';
