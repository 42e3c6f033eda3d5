/**
 * The prints behind a smoothed mark, and how much each of them moved it.
 *
 * A mark that averages or picks among several prices is moved by all of them. The effect of a print is
 * what leaving it out changes: the last trade and the last index update fall back to the values before
 * them, a basis sample leaves the mean of the others. The event of a sample is whoever had last pushed
 * the last price to the side of the index on which it lay.
 */
import {
  CauseEvent,
  type Mixture,
  type NumberSink,
  type NumberSource,
  readEvent,
  writeEvent,
} from '../contagion/index.js';
import type { MarkInputs } from '../risk/index.js';
import { CauseKind } from '../trace/index.js';
import type { Instrument } from './instrument.js';

/** Events behind the inputs of one instrument's mark. */
export class MarkSources implements MarkInputs {
  nowMicros = 0;
  indexTicks = 0;
  lastTicks = 0;
  /** Quotes count in samples only, which are taken elsewhere. */
  readonly bidTicks = -1;
  readonly askTicks = -1;
  fundingRate = 0;
  nextFundingMicros = 0;
  fundingIntervalMicros = 0;
  private readonly one: Instrument;
  private readonly lastPrint = new CauseEvent();
  private readonly indexPrint = new CauseEvent();
  private readonly samplePrints: CauseEvent[] = [];
  /** The mark without each sample. */
  private readonly without: Float64Array;
  /** Values before the prints. */
  private lastBefore: number;
  private indexBefore: number;

  constructor(one: Instrument) {
    this.one = one;
    this.without = new Float64Array(one.mark.window);
    this.lastBefore = one.lastTicks;
    this.indexBefore = one.indexTicks;
    for (let i = 0; i < one.mark.window; i++) this.samplePrints.push(new CauseEvent());
  }

  /** Notes that an event trades; `before` is the last price before it. */
  traded(event: CauseEvent, before: number): void {
    if (event.seq === this.lastPrint.seq) return;
    this.lastPrint.copy(event);
    this.lastBefore = before;
  }

  indexed(event: CauseEvent, before: number): void {
    this.indexPrint.copy(event);
    this.indexBefore = before;
  }

  /** Notes the event behind a sample taken into a place of the window; the last trade's for null. */
  sampled(place: number, event: CauseEvent | null): void {
    this.samplePrints[place].copy(event ?? this.lastPrint);
  }

  /**
   * Fills `mixture` with the events behind the present mark, which moved from another price, by
   * their leave-one-out effects in the direction of the move; empty when none had any. O(window)
   * where the mean of the samples decides, else O(1).
   */
  effects(from: number, mixture: Mixture): void {
    const { one } = this;
    mixture.clear();
    this.load();
    const now = one.mark.price(this);
    const down = one.markTicks < from;
    this.lastTicks = this.lastBefore;
    this.consider(this.lastPrint, one.mark.price(this) - now, down, mixture);
    this.lastTicks = one.lastTicks;
    this.indexTicks = this.indexBefore;
    this.consider(this.indexPrint, one.mark.price(this) - now, down, mixture);
    this.indexTicks = one.indexTicks;
    if (one.mark.pricesWithout(this, this.without)) {
      for (let k = 0; k < this.samplePrints.length; k++) {
        this.consider(this.samplePrints[k], this.without[k] - now, down, mixture);
      }
    }
    mixture.normalise();
  }

  /** Begins anew at the instrument's present prices, with no prints. */
  reset(): void {
    this.lastBefore = this.one.lastTicks;
    this.indexBefore = this.one.indexTicks;
    this.lastPrint.begin(-1, CauseKind.none, -1);
    this.indexPrint.begin(-1, CauseKind.none, -1);
    for (const print of this.samplePrints) print.begin(-1, CauseKind.none, -1);
  }

  write(sink: NumberSink): void {
    sink.float(this.lastBefore);
    sink.float(this.indexBefore);
    writeEvent(this.lastPrint, sink);
    writeEvent(this.indexPrint, sink);
    for (const print of this.samplePrints) writeEvent(print, sink);
  }

  read(source: NumberSource): void {
    this.lastBefore = source.float();
    this.indexBefore = source.float();
    readEvent(this.lastPrint, source);
    readEvent(this.indexPrint, source);
    for (const print of this.samplePrints) readEvent(print, source);
  }

  private consider(event: CauseEvent, change: number, down: boolean, mixture: Mixture): void {
    const effect = down ? change : -change;
    if (effect > 0 && event.seq >= 0) mixture.add(event, effect);
  }

  private load(): void {
    const { one } = this;
    this.nowMicros = one.nowMicros;
    this.indexTicks = one.indexTicks;
    this.lastTicks = one.lastTicks;
    this.fundingRate = one.fundingRate;
    this.nextFundingMicros = one.nextFundingMicros;
    this.fundingIntervalMicros = one.fundingIntervalMicros;
  }
}
