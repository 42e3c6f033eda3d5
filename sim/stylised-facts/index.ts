export { BlockBootstrap, blockLength } from './block-bootstrap.js';
export type { BootstrapTerms, Interval } from './block-bootstrap.js';
export { correlogram, geometricLags, shareAboveNoise, singleLags } from './correlogram.js';
export type { Correlogram, LagBin } from './correlogram.js';
export { fitPowerDecay } from './decay.js';
export type { PowerDecay } from './decay.js';
export type { FactCurve, FactResult, FactTerms, FactValue, StylisedFact, Verdict } from './fact.js';
export { fitGarch } from './garch.js';
export type { GarchFit, GarchTerms } from './garch.js';
export { eventReturns, joined, magnitudes, returnsOver } from './market-record.js';
export type {
  MarketRecord,
  OrderRecord,
  ParentRecord,
  Sample,
  TakerRecord,
} from './market-record.js';
export { excessKurtosis } from './moments.js';
export { scorecard, stylisedFacts } from './scorecard.js';
export type { FactRow, Scorecard } from './scorecard.js';
export { fluctuationExponent } from './volatility-facts.js';
export { fitGamma, fitWaiting, gammaCdf, gammaDistance, logGamma } from './waiting-laws.js';
export type { GammaTerms, WaitingFit } from './waiting-laws.js';
