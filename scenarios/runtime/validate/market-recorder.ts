/** Cuts what stylised facts need out of an event log as it is written. */
import { log } from '../../../sim/kernel/index.js';
import type { MarketRecord, ParentRecord, TakerRecord } from '../../../sim/stylised-facts/index.js';
import { EventKind, EventReader } from '../../../sim/trace/index.js';

const PAUSE_MICROS = 3600e6;
const PIECES_MIN = 2;

/** Follows the first instrument from `fromMicros` on, in bins of `binMicros`. */
export class MarketRecorder {
  private readonly reader = new EventReader(new Uint8Array(0));
  private readonly midTicks: number[] = [];
  private readonly volumeLots: number[] = [];
  private readonly timeMicros: number[] = [];
  private readonly signs: number[] = [];
  private readonly sizeLots: number[] = [];
  private readonly lastTicks: number[] = [];
  private readonly accounts: number[] = [];
  private readonly binMicros: number;
  private readonly fromMicros: number;
  private sampleMicros = -1;
  private bidTicks = 0;
  private cumulativeLots = 0;
  private volumeBefore = 0;
  /** Bins that ended without both sides quoted, and keep the mid before. */
  unquotedBins = 0;

  constructor(binMicros: number, fromMicros: number) {
    this.binMicros = binMicros;
    this.fromMicros = fromMicros;
  }

  /** Takes a chunk of whole rows. */
  take(bytes: Uint8Array): void {
    const r = this.reader;
    r.reset(bytes);
    while (r.next()) {
      if (r.kind === EventKind.trade && r.instrument === 0) this.trade(r);
      else if (r.kind === EventKind.series && r.account === 0) {
        this.sampleMicros = r.time;
        this.bidTicks = r.other;
        this.cumulativeLots = r.extra;
      } else if (r.kind === EventKind.seriesMore && r.account === 0) this.sample(r.priceTicks);
    }
  }

  /** Returns the record; `undefined` where no bin began with both sides quoted. */
  record(): MarketRecord | undefined {
    if (this.midTicks.length < 2) return undefined;
    const takers: TakerRecord = {
      timeMicros: Float64Array.from(this.timeMicros),
      sign: Int8Array.from(this.signs),
      sizeLots: Float64Array.from(this.sizeLots),
      lastTicks: Float64Array.from(this.lastTicks),
    };
    return {
      binMicros: this.binMicros,
      midPrice: Float64Array.from(this.midTicks),
      volumeLots: Float64Array.from(this.volumeLots),
      takers,
      parents: parentsOf(takers, this.accounts),
    };
  }

  /** Fills of one account, side and moment are one order. */
  private trade(r: EventReader): void {
    if (r.time < this.fromMicros) return;
    const time = r.time - this.fromMicros;
    const sign = r.sizeLots > 0 ? 1 : -1;
    const last = this.timeMicros.length - 1;
    const isSame =
      last >= 0 &&
      this.timeMicros[last] === time &&
      this.accounts[last] === r.account &&
      this.signs[last] === sign;
    if (isSame) {
      this.sizeLots[last] += Math.abs(r.sizeLots);
      this.lastTicks[last] = r.priceTicks;
      return;
    }
    this.timeMicros.push(time);
    this.accounts.push(r.account);
    this.signs.push(sign);
    this.sizeLots.push(Math.abs(r.sizeLots));
    this.lastTicks.push(r.priceTicks);
  }

  private sample(askTicks: number): void {
    const { bidTicks, midTicks } = this;
    const since = this.sampleMicros - this.fromMicros;
    if (since < 0 || since % this.binMicros !== 0) return;
    const isQuoted = bidTicks > 0 && askTicks > 0;
    if (midTicks.length > 0) {
      this.volumeLots.push(this.cumulativeLots - this.volumeBefore);
      if (!isQuoted) this.unquotedBins++;
      midTicks.push(isQuoted ? (bidTicks + askTicks) / 2 : midTicks[midTicks.length - 1]);
    } else if (isQuoted) midTicks.push((bidTicks + askTicks) / 2);
    this.volumeBefore = this.cumulativeLots;
  }
}

/** Joins takers of one account and side, with no hour between two of them, into parent orders. */
export function parentsOf(takers: TakerRecord, accounts: readonly number[]): ParentRecord {
  const sizeLots: number[] = [];
  const impact: number[] = [];
  const open = new Map<number, { first: number; last: number; pieces: number; lots: number }>();
  const close = (account: number): void => {
    const parent = open.get(account);
    if (parent === undefined || parent.pieces < PIECES_MIN || parent.first === 0) return;
    const before = takers.lastTicks[parent.first - 1];
    sizeLots.push(parent.lots);
    impact.push(takers.sign[parent.first] * log(takers.lastTicks[parent.last] / before));
  };
  accounts.forEach((account, i) => {
    const parent = open.get(account);
    const goesOn =
      parent !== undefined &&
      takers.sign[parent.last] === takers.sign[i] &&
      takers.timeMicros[i] - takers.timeMicros[parent.last] < PAUSE_MICROS;
    if (goesOn) {
      parent.last = i;
      parent.pieces++;
      parent.lots += takers.sizeLots[i];
      return;
    }
    close(account);
    open.set(account, { first: i, last: i, pieces: 1, lots: takers.sizeLots[i] });
  });
  for (const account of open.keys()) close(account);
  return { sizeLots: Float64Array.from(sizeLots), impact: Float64Array.from(impact) };
}
