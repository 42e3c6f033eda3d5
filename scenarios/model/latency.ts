/** How long a latency can be: the cut of distributions without an end, and what the engine holds. */
import { supportOf } from './distribution.js';
import { durationMicros, durationText } from './duration.js';
import type { Path } from './issue.js';
import { toDistribution } from './quantity.js';
import type { DurationQuantity } from './quantity.js';

/** Where a latency distribution without `max` is cut off. */
export const LATENCY_CUT = '60s';
/** What editors are told of the cut, after what the latency is. */
export const LATENCY_DOC = `. A distribution without max is cut off at ${LATENCY_CUT}`;

/** Most windows a latency may span: the engine keeps that many snapshots. */
const LATENCY_WINDOWS_MAX = 65_536;

/** Something wrong with a latency, at a path within it. */
interface LatencyProblem {
  path: Path;
  was: unknown;
  must: string;
}

/** Returns the latency with its default cut: a distribution without an end gets one. */
export function cutLatency(quantity: DurationQuantity): DurationQuantity {
  if (typeof quantity === 'string' || !isEndless(quantity)) return quantity;
  return { ...quantity, max: LATENCY_CUT };
}

/** Finds what is wrong with a latency under a window: too short, too long, or without an end. */
export function latencyProblem(
  quantity: DurationQuantity,
  window: string,
): LatencyProblem | undefined {
  const windowMicros = durationMicros(window);
  const explicit = typeof quantity === 'object' && 'min' in quantity ? quantity.min : undefined;
  const bounds = { min: windowMicros, max: Infinity };
  const support = supportOf(toDistribution(cutLatency(quantity)), bounds);
  const lowest = explicit === undefined ? support.min : durationMicros(explicit);
  if (lowest < windowMicros) {
    const was = typeof quantity === 'string' ? quantity : durationText(lowest);
    return { path: [], was, must: `must be at least the window (${window})` };
  }
  if (typeof quantity === 'object' && isEndless(quantity)) {
    const middle = middleOf(quantity);
    if (durationMicros(middle) >= durationMicros(LATENCY_CUT)) {
      const must = `must be given with latencies of ${middle} (it is ${LATENCY_CUT} by default)`;
      return { path: ['max'], was: undefined, must };
    }
  }
  const most = LATENCY_WINDOWS_MAX * windowMicros;
  if (support.max <= most) return undefined;
  const must =
    `must stay within ${LATENCY_WINDOWS_MAX} windows (${durationText(most)}): ` +
    'set a lower max or a longer time.window';
  const was = typeof quantity === 'string' ? quantity : `up to ${durationText(support.max)}`;
  return { path: [], was, must };
}

type LatencyDistribution = Exclude<DurationQuantity, string>;
type EndlessDistribution = Extract<
  LatencyDistribution,
  { dist: 'normal' | 'lognormal' | 'pareto' }
>;

function isEndless(distribution: LatencyDistribution): distribution is EndlessDistribution {
  const { dist } = distribution;
  if (dist !== 'normal' && dist !== 'lognormal' && dist !== 'pareto') return false;
  return distribution.max === undefined;
}

/** Returns the value that the cut must lie above for the distribution to keep its shape. */
function middleOf(distribution: EndlessDistribution): string {
  if (distribution.dist === 'lognormal') return distribution.median;
  return distribution.dist === 'normal' ? distribution.mean : distribution.min;
}
