/** A user's strategy as it travels: text, and what it declares. */
import type { Strategy } from '../../../sim/strategy/index.js';

/** A self-contained module; structured-cloneable. */
export interface StrategyCode {
  /** Name it declares, kebab-case. */
  name: string;
  /** Text of an ES module that default-exports the strategy. */
  code: string;
  /** SHA-256 of the text, 64 hexadecimal digits. */
  digest: string;
  /** File it came from, without its folder. */
  place: string;
}

/** One that was loaded on a thread of its own; `strategy` declares all, but its rule must not be called. */
export interface LoadedStrategy extends StrategyCode {
  strategy: Strategy;
}

/** Returns what every thread needs of loaded strategies. */
export function codesOf(loaded: readonly LoadedStrategy[]): StrategyCode[] {
  return loaded.map(({ name, code, digest, place }) => ({ name, code, digest, place }));
}
