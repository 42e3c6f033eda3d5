/** The gain of a target that the leverage cap of the wrapper cuts. */
import type { Gain, GainState } from '../../sim/strategy/index.js';

/** Amounts that differ by less than this part of the equity meet: a kink, but for rounding. */
const MEET = 1e-12;

/**
 * Returns the one-sided gains of an agent whose target exposure at the next bar is `wanted` if the
 * price stays, with the slopes `moves` towards a fall and a rise, cut to the cap of the wrapper.
 */
export function cappedGain(
  { equity, exposure, leverageMax }: Pick<GainState, 'equity' | 'exposure' | 'leverageMax'>,
  wanted: number,
  moves: Gain,
): Gain {
  if (!(equity > 0)) return { down: -exposure, up: -exposure };
  const side = wanted < 0 ? -1 : 1;
  const cap = { wanted: leverageMax * equity, down: leverageMax * exposure };
  const lower = lesser(
    { wanted: side * wanted, down: side * moves.down, up: side * moves.up },
    { ...cap, up: cap.down },
    equity,
  );
  return { down: side * lower.down - exposure, up: side * lower.up - exposure };
}

/** An amount if the price stays, and its slopes towards a fall and a rise. */
export interface Sloped extends Gain {
  wanted: number;
}

/** Returns the lesser of two amounts of an agent worth `equity`, with its slopes. */
export function lesser(a: Sloped, b: Sloped, equity: number): Sloped {
  const excess = a.wanted - b.wanted;
  if (excess > MEET * equity) return b;
  if (excess < -MEET * equity) return a;
  return { wanted: a.wanted, down: Math.max(a.down, b.down), up: Math.min(a.up, b.up) };
}

/** Says whether an amount reaches another of the same agent, worth `equity`, but for rounding. */
export function reaches(amount: number, other: number, equity: number): boolean {
  return amount >= other - MEET * equity;
}
