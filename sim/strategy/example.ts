/** A worked example of a rule: a path without a market, and the numbers it must give on it. */

/** Values that one field of the probe's steps must take. */
export interface ExampleExpectation {
  /**
   * Field of a step, with dots: 'targetLeverage', 'orderUnits', 'state.floor', 'state.returns.3',
   * 'orders.0.priceQuote', 'gain.down'.
   */
  field: string;
  /** What it must be at steps `from`, `from + 1`, ... */
  values: readonly number[];
  /** First step checked; 0 when left out. */
  from?: number;
  /** Largest absolute difference; half a unit of the sixth decimal when left out. */
  tolerance?: number;
}

/** Inputs of a probe, as on its command line, and what must come out. */
export interface StrategyExample {
  /** Algorithm card it belongs to, for the map in the docs. */
  card?: string;
  /** What it shows, in a few words. */
  doc: string;
  /** Prices, quote units; `REFERENCE_PATH` when left out. */
  prices?: readonly number[];
  /** Index prices where they differ from the prices. */
  index?: readonly number[];
  /** Outcomes of bets (1 won, 0 lost) in place of prices. */
  outcomes?: readonly number[];
  /** Equity at the first price, quote units; 100,000 when left out. */
  equity?: number;
  /** Position held at the start, units, and its entry price. */
  position?: number;
  entry?: number;
  /** Parameters and settings (leverageMax, band, period) that differ from the defaults. */
  set?: Readonly<Record<string, number>>;
  /** Expectations on 'gain...' fields ask for the gain to be measured. */
  expect: readonly ExampleExpectation[];
}

/** The path of the reference numbers, quote units. */
export const REFERENCE_PATH: readonly number[] = [100, 101, 103, 102, 99, 97, 98, 101, 104, 103];
