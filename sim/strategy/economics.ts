/** Conversions between a contract's integers and the quote units strategies think in. */

/** Contract terms needed to value a position (see the ledger convention in `sim/account`). */
export interface ContractTerms {
  kind: 'linear' | 'inverse';
  /** Linear: quanta per tick and lot. Inverse: quanta times ticks per lot. */
  multiplier: number;
  /** Quote units per tick. */
  quotePerTick: number;
  /** Linear: base units per lot. Inverse: quote units per lot. */
  quotePerLot: number;
}

/** Values positions and equity in quote units; floats, for strategies and statistics only. */
export class Economics {
  readonly inverse: boolean;
  readonly multiplier: number;
  readonly quotePerTick: number;
  readonly quotePerLot: number;
  /** Quote units of one quantum: constant (linear), or per tick of price (inverse). */
  readonly quotePerQuantum: number;

  constructor(terms: ContractTerms) {
    this.inverse = terms.kind === 'inverse';
    this.multiplier = terms.multiplier;
    this.quotePerTick = terms.quotePerTick;
    this.quotePerLot = terms.quotePerLot;
    this.quotePerQuantum = (terms.quotePerTick * terms.quotePerLot) / terms.multiplier;
    if (this.inverse) this.quotePerQuantum = terms.quotePerLot / terms.multiplier;
  }

  /** Signed exposure of a position in quote units at a price in ticks. */
  exposureQuote(positionLots: number, priceTicks: number): number {
    return this.inverse
      ? positionLots * this.quotePerLot
      : positionLots * priceTicks * this.quotePerTick * this.quotePerLot;
  }

  /** Equity in quote units of (wallet, position, cost) at a price in ticks. */
  equityQuote(wallet: number, position: number, cost: number, priceTicks: number): number {
    if (this.inverse) {
      const quanta = wallet - (position * this.multiplier) / priceTicks - cost;
      return quanta * this.quotePerQuantum * priceTicks;
    }
    return (wallet + position * priceTicks * this.multiplier - cost) * this.quotePerQuantum;
  }

  /** Quote value of an amount of quanta at a price in ticks. */
  quantaToQuote(quanta: number, priceTicks: number): number {
    return quanta * this.quotePerQuantum * (this.inverse ? priceTicks : 1);
  }

  /** Quanta worth an amount of quote units at a price in ticks (not rounded). */
  quoteToQuanta(quote: number, priceTicks: number): number {
    return quote / (this.quotePerQuantum * (this.inverse ? priceTicks : 1));
  }

  /** Lots (not rounded) worth an exposure in quote units at a price in ticks. */
  lotsOf(exposureQuote: number, priceTicks: number): number {
    return this.inverse
      ? exposureQuote / this.quotePerLot
      : exposureQuote / (priceTicks * this.quotePerTick * this.quotePerLot);
  }
}
