export { registry, strategyNamed } from './registry.js';
export { finiteHorizonSpread, glftHalfSpread, glftSlope, reservationPrice } from './parts/index.js';
