/** The loss waterfall: who pays, in which order, when a position is worth less than nothing. */
import { UserError } from '../kernel/index.js';

/** A step of the waterfall. */
export type WaterfallStep = 'insuranceFund' | 'autoDeleverage' | 'badDebt';

/** An ordered choice of steps, reduced to what a venue asks. */
export class LossWaterfall {
  /** Realised losses are paid by the fund while it lasts. */
  readonly usesFund: boolean;
  /** Inventory under water may be deleveraged. */
  readonly deleverages: boolean;
  /** The fund stands before deleveraging: its balance delays it. */
  readonly fundFirst: boolean;

  /** @throws UserError 'waterfall/steps' on a step named twice. */
  constructor(steps: readonly WaterfallStep[]) {
    if (new Set(steps).size !== steps.length) {
      throw new UserError('waterfall/steps', `waterfall names a step twice: ${steps.join(', ')}`);
    }
    const fund = steps.indexOf('insuranceFund');
    const deleverage = steps.indexOf('autoDeleverage');
    this.usesFund = fund >= 0;
    this.deleverages = deleverage >= 0;
    this.fundFirst = fund >= 0 && (deleverage < 0 || fund < deleverage);
  }

  /** Returns true when the desk's unrealised profit (negative = loss) calls for deleveraging. */
  mustDeleverage(fundQuanta: number, deskUnrealised: number): boolean {
    if (!this.deleverages || deskUnrealised >= 0) return false;
    return this.fundFirst ? fundQuanta + deskUnrealised < 0 : true;
  }

  /** Returns the part of a realised loss that the fund pays. */
  fundPart(fundQuanta: number, loss: number): number {
    if (!this.usesFund) return 0;
    return loss < fundQuanta ? loss : fundQuanta;
  }
}
