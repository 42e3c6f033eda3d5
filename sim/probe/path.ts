/** A rule on a whole path of prices. */
import { UserError } from '../kernel/index.js';
import { measureGain, type ProbeGain } from './gain.js';
import { PRICE_SPAN_MAX } from './outcomes.js';
import { Probe } from './probe.js';
import type { ProbeOptions, ProbeStep } from './probe-types.js';
import { checkPrice } from './settings.js';

/** A step, with the gain right after it where that was asked for. */
export type PathStep = ProbeStep & { gain?: ProbeGain };

/**
 * Shows a rule the prices one by one.
 *
 * @param sight Index prices where they differ from the prices, and whether to measure the gain.
 * @throws UserError `probe/price` for what is no path of prices, `probe/index`, `probe/gain` for
 * the gain of a rule that quotes.
 */
export function probePath(
  options: Omit<ProbeOptions, 'startPrice' | 'priceMax'>,
  prices: readonly number[],
  sight: { index?: readonly number[]; gain?: boolean } = {},
): PathStep[] {
  const { strategy } = options;
  const { index } = sight;
  if (prices.length === 0) throw new UserError('probe/price', 'there are no prices; give at least one');
  prices.forEach((price, k) => {
    checkPrice(`price ${k}`, price);
  });
  index?.forEach((price, k) => {
    checkPrice(`index ${k}`, price);
  });
  if (index !== undefined && index.length !== prices.length) {
    const must = `must be ${prices.length}, one for each price`;
    throw new UserError('probe/index', `there were ${index.length} index prices, ${must}`);
  }
  const [least, most] = prices.reduce(
    ([low, high], price) => [Math.min(low, price), Math.max(high, price)],
    [Infinity, 0],
  );
  if (!(most <= least * PRICE_SPAN_MAX)) {
    const must = `must stay within a factor of ${PRICE_SPAN_MAX}`;
    throw new UserError('probe/price', `prices went from ${least} to ${most}, ${must}`);
  }
  if (sight.gain === true && strategy.style === 'quoting') {
    throw new UserError(
      'probe/gain',
      `${strategy.name} quotes: what it trades is decided by who trades with it, so it has no gain`,
    );
  }
  const probe = new Probe({ ...options, startPrice: prices[0], priceMax: most });
  return prices.map((price, k) => {
    const step = probe.step(price, index === undefined ? {} : { index: index[k] });
    return sight.gain === true ? { ...step, gain: measureGain(probe, price) } : step;
  });
}
