/** The power of money in a unit. */

/** Units that grow with the currency: an amount of money, and money per unit of the asset. */
const MONEY = ['quote', 'price'];

/**
 * Returns the power of money in a declared unit: 1 for 'quote', 'price' and 'quote/second', -1 for
 * '1/price', 2 for 'price^2', 0 for what does not depend on the currency.
 */
export function moneyDimension(unit: string): number {
  let dimension = 0;
  unit.split('/').forEach((part, k) => {
    for (const factor of part.split(/[\s*]+/)) {
      const [, name, power = '1'] = /^([^\^]*)(?:\^(-?\d+))?$/.exec(factor) ?? [];
      if (name !== undefined && MONEY.includes(name)) dimension += (k === 0 ? 1 : -1) * Number(power);
    }
  });
  return dimension;
}
