/** The normal density, and what follows from it. */
import { exp, normalQuantile } from '../../sim/kernel/index.js';

const ROOT_TWO_PI = 2.5066282746310002;

/** Returns the standard normal density. */
export function normalDensity(x: number): number {
  return exp(-0.5 * x * x) / ROOT_TWO_PI;
}

/** Returns the expected shortfall of a standard normal loss at a confidence below 1. */
export function normalTailMean(confidence: number): number {
  return normalDensity(normalQuantile(confidence)) / (1 - confidence);
}
