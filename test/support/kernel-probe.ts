/** Hashes what the kernel computes on many inputs: equal bits give equal hashes, in any engine. */
import { FEATURES, Forest, trainForest } from '../../agents/signal/index.js';
import {
  Hash64,
  RandomSource,
  cos,
  exp,
  expm1,
  log,
  log1p,
  normalCdf,
  normalQuantile,
  philox4x32,
  pow,
  sin,
  tanh,
} from '../../sim/kernel/index.js';

/** Every function's hash over `count` inputs drawn by Philox itself. */
export function probeKernel(count: number): Record<string, string> {
  const stream = new RandomSource(20_200_312).stream('kernel probe');
  const unit = (i: number, draw: number) => stream.uniformOpen(i, draw, 0);
  /** Positive, over many binades: `Math.sqrt` and products are exact everywhere. */
  const wide = (i: number, draw: number) => scaled(unit(i, draw), (i % 121) - 60);
  const signed = (i: number, reach: number) => (unit(i, 1) * 2 - 1) * reach;
  const probes: Record<string, (i: number) => number> = {
    exp: (i) => exp(signed(i, 745)),
    expm1: (i) => expm1(signed(i, 50) * unit(i, 2)),
    log: (i) => log(wide(i, 3)),
    log1p: (i) => log1p(signed(i, 0.999)),
    tanh: (i) => tanh(signed(i, 22)),
    pow: (i) => pow(wide(i, 4), signed(i, 12)),
    sin: (i) => sin(signed(i, 1e6)),
    cos: (i) => cos(signed(i, 1e6)),
    normalCdf: (i) => normalCdf(signed(i, 38)),
    normalQuantile: (i) => normalQuantile(unit(i, 5)),
    uniform: (i) => stream.uniform(i, 6, i % 17),
    normal: (i) => stream.normal(i, 7, i % 17),
    exponential: (i) => stream.exponential(i, 8, i % 17),
  };
  const hashes: Record<string, string> = { philox: philoxHash(count), forest: forestHash(count) };
  for (const [name, probe] of Object.entries(probes)) {
    const hash = new Hash64();
    for (let i = 0; i < count; i += 1) hash.float(probe(i));
    hashes[name] = hash.hex();
  }
  return hashes;
}

function philoxHash(count: number): string {
  const hash = new Hash64();
  const words = new Uint32Array(4);
  for (let i = 0; i < count; i += 1) {
    philox4x32(i, i * 7, ~i, 3, i * 2_654_435_761, 11, words);
    for (const word of words) hash.int(word);
  }
  return hash.hex();
}

/** Trains forests on drawn examples and hashes all that an agent keeps of them. */
function forestHash(seed: number): string {
  const stream = new RandomSource(20_200_312).stream('forest probe');
  const hash = new Hash64();
  const rows = new Float64Array(Forest.length);
  for (let k = 0; k < 6; k += 1) {
    const count = 40 + 10 * k;
    const features = new Float64Array(count * FEATURES);
    const labels = new Float64Array(count);
    for (let j = 0; j < count; j += 1) {
      for (let f = 0; f < FEATURES; f += 1) features[j * FEATURES + f] = stream.normal(k, f, j);
      labels[j] = features[j * FEATURES] + stream.normal(k, FEATURES, j) > 0.5 ? 1 : 0;
    }
    trainForest(
      { features, labels, count, seed: seed + k, featuresPerTree: FEATURES - k, leafExamples: 4 },
      rows,
      0,
    );
    for (const value of rows) hash.float(value);
  }
  return hash.hex();
}

function scaled(value: number, power: number): number {
  let result = value;
  for (let i = 0; i < Math.abs(power); i += 1) result *= power < 0 ? 0.5 : 2;
  return result;
}
