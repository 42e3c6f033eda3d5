/** Money of the naive venue: BigInt formulas, written from the definitions. */
import type { InstrumentSpec } from '../../sim/venue/index.js';

const PPM = 1_000_000n;

/** Returns a / b rounded down; b > 0. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b !== 0n && a < 0n ? q - 1n : q;
}

/** Returns a / b rounded up; b > 0. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return -floorDiv(-a, b);
}

export function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** Returns the signed value of a position. */
export function valueAt(spec: InstrumentSpec, size: number, price: number): bigint {
  const multiplier = BigInt(spec.contract.multiplier);
  if (spec.contract.kind === 'linear') return BigInt(size) * BigInt(price) * multiplier;
  return -((BigInt(size) * multiplier) / BigInt(price));
}

/** Returns the notional in quote units. */
export function quoteOf(spec: InstrumentSpec, size: number, price: number): number {
  const { kind, quotePerLot, quotePerTick } = spec.contract;
  if (kind === 'inverse') return Math.abs(size) * quotePerLot;
  return Math.abs(size) * price * (quotePerTick * quotePerLot);
}

/** Returns the bracket of a position, 0-based. */
export function tierOf(spec: InstrumentSpec, notional: bigint, size: number): number {
  const tiers = spec.margin.tiers;
  let found = 0;
  tiers.forEach((tier, k) => {
    if (k === 0) return;
    if (
      tier.floorLots !== undefined
        ? Math.abs(size) > tier.floorLots
        : notional > BigInt(tier.floorQuanta!)
    ) {
      found = k;
    }
  });
  return found;
}

/**
 * Returns the maintenance margin: each slice of the notional at the rate of the bracket it lies in.
 */
export function maintenance(spec: InstrumentSpec, notional: bigint, size: number): bigint {
  const tiers = spec.margin.tiers;
  if (tiers.some((tier) => tier.floorLots !== undefined)) {
    const tier = tierOf(spec, notional, size);
    let rate = BigInt(tiers[tier].maintenanceRate);
    if (spec.margin.deductions !== false && tier > 0) {
      let deduction = 0n;
      for (let k = 1; k <= tier; k++) {
        const step = tiers[k].maintenanceRate - tiers[k - 1].maintenanceRate;
        deduction += BigInt(tiers[k].floorLots!) * BigInt(step);
      }
      rate -= floorDiv(deduction, BigInt(Math.abs(size)));
    }
    return ceilDiv(notional * rate, PPM);
  }
  if (spec.margin.deductions === false) {
    return ceilDiv(notional * BigInt(tiers[tierOf(spec, notional, size)].maintenanceRate), PPM);
  }
  let sum = 0n;
  tiers.forEach((tier, k) => {
    const floor = BigInt(tier.floorQuanta ?? 0);
    const end = k + 1 < tiers.length ? BigInt(tiers[k + 1].floorQuanta!) : notional;
    const top = notional < end ? notional : end;
    if (top > floor) sum += (top - floor) * BigInt(tier.maintenanceRate);
  });
  return ceilDiv(sum, PPM);
}

/** Returns the initial margin at the larger of the bracket's rate and the chosen one. */
export function initial(
  spec: InstrumentSpec,
  notional: bigint,
  size: number,
  rate: number,
): bigint {
  const tier = spec.margin.tiers[tierOf(spec, notional, size)];
  return ceilDiv(notional * BigInt(Math.max(tier.initialRate, rate)), PPM);
}

/** Returns a fee, rounded against the payer. */
export function fee(notional: bigint, ppm: number): bigint {
  return ceilDiv(notional * BigInt(ppm), PPM);
}

/**
 * Returns the worst price at which closing a position still yields `target`, by trying every tick.
 */
export function worstPrice(spec: InstrumentSpec, size: number, target: bigint): number {
  const top = spec.ticksMax - 1;
  if (size > 0) {
    for (let p = 1; p <= top; p++) if (valueAt(spec, size, p) >= target) return p;
    return top;
  }
  for (let p = top; p >= 1; p--) if (valueAt(spec, size, p) >= target) return p;
  return 1;
}

/** Returns the most lots whose notional at the price is at most `limit`. */
export function lotsWithin(
  spec: InstrumentSpec,
  size: number,
  price: number,
  limit: bigint,
): number {
  let low = 0;
  let high = Math.abs(size);
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (abs(valueAt(spec, middle, price)) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
