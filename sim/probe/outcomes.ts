/** The path that makes a betting rule win or lose as told. */
import { UserError } from '../kernel/index.js';
import { Probe } from './probe.js';
import type { ProbeOptions, ProbeStep } from './probe-types.js';

/** One step a bet, and what the account is worth after the last one. */
export interface OutcomeSteps {
  steps: ProbeStep[];
  end: { price: number; equityQuote: number };
}

/**
 * Feeds outcomes (1 won, 0 lost) to a betting rule: after each bet is placed the price moves to the
 * barrier that wins or loses it.
 *
 * @throws UserError `probe/outcomes` when the rule does not bet.
 */
export function probeOutcomes(
  options: ProbeOptions,
  outcomes: readonly number[],
): OutcomeSteps {
  const { strategy } = options;
  if (strategy.bets === null) {
    throw new UserError('probe/outcomes', `${strategy.name} places no bets; give it --prices`);
  }
  // Barriers compound, so the largest price is bounded by all wins on one side.
  const barrier = options.params?.[strategy.bets.barrier] ?? strategy.params[strategy.bets.barrier].default;
  let priceMax = options.startPrice;
  for (let k = 0; k < outcomes.length; k++) priceMax *= 1 + barrier;
  const probe = new Probe({ ...options, priceMax });
  let price = options.startPrice;
  const steps: ProbeStep[] = [];
  for (const outcome of outcomes) {
    steps.push(probe.step(price));
    const side = Math.sign(probe.valueOf(strategy.bets.side));
    price *= 1 + (outcome !== 0 ? 1 : -1) * side * probe.valueOf(strategy.bets.barrier);
  }
  return { steps, end: { price, equityQuote: probe.equityOf(0, price) } };
}
