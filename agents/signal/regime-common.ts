/** What the regime predictors share: who belongs to the monoculture, and when they trade. */
import type { ParameterSpec } from '../../sim/strategy/index.js';

/** Lanes of a regime predictor's noise. */
export const Lane = {
  /** Membership of the monoculture. */
  member: 0,
  /** Its seed, in turns of re-estimations. */
  seed: 1,
  /** Factors of the first model: this lane and those after it. */
  model: 2,
  /** Starts of bootstrap blocks: this lane and those after it. */
  block: 16,
} as const;

/** Share of the cohort that uses one model, trained on the same data with the same seed. */
export const monocultureParameter: ParameterSpec = {
  doc: 'Chance of belonging to those who share one model, its data and its seed',
  unit: 'fraction', min: 0, max: 1, default: 1,
  source: 'assumption: the factor of homogeneity; Khandani & Lo 2011, Kleinberg & Raghavan 2021',
};

/** Change of the wanted part of the leverage below which a predictor holds. */
export const deadbandParameter: ParameterSpec = {
  doc: 'Holds while the wanted part of its leverage is nearer than this to the last traded one',
  unit: 'fraction', min: 0, max: 1, default: 0.2, source: 'assumption',
};
