/**
 * Contracts: what a number of lots is worth at a price, in integer quanta.
 *
 * A position is (signed lots, signed cost); a trade posts `signedValue(lots, price)` to the cost of
 * the buyer and the opposite to the seller. Unrealised profit is `signedValue(lots, mark) - cost`.
 */
import { mulDivCeil, mulDivFloor, mulDivTrunc } from '../kernel/index.js';

const EXACT = 9007199254740992;

/** Terms of a contract. */
export interface ContractSpec {
  kind: 'linear' | 'inverse';
  /** Linear: quanta per tick and lot. Inverse: quanta times ticks per lot. Integer >= 1. */
  multiplier: number;
  /** Quote units per tick. */
  quotePerTick: number;
  /** Linear: base units per lot. Inverse: quote units per lot. */
  quotePerLot: number;
}

/**
 * Arithmetic of a contract. A quanto contract is a linear one whose multiplier is stated in the
 * settlement currency.
 */
export interface Contract {
  readonly kind: 'linear' | 'inverse';
  readonly multiplier: number;
  /** +1 if the value of a long rises with its notional (linear), -1 if it falls (inverse). */
  readonly notionalSign: number;
  /**
   * Returns the signed value in quanta: positive for a linear long, negative for an inverse long.
   */
  signedValue(sizeLots: number, priceTicks: number): number;
  /** Returns the absolute value in quanta. */
  notional(sizeLots: number, priceTicks: number): number;
  /** Returns the absolute value in quote units (a float, for reporting). */
  notionalQuote(sizeLots: number, priceTicks: number): number;
  /** Returns the most lots whose notional at the price is at most `notionalQuanta`. */
  lotsWithin(notionalQuanta: number, priceTicks: number): number;
  /**
   * Returns the price (float ticks) at which |lots| have the notional; the notional is positive.
   */
  priceOfNotional(sizeLots: number, notionalQuanta: number): number;
  /**
   * Returns the price (float ticks) at which a position has the value: 0 when it is worth that at
   * any price, Infinity when at none.
   */
  priceOfValue(sizeLots: number, valueQuanta: number): number;
}

/**
 * A contract settled in the quote currency (or, quanto, at a fixed rate): value = size x price x
 * multiplier.
 */
export class LinearContract implements Contract {
  readonly kind = 'linear';
  readonly notionalSign = 1;
  readonly multiplier: number;
  readonly quotePerTickLot: number;

  constructor(spec: ContractSpec) {
    this.multiplier = spec.multiplier;
    this.quotePerTickLot = spec.quotePerTick * spec.quotePerLot;
  }

  signedValue(sizeLots: number, priceTicks: number): number {
    return sizeLots * priceTicks * this.multiplier;
  }

  notional(sizeLots: number, priceTicks: number): number {
    const value = sizeLots * priceTicks * this.multiplier;
    return value < 0 ? -value : value;
  }

  notionalQuote(sizeLots: number, priceTicks: number): number {
    return Math.abs(sizeLots) * priceTicks * this.quotePerTickLot;
  }

  lotsWithin(notionalQuanta: number, priceTicks: number): number {
    return Math.floor(notionalQuanta / (priceTicks * this.multiplier));
  }

  priceOfNotional(sizeLots: number, notionalQuanta: number): number {
    return notionalQuanta / (Math.abs(sizeLots) * this.multiplier);
  }

  priceOfValue(sizeLots: number, valueQuanta: number): number {
    const price = valueQuanta / (sizeLots * this.multiplier);
    return price > 0 ? price : 0;
  }
}

/**
 * A contract of fixed quote value settled in the base currency: value of a long = -multiplier x
 * size / price.
 */
export class InverseContract implements Contract {
  readonly kind = 'inverse';
  readonly notionalSign = -1;
  readonly multiplier: number;
  readonly quotePerLot: number;

  constructor(spec: ContractSpec) {
    this.multiplier = spec.multiplier;
    this.quotePerLot = spec.quotePerLot;
  }

  signedValue(sizeLots: number, priceTicks: number): number {
    const product = sizeLots * this.multiplier;
    if (product < EXACT && product > -EXACT) {
      return product >= 0
        ? 0 - Math.floor(product / priceTicks)
        : Math.floor(-product / priceTicks);
    }
    return 0 - mulDivTrunc(sizeLots, this.multiplier, priceTicks);
  }

  notional(sizeLots: number, priceTicks: number): number {
    const value = this.signedValue(sizeLots, priceTicks);
    return value < 0 ? -value : value;
  }

  notionalQuote(sizeLots: number, _priceTicks: number): number {
    return Math.abs(sizeLots) * this.quotePerLot;
  }

  lotsWithin(notionalQuanta: number, priceTicks: number): number {
    // floor(multiplier * lots / price) <= n  <=>  multiplier * lots < (n + 1) * price
    return mulDivCeil(notionalQuanta + 1, priceTicks, this.multiplier) - 1;
  }

  priceOfNotional(sizeLots: number, notionalQuanta: number): number {
    return (Math.abs(sizeLots) * this.multiplier) / notionalQuanta;
  }

  priceOfValue(sizeLots: number, valueQuanta: number): number {
    const price = -(sizeLots * this.multiplier) / valueQuanta;
    return price > 0 ? price : Infinity;
  }
}

/** Makes the contract of a specification. */
export function makeContract(spec: ContractSpec): Contract {
  return spec.kind === 'inverse' ? new InverseContract(spec) : new LinearContract(spec);
}

/**
 * Returns the worst whole tick in 1..ticksMax-1 at which closing the position yields at least
 * `valueQuanta`: for a long the lowest such price, for a short the highest; the end of the range
 * when none does.
 */
export function priceNoWorse(
  contract: Contract,
  sizeLots: number,
  valueQuanta: number,
  ticksMax: number,
): number {
  const top = ticksMax - 1;
  const guess = contract.priceOfValue(sizeLots, valueQuanta);
  let price = guess >= top ? top : guess < 1 ? 1 : Math.floor(guess);
  if (sizeLots > 0) {
    while (price > 1 && contract.signedValue(sizeLots, price - 1) >= valueQuanta) price--;
    while (price < top && contract.signedValue(sizeLots, price) < valueQuanta) price++;
  } else {
    while (price < top && contract.signedValue(sizeLots, price + 1) >= valueQuanta) price++;
    while (price > 1 && contract.signedValue(sizeLots, price) < valueQuanta) price--;
  }
  return price;
}

/**
 * Returns the part of `amount` that belongs to `part` of `whole`, rounded down: the cost released
 * by a partial close.
 */
export function shareFloor(amount: number, part: number, whole: number): number {
  return part === whole ? amount : mulDivFloor(amount, part, whole);
}
