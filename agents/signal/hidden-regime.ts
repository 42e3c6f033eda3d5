/** A hidden Markov model of two Gaussian regimes, kept in an agent's row. */
import { exp, log } from '../../sim/kernel/index.js';

/** Offsets of a model's values from its first: regime 0 is calm, 1 is stress (the wider one). */
export const Regime = {
  /** Chance a bar of leaving calm, and of leaving stress. */
  leaveCalm: 0,
  leaveStress: 1,
  meanCalm: 2,
  deviationCalm: 3,
  meanStress: 4,
  deviationStress: 5,
  /** log(deviation of stress / deviation of calm), kept because every bar needs it. */
  logRatio: 6,
  length: 7,
} as const;

/** Longest training window, bars. */
export const WINDOW_BARS_MAX = 256;

/** Chances of leaving a regime stay inside these; a deviation, above this part of the sample's. */
const LEAVE_MIN = 1e-4;
const LEAVE_MAX = 0.9999;
const DEVIATION_FLOOR = 0.1;
/** A spread below these is the rounding of logarithms, absolute or relative to the mean. */
const VARIANCE_MIN = 1e-24;
const ROUNDING = 1e-12;
/** Beyond this the odds are 0 or infinite in a float anyway. */
const EXPONENT_MAX = 700;

// Working space of the training, written before it is read.
const sample = new Float64Array(WINDOW_BARS_MAX);
const forwardStress = new Float64Array(WINDOW_BARS_MAX);
const predictedStress = new Float64Array(WINDOW_BARS_MAX);
const calmOverStress = new Float64Array(WINDOW_BARS_MAX);

/**
 * Orders the regimes of the model at `m` by deviation, so that 1 is stress (equally wide ones by
 * mean: stress has the lower), and computes what is derived. Says whether they changed places: a probability of stress then turns over.
 */
export function orderRegimes(rows: Float64Array, m: number): boolean {
  const wider = rows[m + Regime.deviationCalm] - rows[m + Regime.deviationStress];
  const swaps =
    wider > 0 || (wider === 0 && rows[m + Regime.meanCalm] < rows[m + Regime.meanStress]);
  if (swaps) {
    swap(rows, m + Regime.leaveCalm, m + Regime.leaveStress);
    swap(rows, m + Regime.meanCalm, m + Regime.meanStress);
    swap(rows, m + Regime.deviationCalm, m + Regime.deviationStress);
  }
  rows[m + Regime.logRatio] = log(
    rows[m + Regime.deviationStress] / rows[m + Regime.deviationCalm],
  );
  return swaps;
}

/** Returns the long-run probability of stress of the model at `m`. */
export function stationaryStress(rows: Float64Array, m: number): number {
  const toStress = rows[m + Regime.leaveCalm];
  return toStress / (toStress + rows[m + Regime.leaveStress]);
}

/**
 * One step of the filter: returns the probability of stress after a log return, given the one
 * before it.
 *
 * Source: Hamilton 1989: predict with the transition matrix, weigh by the densities, normalise.
 */
export function filterStress(
  rows: Float64Array,
  m: number,
  before: number,
  logReturn: number,
): number {
  const predicted = predictStress(rows, m, before);
  const calm = (1 - predicted) * densityRatio(rows, m, logReturn);
  return predicted / (predicted + calm);
}

/** Returns d(probability of stress)/d(log return) at a log return of 0, one step on. */
export function stressSlope(rows: readonly number[], before: number): number {
  const row = Float64Array.from(rows);
  const after = filterStress(row, 0, before, 0);
  const pull = (mean: number, deviation: number): number =>
    row[mean] / (row[deviation] * row[deviation]);
  return (
    after * (1 - after) *
    (pull(Regime.meanStress, Regime.deviationStress) -
      pull(Regime.meanCalm, Regime.deviationCalm))
  );
}

/** Copies the j-th value of the training sample. */
export function setSample(j: number, logReturn: number): void {
  sample[j] = logReturn;
}

/**
 * Re-estimates the model at `m` on the first `count` values of the sample by expectation
 * maximisation, starting from the model as it is. A sample without spread changes nothing.
 *
 * Cost O(count x iterations). Source: Baum, Petrie, Soules & Weiss 1970.
 */
export function fitRegimes(
  rows: Float64Array,
  m: number,
  count: number,
  iterations: number,
): void {
  let mean = 0;
  for (let t = 0; t < count; t++) mean += sample[t];
  mean /= count;
  let variance = 0;
  for (let t = 0; t < count; t++) variance += (sample[t] - mean) * (sample[t] - mean);
  variance /= count;
  if (!(count > 1 && variance > Math.max(VARIANCE_MIN, ROUNDING * mean * mean))) return;
  const floor = DEVIATION_FLOOR * Math.sqrt(variance);
  for (let k = 0; k < iterations; k++) {
    passForward(rows, m, count);
    maximise(rows, m, count, floor);
    orderRegimes(rows, m);
  }
}

/** Fills the filtered and predicted probabilities of stress along the sample. */
function passForward(rows: Float64Array, m: number, count: number): void {
  let stress = stationaryStress(rows, m);
  for (let t = 0; t < count; t++) {
    const predicted = t === 0 ? stress : predictStress(rows, m, stress);
    const ratio = densityRatio(rows, m, sample[t]);
    stress = predicted / (predicted + (1 - predicted) * ratio);
    predictedStress[t] = predicted;
    calmOverStress[t] = ratio;
    forwardStress[t] = stress;
  }
}

/** Smooths backward (Kim 1994) and replaces the model by the weighted moments. */
function maximise(rows: Float64Array, m: number, count: number, floor: number): void {
  const leaveCalm = rows[m + Regime.leaveCalm];
  const leaveStress = rows[m + Regime.leaveStress];
  let smoothed = forwardStress[count - 1];
  let weight = smoothed;
  let first = smoothed * sample[count - 1];
  let total = sample[count - 1];
  let fromCalm = 0;
  let fromStress = 0;
  let calmToStress = 0;
  let stressToCalm = 0;
  for (let t = count - 2; t >= 0; t--) {
    const filtered = forwardStress[t];
    const next = predictedStress[t + 1];
    // Joint probabilities of (state now, state next), from the smoothed state next.
    const upStress = next > 0 ? smoothed / next : 0;
    const upCalm = next < 1 ? (1 - smoothed) / (1 - next) : 0;
    const calmStress = (1 - filtered) * leaveCalm * upStress;
    const stressCalm = filtered * leaveStress * upCalm;
    // A rounding beyond 1 would give calm a weight, and so a spread, below 0.
    smoothed = Math.min(filtered * (1 - leaveStress) * upStress + stressCalm, 1);
    calmToStress += calmStress;
    stressToCalm += stressCalm;
    fromStress += smoothed;
    fromCalm += 1 - smoothed;
    weight += smoothed;
    first += smoothed * sample[t];
    total += sample[t];
    forwardStress[t] = smoothed;
  }
  // A regime that explains nothing keeps its place.
  const calmWeight = count - weight;
  if (!(weight > 1e-6 * count && calmWeight > 1e-6 * count)) return;
  const meanStress = first / weight;
  const meanCalm = (total - first) / calmWeight;
  let spreadStress = 0;
  let spreadCalm = 0;
  for (let t = 0; t < count; t++) {
    const w = forwardStress[t];
    spreadStress += w * (sample[t] - meanStress) * (sample[t] - meanStress);
    spreadCalm += (1 - w) * (sample[t] - meanCalm) * (sample[t] - meanCalm);
  }
  rows[m + Regime.meanStress] = meanStress;
  rows[m + Regime.meanCalm] = meanCalm;
  rows[m + Regime.deviationStress] = Math.max(Math.sqrt(spreadStress / weight), floor);
  rows[m + Regime.deviationCalm] = Math.max(Math.sqrt(spreadCalm / calmWeight), floor);
  rows[m + Regime.leaveCalm] = bounded(calmToStress / fromCalm, leaveCalm);
  rows[m + Regime.leaveStress] = bounded(stressToCalm / fromStress, leaveStress);
}

/** Returns the log likelihood of the first `count` values of the sample. */
export function logLikelihood(rows: Float64Array, m: number, count: number): number {
  passForward(rows, m, count);
  let sum = 0;
  for (let t = 0; t < count; t++) {
    const deviation = rows[m + Regime.deviationStress];
    const z = (sample[t] - rows[m + Regime.meanStress]) / deviation;
    const mix = predictedStress[t] + (1 - predictedStress[t]) * calmOverStress[t];
    sum += log(mix / deviation) - 0.5 * z * z;
  }
  return sum;
}

function predictStress(rows: Float64Array, m: number, before: number): number {
  return (1 - before) * rows[m + Regime.leaveCalm] + before * (1 - rows[m + Regime.leaveStress]);
}

/** Density of a return in calm over its density in stress. */
function densityRatio(rows: Float64Array, m: number, logReturn: number): number {
  const calm = (logReturn - rows[m + Regime.meanCalm]) / rows[m + Regime.deviationCalm];
  const stress = (logReturn - rows[m + Regime.meanStress]) / rows[m + Regime.deviationStress];
  const exponent = rows[m + Regime.logRatio] + 0.5 * (stress * stress - calm * calm);
  return exp(Math.min(Math.max(exponent, -EXPONENT_MAX), EXPONENT_MAX));
}

function bounded(chance: number, otherwise: number): number {
  return chance >= 0 ? Math.min(Math.max(chance, LEAVE_MIN), LEAVE_MAX) : otherwise;
}

function swap(rows: Float64Array, a: number, b: number): void {
  const kept = rows[a];
  rows[a] = rows[b];
  rows[b] = kept;
}
