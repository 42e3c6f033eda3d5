/** Liquidation policies: what happens to an account in breach, as a plan of orders. */
import type { Contract } from '../account/index.js';
import { mulDivFloor } from '../kernel/index.js';
import type { MarginPolicy } from './tiered-margin.js';

/** Choice of a liquidation policy. */
export interface LiquidationSpec {
  /**
   * `stepDown`: reduce bracket by bracket no worse than the bankruptcy price, then the desk takes
   * the rest over at it (BitMEX, Bybit). `wholeAtMarket`: close everything at market, then take
   * over what is left.
   */
  kind: 'stepDown' | 'wholeAtMarket';
  /** Delay between the breach and its liquidation; default 0. */
  delayMicros?: number;
  /**
   * Whether a step-down order must fill whole (`fok`, as at BitMEX) or may fill in part. Default
   * `fok`.
   */
  order?: 'fok' | 'ioc';
}

/** A policy, asked again after each of its orders while the account is still in breach. */
export interface LiquidationPolicy {
  readonly delayMicros: number;
  /** True if the order is a market order, false if it is bounded by the bankruptcy price. */
  readonly atMarket: boolean;
  /** True if the bounded order must fill whole or not at all. */
  readonly wholeOrNothing: boolean;
  /**
   * Returns how many lots of the position to close now, 0 for none (take it over). `entryQuanta` is
   * the entry value where brackets are measured by it, -1 where by the notional at the mark.
   */
  closeLots(
    contract: Contract,
    margin: MarginPolicy,
    sizeLots: number,
    markTicks: number,
    entryQuanta: number,
  ): number;
}

/** Brings a position down to the floor of its bracket; nothing in the lowest. */
export class StepDownLiquidation implements LiquidationPolicy {
  readonly delayMicros: number;
  readonly atMarket = false;
  readonly wholeOrNothing: boolean;

  constructor(spec: LiquidationSpec) {
    this.delayMicros = spec.delayMicros ?? 0;
    this.wholeOrNothing = (spec.order ?? 'fok') === 'fok';
  }

  closeLots(
    contract: Contract,
    margin: MarginPolicy,
    sizeLots: number,
    markTicks: number,
    entryQuanta: number,
  ): number {
    const whole = Math.abs(sizeLots);
    const measure = entryQuanta < 0 ? contract.notional(sizeLots, markTicks) : entryQuanta;
    const tier = margin.tierOf(measure, sizeLots);
    if (tier === 0) return 0;
    const floorLots = margin.floorLots(tier);
    if (floorLots >= 0) return whole - floorLots;
    const floor = margin.floorQuanta(tier);
    if (entryQuanta < 0) return whole - contract.lotsWithin(floor, markTicks);
    return whole - mulDivFloor(whole, floor, entryQuanta);
  }
}

/** Closes the whole position at market. */
export class WholeLiquidation implements LiquidationPolicy {
  readonly delayMicros: number;
  readonly atMarket = true;
  readonly wholeOrNothing = false;

  constructor(spec: LiquidationSpec) {
    this.delayMicros = spec.delayMicros ?? 0;
  }

  closeLots(_contract: Contract, _margin: MarginPolicy, sizeLots: number): number {
    return Math.abs(sizeLots);
  }
}

/** Makes the liquidation policy of a specification. */
export function makeLiquidation(spec: LiquidationSpec): LiquidationPolicy {
  return spec.kind === 'stepDown' ? new StepDownLiquidation(spec) : new WholeLiquidation(spec);
}
