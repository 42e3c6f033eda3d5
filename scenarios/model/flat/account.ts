/** Accounts of a flat book: positions of one size, deposits that put thresholds where they were drawn. */
import { LinearContract } from '../../../sim/account/index.js';
import { TieredMargin } from '../../../sim/risk/index.js';
import type { InstrumentSpec } from '../../../sim/venue/index.js';
import type { FlatTerms } from './terms.js';

/** A threshold keeps this distance from whole ticks, quanta of the position's value. */
const OFF_GRID_QUANTA = 2;

/** What an account of a flat book is opened with. */
export class FlatAccounts {
  readonly positionLots: number;
  /** Cost of a position, quanta. */
  readonly costQuanta: number;
  /** What a position gains or loses in a tick, quanta. */
  readonly quantaPerTick: number;
  private readonly margin: TieredMargin;

  constructor(terms: FlatTerms, spec: InstrumentSpec) {
    const contract = new LinearContract(spec.contract);
    this.positionLots = terms.positionLots;
    this.costQuanta = contract.signedValue(terms.positionLots, spec.startTicks);
    this.quantaPerTick = contract.signedValue(terms.positionLots, 1);
    this.margin = new TieredMargin(spec.margin);
  }

  /**
   * Returns the deposit of an account that is in breach at prices more than `depth` ticks below the
   * start: what it may lose until then, and its maintenance margin there. The depth is kept as the next
   * whole quantum of value, off the tick grid.
   */
  depositQuanta(depth: number): number {
    const whole = Math.floor(depth);
    const inside = (depth - whole) * (this.quantaPerTick - 2 * OFF_GRID_QUANTA);
    const loss = whole * this.quantaPerTick + OFF_GRID_QUANTA + Math.floor(inside);
    return loss + this.margin.maintenance(this.costQuanta - loss, this.positionLots);
  }
}
