/** How a cohort turns a new target into orders. */

/** Names of the execution policies. */
export const executionPolicies = ['market', 'limit-join', 'twap', 'pov', 'almgren-chriss'] as const;
export type ExecutionPolicy = (typeof executionPolicies)[number];

/** What all agents of a cohort that works its orders have in common. */
export interface ExecutionSpec {
  policy: Exclude<ExecutionPolicy, 'market'>;
  /** Child orders of a parent (twap, almgren-chriss). */
  slices: number;
  /** Volatility, fraction of the price per square root of a day (almgren-chriss). */
  volatility: number;
  /** Fraction of the price moved while trading at the rate of the average daily volume. */
  temporaryImpact: number;
  /** Fraction of the price moved for good by trading one average daily volume. */
  permanentImpact: number;
}

/** What each of its agents has for itself: one value per agent, 0 where the policy has no use for it. */
export interface ExecutionDraws {
  /** How long a parent order may take (twap, almgren-chriss), or rest (limit-join), microseconds. */
  horizonMicros: Float64Array;
  /** Time between two looks (limit-join, pov), microseconds. */
  intervalMicros: Float64Array;
  /** Share of the traded volume (pov), or risk aversion, 1/quote (almgren-chriss). */
  rate: Float64Array;
}
