/** The figures of a run that published ones exist for. */
import type { RunFigures } from '../../../sim/engine/index.js';
import { EventKind, EventReader } from '../../../sim/trace/index.js';

/** Measures that ranges in history.json may name, and what they are. */
export const historyMeasures = {
  drawdown: 'largest fall of the last price from its highest, fraction, negative',
  discount: 'lowest last price over index less 1 at the end of a window, fraction',
  liquidatedQuote: 'notional of all liquidations, quote',
  fundDeclineSettlement: 'lowest insurance fund less its start, settlement units',
  deleveragings: 'auto-deleveragings, count',
  badDebtQuote: 'debt that neither fund nor deleveraging covered, quote',
  haltMinutes: 'time the venue was halted, minutes',
  fundingMin: 'lowest funding rate that was settled, fraction',
} as const;

/** Name of a measure. */
export type HistoryMeasure = keyof typeof historyMeasures;

/** Its values in one run. */
export type HistoryFigures = Record<HistoryMeasure, number>;

/** Follows a log for what the run's figures do not hold. */
export class HistoryRecorder {
  private readonly reader = new EventReader(new Uint8Array(0));
  private haltedSince = -1;
  private haltMicros = 0;
  private fundingMin = Number.NaN;

  /** Takes a chunk of whole rows. */
  take(bytes: Uint8Array): void {
    const r = this.reader;
    r.reset(bytes);
    while (r.next()) {
      if (r.kind === EventKind.halt && this.haltedSince < 0) this.haltedSince = r.time;
      else if (r.kind === EventKind.resume && this.haltedSince >= 0) {
        this.haltMicros += r.time - this.haltedSince;
        this.haltedSince = -1;
      } else if (r.kind === EventKind.funding && r.account < 0) {
        if (!(this.fundingMin <= r.extra)) this.fundingMin = r.extra;
      }
    }
  }

  /** Returns all measures of the finished run. */
  figures(run: RunFigures): HistoryFigures {
    const end = run.simulatedSeconds * 1e6;
    const open = this.haltedSince < 0 ? 0 : end - this.haltedSince;
    const { start, min } = run.insuranceFundSettlement;
    return {
      drawdown: -run.price.maxDrawdownFraction,
      discount: run.discountMinFraction,
      liquidatedQuote: run.liquidations.notionalQuote,
      fundDeclineSettlement: min - start,
      deleveragings: run.autoDeleveraging.count,
      badDebtQuote: run.badDebtQuote,
      haltMinutes: (this.haltMicros + open) / 60e6,
      fundingMin: this.fundingMin,
    };
  }
}
