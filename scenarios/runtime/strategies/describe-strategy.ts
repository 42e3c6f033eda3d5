/** What a strategy declares, without its functions: it crosses threads. */
import type { Strategy } from '../../../sim/strategy/index.js';

/** A declaration as plain values. */
export type StrategyFacts = Omit<Strategy, 'start' | 'decide' | 'gain'> & { formula: string | null };

/** Returns the facts of a strategy; called on the thread that has loaded it. */
export function describeStrategy(strategy: Strategy): StrategyFacts {
  const { start: _start, decide: _decide, gain, ...facts } = strategy;
  // Functions that a file has put into its declaration by mistake would not cross.
  const plain = JSON.parse(JSON.stringify({ ...facts, initialState: [] })) as typeof facts;
  const { params } = facts;
  const restored = Object.fromEntries(
    // JSON knows no infinite bounds.
    Object.entries(plain.params).map(([key, spec]) => [
      key,
      { ...spec, min: params[key].min, max: params[key].max, default: params[key].default },
    ]),
  );
  return {
    ...plain,
    params: restored,
    at: { ...facts.at },
    initialState: Float64Array.from(facts.initialState),
    formula: gain?.formula ?? null,
  };
}

/** Returns a strategy that declares the facts; its rule must not be called. */
export function declaredStrategy({ formula, ...facts }: StrategyFacts): Strategy {
  const absent = (): never => {
    throw new Error(`the rule of ${facts.name} was called outside its thread`);
  };
  const gain = formula === null ? null : { formula, evaluate: absent };
  return { ...facts, gain, start: absent, decide: absent };
}
