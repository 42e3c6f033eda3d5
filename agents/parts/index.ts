export { betOutcome, BetOutcome, betState, watchBarriers } from './barrier-bet.js';
export { cappedGain, lesser, reaches } from './capped-gain.js';
export { startClock } from './clock.js';
export {
  daysPerYearParam,
  directionParam,
  leverageScaleParam,
  riskFreeParam,
} from './common-params.js';
export {
  cushionGain,
  cushionParams,
  cushionState,
  growFloor,
  investCushion,
  startCushion,
} from './cushion.js';
export {
  finiteHorizonSpread,
  glftHalfSpread,
  glftSlope,
  glftSlopePerVolatility,
  reservationPrice,
} from './glft.js';
export { heldExposure } from './held-exposure.js';
export { solveKyle } from './kyle.js';
export type { KyleOffsets } from './kyle.js';
export { logRatio, logTicks } from './log-ticks.js';
export { normalDensity, normalTailMean } from './normal-density.js';
export {
  CHANNEL_BARS_MAX,
  Channel,
  channelState,
  closeBar,
  seePrice,
  watchEntry,
  watchExit,
} from './price-channel.js';
export { keepRiskLimit, riskLimitGain, riskLimitParams, riskLimitState } from './risk-limit.js';
export { RUIN_FRACTION, standsDown } from './ruin.js';
export { squash } from './squash.js';
export {
  Cycle,
  CyclePhase,
  cycleState,
  CycleStep,
  cycleStep,
  entryParams,
  entryTicks,
  keepLeft,
  startCycle,
} from './trade-cycle.js';
export { DAY_MICROS, HOUR_MICROS, SECOND_MICROS } from './units.js';
export {
  barDays,
  startVariance,
  trackVariance,
  varianceParams,
  varianceState,
} from './variance.js';
