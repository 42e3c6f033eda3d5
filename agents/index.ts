export { registry, strategyNamed } from './registry.js';
export {
  finiteHorizonSpread,
  glftHalfSpread,
  glftSlope,
  reservationPrice,
  solveKyle,
} from './parts/index.js';
export type { KyleOffsets } from './parts/index.js';
