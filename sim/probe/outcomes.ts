/** The path that makes a betting rule win or lose as told. */
import { UserError } from '../kernel/index.js';
import { Probe } from './probe.js';
import type { ProbeOptions, ProbeStep } from './probe-types.js';

/** One step a bet, and what the account is worth after the last one. */
export interface OutcomeSteps {
  steps: ProbeStep[];
  end: { price: number; equityQuote: number };
}

/** Largest over smallest price of a path: beyond it ticks would be too coarse for the smallest. */
export const PRICE_SPAN_MAX = 1e6;

/**
 * Feeds outcomes (1 won, 0 lost) to a betting rule: after each bet is placed the price moves to the
 * barrier that wins or loses it. Where the rule places no bet the price stays.
 *
 * @throws UserError `probe/outcomes` when the rule does not bet, or the bets carry the price out of
 * range.
 */
export function probeOutcomes(options: ProbeOptions, outcomes: readonly number[]): OutcomeSteps {
  const { strategy } = options;
  if (strategy.bets === null) {
    throw new UserError('probe/outcomes', `${strategy.name} places no bets; give it --prices`);
  }
  // The tick follows from the largest price, which only the bets themselves tell.
  const first = feed(options, outcomes, options.startPrice);
  const prices = [...first.steps.map((step) => step.price), first.end.price];
  const [least, most] = prices.reduce(
    ([low, high], price) => [Math.min(low, price), Math.max(high, price)],
    [Infinity, 0],
  );
  if (!(most <= least * PRICE_SPAN_MAX)) {
    const { barrier } = strategy.bets;
    throw new UserError(
      'probe/outcomes',
      `these bets move the price from ${least} to ${most}, must stay within a factor of ` +
        `${PRICE_SPAN_MAX}; give fewer outcomes or a smaller --set ${barrier}=...`,
    );
  }
  return most > options.startPrice ? feed(options, outcomes, most) : first;
}

function feed(options: ProbeOptions, outcomes: readonly number[], priceMax: number): OutcomeSteps {
  const bets = options.strategy.bets as { barrier: string; side: string };
  const probe = new Probe({ ...options, priceMax });
  let price = options.startPrice;
  const steps: ProbeStep[] = [];
  for (const outcome of outcomes) {
    steps.push(probe.step(price));
    const side = Math.sign(probe.valueOf(bets.side));
    price *= 1 + (outcome !== 0 ? 1 : -1) * side * probe.valueOf(bets.barrier);
  }
  return { steps, end: { price, equityQuote: probe.equityOf(0, price) } };
}
