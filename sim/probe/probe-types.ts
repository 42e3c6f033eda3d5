/** What a probe takes and what it tells. */
import type { MarketField, Strategy } from '../strategy/index.js';

/** What a probe starts from; amounts in quote units, positions in units. */
export interface ProbeOptions {
  strategy: Strategy;
  /** The first price: the account is opened there. */
  startPrice: number;
  /** Largest price there will be, for the size of the tick. */
  priceMax: number;
  /** Parameters that differ from their defaults. */
  params?: Readonly<Record<string, number>>;
  /** Equity at the first price; 100,000 by default. */
  equity?: number;
  position?: number;
  /** Entry price of the position; the first price by default. */
  entry?: number;
  /** Leverage cap of the wrapper; none by default. */
  leverageMax?: number;
  /** No-trade band of the wrapper, fraction of the present exposure; 0 by default. */
  band?: number;
  /** Lot that targets are rounded to, toward zero, units; 0 leaves fractions. */
  lot?: number;
  /** Microseconds a price; a day by default. */
  barMicros?: number;
  seed?: number;
  crowding?: number;
  /** Agents alike but for their draws; 1 by default. Steps tell of the first. */
  agents?: number;
  /** Liquidation map for rules that see one, by `LiquidationMap`. */
  map?: Float64Array;
}

/** An order of a quoting rule. */
export interface ProbeOrder {
  kind: string;
  side: 'buy' | 'sell';
  /** null for a market order. */
  priceQuote: number | null;
  sizeUnits: number;
}

/** What one price led to; amounts in quote units, before rounding. */
export interface ProbeStep {
  step: number;
  price: number;
  equityQuote: number;
  targetPositionUnits: number;
  targetNotionalQuote: number;
  targetLeverage: number;
  orderUnits: number;
  state: Record<string, number | number[]>;
  /** Live orders after the decision, and those that took at once; quoting rules only. */
  orders?: ProbeOrder[];
}

/** What else an agent may see beside the price. */
export interface ProbeSight {
  /** Index price; the price when left out. */
  index?: number;
  /** Further fields of the snapshot, prices in ticks. */
  fields?: Partial<Record<keyof typeof MarketField, number>>;
}
