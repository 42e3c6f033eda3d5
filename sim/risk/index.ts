export { bitmexScore } from './auto-deleverage.js';
export {
  NoFunding,
  PremiumFunding,
  RATE_UNIT,
  clamp,
  clampedRate,
  fundingPayment,
  makeFunding,
  premiumIndex,
} from './funding.js';
export type { FundingPolicy, FundingSpec } from './funding.js';
export {
  StepDownLiquidation,
  WholeLiquidation,
  makeLiquidation,
} from './liquidation-policy.js';
export type { LiquidationPolicy, LiquidationSpec } from './liquidation-policy.js';
export { LossWaterfall } from './loss-waterfall.js';
export type { WaterfallStep } from './loss-waterfall.js';
export {
  FairMark,
  IndexMark,
  LastMark,
  MedianOfThreeMark,
  fairPrice,
  makeMark,
  medianOfThree,
} from './mark-price.js';
export type { MarkInputs, MarkPolicy, MarkSpec } from './mark-price.js';
export { bandHigh, bandLow } from './price-band.js';
export type { PriceBandSpec } from './price-band.js';
export { TieredMargin, ppmCeil } from './tiered-margin.js';
export type { MarginPolicy, MarginSpec, MarginTier } from './tiered-margin.js';
