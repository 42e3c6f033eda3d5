/** Tests a strategy by what it declares of itself. */
import { checkExample } from '../../../sim/probe/index.js';
import type { ExampleMismatch } from '../../../sim/probe/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { callWithStrategy } from './call-with-strategy.js';
import type { StrategyCode } from './strategy-code.js';

/** What came of the tests. */
export interface StrategyTrial {
  /** Declared examples, each with the numbers it did not give. */
  examples: { doc: string; wrong: ExampleMismatch[] }[];
}

/** Tests a strategy on the present thread. */
export function tryHere(strategy: Strategy): StrategyTrial {
  return {
    examples: strategy.examples.map((example) => ({
      doc: example.doc,
      wrong: checkExample(strategy, example),
    })),
  };
}

/** Tests a user's strategy on a thread of its own. @throws UserError as `callWithStrategy` */
export function tryStrategy(code: StrategyCode, millisMax?: number): Promise<StrategyTrial> {
  const module = 'scenarios/runtime/strategies/try-strategy.js';
  return callWithStrategy<StrategyTrial>(code, { module, name: 'tryHere', input: null }, millisMax);
}
