/** A path through given prices, joined by Brownian bridges of the log price. */
import { assert, exp, log } from '../kernel/index.js';
import type { RandomStream } from '../kernel/index.js';
import { MICROS_PER_YEAR } from './price-path.js';
import type { PricePath } from './price-path.js';

/** A price that the path passes through exactly. */
export interface Anchor {
  timeMicros: number;
  price: number;
}

/** Terms of a bridged path. */
export interface BridgeTerms {
  /** Ascending in time, the first at 0. */
  anchors: readonly Anchor[];
  /** Annualised standard deviation of log returns between anchors, fraction (365 days). */
  volatility: number;
  stepMicros: number;
  durationMicros: number;
  random: RandomStream;
}

/** Depth of the stack of open intervals: a segment has fewer than 2^31 steps. */
const STACK_DEPTH = 64;

/**
 * Joins anchors by Brownian bridges, one update a step; anchors are points to pass through, not
 * bounds. After the last anchor the price moves freely at the same volatility.
 *
 * Each segment is filled by halving: the midpoint of an interval is normal around the line between
 * its ends, with variance v (t - a)(b - t) / (b - a). Draws are keyed by (segment, node of the
 * binary tree), so a path does not depend on the order of evaluation, nor a segment on the others.
 *
 * @throws when anchors are not ascending from time 0.
 */
export function bridgePath(terms: BridgeTerms): PricePath {
  const { stepMicros, durationMicros, random } = terms;
  assert(
    terms.anchors.length >= 1 && terms.anchors[0].timeMicros === 0,
    'the first anchor is at 0',
  );
  assert(stepMicros >= 1, 'a step is at least a microsecond');
  const anchors = withEnd(terms);
  const times: number[] = [];
  const logs: number[] = [];
  const variancePerMicro = (terms.volatility * terms.volatility) / MICROS_PER_YEAR;
  for (let segment = 0; segment + 1 < anchors.length; segment++) {
    const from = anchors[segment];
    const to = anchors[segment + 1];
    assert(to.timeMicros > from.timeMicros, 'anchors ascend in time');
    const steps = Math.ceil((to.timeMicros - from.timeMicros) / stepMicros);
    const segmentTimes = new Float64Array(steps + 1);
    const segmentLogs = new Float64Array(steps + 1);
    for (let k = 0; k < steps; k++) segmentTimes[k] = from.timeMicros + k * stepMicros;
    segmentTimes[steps] = to.timeMicros;
    segmentLogs[0] = log(from.price);
    segmentLogs[steps] = log(to.price);
    fillBridge(segmentTimes, segmentLogs, variancePerMicro, random, segment);
    for (let k = 0; k < steps; k++) {
      times.push(segmentTimes[k]);
      logs.push(segmentLogs[k]);
    }
  }
  const last = anchors[anchors.length - 1];
  times.push(last.timeMicros);
  logs.push(log(last.price));
  return cut(times, logs, anchors, durationMicros);
}

/** Appends the free end after the last anchor when the run lasts longer. */
function withEnd(terms: BridgeTerms): Anchor[] {
  const anchors = terms.anchors.slice();
  const last = anchors[anchors.length - 1];
  if (last.timeMicros >= terms.durationMicros) return anchors;
  const years = (terms.durationMicros - last.timeMicros) / MICROS_PER_YEAR;
  const z = terms.random.normal(anchors.length - 1, 0, 0);
  const price = last.price * exp(terms.volatility * Math.sqrt(years) * z);
  anchors.push({ timeMicros: terms.durationMicros, price });
  return anchors;
}

/** Fills the inner points of a segment whose ends are set. */
function fillBridge(
  times: Float64Array,
  logs: Float64Array,
  variancePerMicro: number,
  random: RandomStream,
  segment: number,
): void {
  const lows = new Float64Array(STACK_DEPTH);
  const highs = new Float64Array(STACK_DEPTH);
  const nodes = new Float64Array(STACK_DEPTH);
  lows[0] = 0;
  highs[0] = times.length - 1;
  nodes[0] = 1;
  let open = 1;
  while (open > 0) {
    open--;
    const low = lows[open];
    const high = highs[open];
    const node = nodes[open];
    if (high - low < 2) continue;
    const middle = Math.floor((low + high) / 2);
    const before = times[middle] - times[low];
    const after = times[high] - times[middle];
    const whole = before + after;
    const deviation = Math.sqrt((variancePerMicro * before * after) / whole);
    logs[middle] =
      (logs[low] * after + logs[high] * before) / whole +
      deviation * random.normal(segment, node, 0);
    lows[open] = low;
    highs[open] = middle;
    nodes[open] = 2 * node;
    open++;
    lows[open] = middle;
    highs[open] = high;
    nodes[open] = 2 * node + 1;
    open++;
  }
}

/** Keeps updates up to the duration and restores anchors to their exact prices. */
function cut(
  times: number[],
  logs: number[],
  anchors: readonly Anchor[],
  durationMicros: number,
): PricePath {
  let count = times.length;
  while (count > 1 && times[count - 1] > durationMicros) count--;
  const timesMicros = Float64Array.from(times.slice(0, count));
  const prices = new Float64Array(count);
  let anchor = 0;
  for (let i = 0; i < count; i++) {
    prices[i] = exp(logs[i]);
    if (anchor < anchors.length && timesMicros[i] === anchors[anchor].timeMicros) {
      prices[i] = anchors[anchor].price;
      anchor++;
    }
  }
  return { timesMicros, prices };
}
