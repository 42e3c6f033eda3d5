/** Markets made of series whose facts are known. */
import { exp, log, pow, RandomSource, type RandomStream } from '../../sim/kernel/index.js';
import { multifractalPath } from '../../sim/oracle/index.js';
import type { MarketRecord, TakerRecord } from '../../sim/stylised-facts/index.js';

const BIN_MICROS = 60e6;
const source = new RandomSource(42);

/** Opens a stream of draws. */
export const streamOf = (name: string): RandomStream => source.stream(name);

/** A record of returns alone, or with volumes, takers and more. */
export function marketOf(returns: ArrayLike<number>, more: Partial<MarketRecord> = {}): MarketRecord {
  const midPrice = new Float64Array(returns.length + 1).fill(100);
  let total = 0;
  for (let i = 0; i < returns.length; i++) {
    total += returns[i];
    midPrice[i + 1] = 100 * exp(total);
  }
  return {
    binMicros: BIN_MICROS,
    midPrice,
    volumeLots: new Float64Array(returns.length).fill(1),
    takers: takersOf(new Int8Array(0)),
    ...more,
  };
}

/** Takers with the given signs, one a second at one price. */
export function takersOf(sign: Int8Array, sizeLots?: Float64Array): TakerRecord {
  return {
    timeMicros: Float64Array.from(sign, (_, i) => 1e6 * (i + 1)),
    sign,
    sizeLots: sizeLots ?? new Float64Array(sign.length).fill(1),
    lastTicks: new Float64Array(sign.length).fill(1000),
  };
}

/** Five runs, each from its own stream. */
export function runsOf(name: string, make: (stream: RandomStream) => MarketRecord, runs = 5): MarketRecord[] {
  return Array.from({ length: runs }, (_, k) => make(streamOf(`${name}/${k}`)));
}

const DEVIATION = 5e-4;

/** White noise. */
export function gaussian(stream: RandomStream, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => DEVIATION * stream.normal(0, 0, i));
}

/** Student's t with `degrees`, as a normal over the root of a mean of squares. */
export function student(stream: RandomStream, n: number, degrees: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let squares = 0;
    for (let d = 1; d <= degrees; d++) {
      const z = stream.normal(d, 0, i);
      squares += (z * z) / degrees;
    }
    return (DEVIATION * stream.normal(0, 0, i)) / Math.sqrt(squares);
  });
}

/** x_t = phi x_(t-1) + noise. */
export function autoregressive(stream: RandomStream, n: number, phi: number): Float64Array {
  let x = 0;
  return gaussian(stream, n).map((noise) => {
    x = phi * x + noise;
    return x;
  });
}

/** GARCH(1,1) with innovations of variance 1. */
export function garch(
  { alpha, beta }: { alpha: number; beta: number },
  innovations: Float64Array,
): Float64Array {
  let variance = 1;
  return innovations.map((z) => {
    const r = Math.sqrt(variance) * z;
    variance = 1 - alpha - beta + alpha * r * r + beta * variance;
    return DEVIATION * r;
  });
}

/** Minute returns of a multifractal price. */
export function multifractal(stream: RandomStream, n: number): Float64Array {
  const { prices } = multifractalPath({
    startPrice: 100, volatility: 0.5, drift: 0, stepMicros: 5e6, durationMicros: n * BIN_MICROS,
    random: stream, components: 12, spread: 0.4, shortestMicros: 5e6, longestMicros: 6 * 3600e6,
  });
  return Float64Array.from({ length: n }, (_, i) => log(prices[12 * (i + 1)] / prices[12 * i]));
}

/** Signs of `agents` that split metaorders, P(n pieces or more) = n^-tail; one acts at a time. */
export function splitSigns(stream: RandomStream, n: number, agents: number, tail: number): Int8Array {
  const left = new Float64Array(agents);
  const side = new Int8Array(agents);
  return Int8Array.from({ length: n }, (_, i) => {
    const a = Math.floor(stream.uniform(0, 0, i) * agents);
    if (left[a] <= 0) {
      left[a] = Math.floor(pow(stream.uniformOpen(1, 0, i), -1 / tail));
      side[a] = stream.uniform(2, 0, i) < 0.5 ? 1 : -1;
    }
    left[a]--;
    return side[a];
  });
}

/** Signs that stay with a probability: memory that fades exponentially. */
export function stickySigns(stream: RandomStream, n: number, stay: number): Int8Array {
  let sign = 1;
  return Int8Array.from({ length: n }, (_, i) => {
    if (stream.uniform(0, 0, i) > stay) sign = -sign;
    return sign;
  });
}

/** Pareto values of tail exponent mu from 1 on. */
export function pareto(stream: RandomStream, n: number, mu: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => pow(stream.uniformOpen(7, 0, i), -1 / mu));
}

/** Arrival times whose gaps are Weibull, microseconds. */
export function weibullTimes(stream: RandomStream, n: number, shape: number): Float64Array {
  let time = 0;
  return Float64Array.from({ length: n }, (_, i) => {
    time += 1e6 * pow(stream.exponential(8, 0, i), 1 / shape);
    return time;
  });
}
