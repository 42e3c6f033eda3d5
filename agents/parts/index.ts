export { startClock } from './clock.js';
export {
  finiteHorizonSpread,
  glftHalfSpread,
  glftSlope,
  glftSlopePerVolatility,
  reservationPrice,
} from './glft.js';
export { solveKyle } from './kyle.js';
export type { KyleOffsets } from './kyle.js';
export { logRatio, logTicks } from './log-ticks.js';
export {
  CHANNEL_BARS_MAX,
  Channel,
  channelState,
  closeBar,
  seePrice,
  watchEntry,
  watchExit,
} from './price-channel.js';
export { RUIN_FRACTION, standsDown } from './ruin.js';
export { squash } from './squash.js';
export { DAY_MICROS, HOUR_MICROS, SECOND_MICROS } from './units.js';
