/** Parameters that several rules declare alike. */
import type { ParameterSpec } from '../../sim/strategy/index.js';

/** Side held. */
export const directionParam: ParameterSpec = {
  doc: 'Side held: 1 long, -1 short', unit: '1', min: -1, max: 1, default: 1, source: 'assumption',
};

/** Length of the year that annual figures refer to. */
export const daysPerYearParam: ParameterSpec = {
  doc: 'Trading days a year: 252, or 365 where trading never stops',
  unit: 'days', min: 1, max: 366, default: 365, source: 'practice',
};

/** Interest on cash; margin accounts of perpetual venues pay none. */
export const riskFreeParam: ParameterSpec = {
  doc: 'Annual risk-free rate, continuously compounded', unit: 'fraction', min: -1, max: 1,
  default: 0, source: 'practice: margin accounts of perpetual venues earn no interest',
};

/** Factor that the leverage dial turns where a rule's own formula has no leverage in it. */
export const leverageScaleParam: ParameterSpec = {
  doc: 'Multiplies the target leverage before its cap', unit: 'leverage', min: 0, max: 1000,
  default: 1, source: 'assumption',
};
