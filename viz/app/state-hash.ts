/** A fingerprint of the figures on screen: the same instant gives the same, however it was reached. */
import { Hash64 } from '../../sim/kernel/index.js';
import type { MarketState } from '../data/index.js';

/** 16 hexadecimal digits over a state; empty while it is not exact. */
export function stateHash(state: MarketState | null): string {
  if (!state?.exact) return '';
  const hash = new Hash64();
  for (const name of Object.keys(state).sort()) {
    const value = state[name as keyof MarketState];
    hash.text(name);
    hash.float(Number(value));
  }
  return hash.hex();
}
