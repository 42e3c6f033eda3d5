/**
 * The feedback gain of a rule: the signed quote amount it trades per unit of return.
 *
 * g = d(traded notional)/dr at r = 0, for an agent that has just traded; positive gains sell into
 * falls. Many rules have a kink there, so both one-sided slopes are given.
 */

/** One-sided slopes at r = 0, quote units per unit of return. */
export interface Gain {
  /** Towards falling prices. */
  down: number;
  /** Towards rising prices. */
  up: number;
}

/** What a closed form may use: the agent right after its decision was filled. */
export interface GainState<Name extends string = string> {
  /** Equity and signed exposure, quote units. */
  equity: number;
  exposure: number;
  /** Price of the last decision, quote units. */
  price: number;
  /** Leverage cap of the wrapper. */
  leverageMax: number;
  /** Value of a parameter or state variable (of its k-th value). */
  of(name: Name, k?: number): number;
}

/** A gain in closed form. */
export interface ClosedFormGain<Name extends string = string> {
  /** As printed, for example 'm (m - 1) C'. */
  formula: string;
  /** Evaluates it; NaN where it does not hold. */
  evaluate(state: GainState<Name>): Gain;
}
