/** Owners of the levels of every instrument's mark and last price, and the prints of smoothed marks. */
import {
  CauseEvent,
  Mixture,
  MixturePool,
  type NumberSink,
  type NumberSource,
  OwnershipLedger,
} from '../contagion/index.js';
import type { Instrument } from './instrument.js';
import { MarkSources } from './mark-sources.js';

/** The two directions of a price. */
export interface Directions {
  readonly falls: OwnershipLedger;
  readonly rises: OwnershipLedger;
}

/** Ledgers of a venue's prices. */
export class PriceOwners {
  readonly marks: Directions[] = [];
  /** The same objects as `marks` where the mark is the last price. */
  readonly lasts: Directions[] = [];
  private readonly instruments: readonly Instrument[];
  private readonly mixtures = new MixturePool();
  private readonly sources: (MarkSources | null)[] = [];
  /** Per instrument: the cause of the last move of a smoothed mark, what it moved from, and when. */
  private readonly tips: CauseEvent[] = [];
  private readonly tipFrom: Int32Array;
  private readonly tipSeq: Float64Array;
  private readonly mixture = new Mixture();
  private readonly scratch = new CauseEvent();

  constructor(instruments: readonly Instrument[]) {
    this.instruments = instruments;
    this.tipFrom = new Int32Array(instruments.length);
    this.tipSeq = new Float64Array(instruments.length).fill(-1);
    for (const one of instruments) {
      const mark = this.directions(one.markTicks);
      this.marks.push(mark);
      this.lasts.push(one.spec.mark.kind === 'last' ? mark : this.directions(one.lastTicks));
      this.sources.push(one.mark.window > 0 ? new MarkSources(one) : null);
      this.tips.push(new CauseEvent());
    }
  }

  /**
   * Takes a trade of an event: the last price moved from `before`, perhaps by nothing. Triggers on the
   * last price look at the ledger before the mark follows, so that it moves here where both are one.
   */
  traded(one: Instrument, before: number, event: CauseEvent): void {
    const { number } = one;
    this.sources[number]?.traded(event, before);
    if (one.lastTicks === before) return;
    const { falls, rises } = this.lasts[number];
    falls.move(one.lastTicks, event);
    rises.move(one.lastTicks, event);
  }

  /** Takes an index update from `before`. */
  indexed(one: Instrument, before: number, event: CauseEvent): void {
    this.sources[one.number]?.indexed(event, before);
  }

  /**
   * Takes a sample of a smoothed mark into a place of its window. Behind one below the index stands
   * whoever last pushed the last price down, behind one above whoever pushed it up: a later trade that
   * moved it the other way, or not at all, did not make it low.
   */
  sampled(one: Instrument, place: number, isBelow: boolean): void {
    const sources = this.sources[one.number];
    if (sources === null) return;
    const { falls, rises } = this.lasts[one.number];
    const ledger = isBelow ? falls : rises;
    if (ledger.count === 0) sources.sampled(place, null);
    else {
      ledger.owner(ledger.count - 1, this.scratch);
      sources.sampled(place, this.scratch);
    }
  }

  /** Takes a move of the mark from `from` in an event. */
  marked(one: Instrument, from: number, event: CauseEvent): void {
    const { number } = one;
    const { falls, rises } = this.marks[number];
    const sources = this.sources[number];
    if (sources === null) {
      falls.move(one.markTicks, event);
      rises.move(one.markTicks, event);
      return;
    }
    sources.effects(from, this.mixture);
    const tip = this.mixture.heaviest() ?? event;
    const mixture = this.mixture.count > 1 ? this.mixture : null;
    this.tips[number].copy(tip);
    this.tipFrom[number] = from;
    this.tipSeq[number] = event.seq;
    falls.move(one.markTicks, tip, mixture);
    rises.move(one.markTicks, tip, mixture);
  }

  /**
   * Returns what carried the mark through a level in the event under way: of a smoothed mark that has
   * just crossed it the heaviest print's event, else that event itself.
   */
  tipping(instrument: number, levelTicks: number, event: CauseEvent): CauseEvent {
    if (this.sources[instrument] === null || this.tipSeq[instrument] !== event.seq) return event;
    const now = this.instruments[instrument].markTicks;
    const from = this.tipFrom[instrument];
    const crossed =
      (now <= levelTicks && levelTicks < from) || (from < levelTicks && levelTicks <= now);
    return crossed ? this.tips[instrument] : event;
  }

  /** Verifies the ledgers. @throws Error */
  check(): void {
    for (const { falls, rises } of [...this.marks, ...this.lasts]) {
      falls.check();
      rises.check();
    }
  }

  write(sink: NumberSink): void {
    for (let i = 0; i < this.marks.length; i++) {
      for (const { falls, rises } of [this.marks[i], this.lasts[i]]) {
        falls.write(sink);
        rises.write(sink);
      }
      this.sources[i]?.write(sink);
    }
  }

  /** Restores what `write` wrote. */
  read(source: NumberSource): void {
    for (let i = 0; i < this.marks.length; i++) {
      for (const { falls, rises } of [this.marks[i], this.lasts[i]]) {
        falls.read(source);
        rises.read(source);
      }
      this.sources[i]?.read(source);
    }
  }

  /** Begins anew at the instruments' present prices. */
  reset(): void {
    for (const one of this.instruments) {
      const { number } = one;
      this.marks[number].falls.reset(one.markTicks);
      this.marks[number].rises.reset(one.markTicks);
      this.lasts[number].falls.reset(one.lastTicks);
      this.lasts[number].rises.reset(one.lastTicks);
      this.sources[number]?.reset();
    }
    this.tipSeq.fill(-1);
  }

  private directions(price: number): Directions {
    return {
      falls: new OwnershipLedger(1, price, this.mixtures),
      rises: new OwnershipLedger(-1, price, this.mixtures),
    };
  }
}
