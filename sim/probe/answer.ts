/** What `stampede probe` was asked, and its answer: both cross threads. */
import { REFERENCE_PATH, type Strategy } from '../strategy/index.js';
import { type OutcomeSteps, probeOutcomes } from './outcomes.js';
import { type PathStep, probePath } from './path.js';
import type { ProbeOptions } from './probe-types.js';

/** A question about a rule. */
export interface ProbeRequest {
  /** What account, wrapper and rule start from. */
  start: Omit<ProbeOptions, 'strategy' | 'startPrice' | 'priceMax'>;
  /** Prices, quote units; `REFERENCE_PATH` when left out. */
  prices?: readonly number[];
  index?: readonly number[];
  /** Outcomes of bets (1 won, 0 lost) in place of prices. */
  outcomes?: readonly number[];
  /** Measures the gain after each step. */
  gain?: boolean;
}

/** The answer: with `--json` exactly this. */
export interface ProbeResult {
  strategy: string;
  /** Every parameter, those left at their defaults too. */
  params: Record<string, number>;
  steps: PathStep[];
  /** After the last bet; with outcomes only. */
  end?: OutcomeSteps['end'];
}

/** Answers a question about a rule. @throws UserError `probe/...` */
export function answerProbe(strategy: Strategy, request: ProbeRequest): ProbeResult {
  const { start, prices = REFERENCE_PATH, index, outcomes, gain } = request;
  const params: Record<string, number> = {};
  for (const name of strategy.paramNames) {
    params[name] = start.params?.[name] ?? strategy.params[name].default;
  }
  const { name } = strategy;
  const options = { ...start, strategy };
  if (outcomes === undefined) {
    return { strategy: name, params, steps: probePath(options, prices, { index, gain }) };
  }
  const [startPrice] = REFERENCE_PATH;
  const bets = probeOutcomes({ ...options, startPrice, priceMax: startPrice }, outcomes);
  return { strategy: name, params, ...bets };
}
