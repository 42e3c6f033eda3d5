/** Listens at a venue's doors while a world runs in memory: what the trace does not keep. */
import type { Market } from '../../../sim/engine/index.js';
import type { OrderRecord } from '../../../sim/stylised-facts/index.js';
import { OrderKind, ReportKind } from '../../../sim/venue/index.js';

const BID = 0;
/** The best levels are looked at once in this time. */
const LOOK_MICROS = 10e6;

interface RestingOrder {
  timeMicros: number;
  isFilled: boolean;
}

/**
 * Notes orders of the first instrument from `fromMicros` on. Its own methods stand before those of the
 * one market it listens to; the run, its log and its hash are the same, and no other run is slower.
 */
export class OrderTap {
  private readonly timeMicros: number[] = [];
  private readonly limitLots: number[] = [];
  private readonly placementTicks: number[] = [];
  private readonly cancelMicros: number[] = [];
  private readonly fillMicros: number[] = [];
  private readonly bestLots: number[] = [];
  private readonly resting = new Map<string, RestingOrder>();
  private readonly fromMicros: number;
  private lookMicros: number;

  constructor(market: Market, fromMicros: number) {
    this.fromMicros = fromMicros;
    this.lookMicros = fromMicros;
    const { venue } = market;
    const submit = venue.submit.bind(venue);
    const report = market.report.bind(market);
    venue.submit = (...order: Parameters<typeof submit>) => {
      const [time, account, instrument, slot, side, kind, priceTicks, sizeLots] = order;
      if (instrument === 0 && time >= fromMicros) {
        this.look(market, time);
        this.timeMicros.push(time - fromMicros);
        if (kind === OrderKind.limit) {
          this.limit(market, side, priceTicks, sizeLots);
          this.resting.set(`${account}/${slot}`, { timeMicros: time, isFilled: false });
        }
      }
      submit(...order);
    };
    market.report = (...told: Parameters<typeof report>) => {
      const [kind, time, account, instrument, slot, , leavesLots] = told;
      if (instrument === 0) this.told(kind, time, `${account}/${slot}`, leavesLots);
      report(...told);
    };
  }

  /** Returns what was noted; times count from the first. */
  orders(): OrderRecord {
    return {
      timeMicros: Float64Array.from(this.timeMicros),
      limitLots: Float64Array.from(this.limitLots),
      placementTicks: Float64Array.from(this.placementTicks),
      cancelMicros: Float64Array.from(this.cancelMicros),
      fillMicros: Float64Array.from(this.fillMicros),
      bestLots: Float64Array.from(this.bestLots),
    };
  }

  private look({ venue }: Market, time: number): void {
    if (time < this.lookMicros) return;
    this.lookMicros = this.fromMicros + LOOK_MICROS * Math.ceil((time - this.fromMicros + 1) / LOOK_MICROS);
    if (venue.bestBid(0) > 0) this.bestLots.push(venue.bestBidLots(0));
    if (venue.bestAsk(0) > 0) this.bestLots.push(venue.bestAskLots(0));
  }

  private limit({ venue }: Market, side: number, priceTicks: number, sizeLots: number): void {
    this.limitLots.push(sizeLots);
    const best = side === BID ? venue.bestBid(0) : venue.bestAsk(0);
    const distance = side === BID ? best - priceTicks : priceTicks - best;
    if (best > 0 && distance >= 0) this.placementTicks.push(distance);
  }

  private told(kind: number, time: number, key: string, leavesLots: number): void {
    const order = this.resting.get(key);
    if (order === undefined) return;
    switch (kind) {
      case ReportKind.fillMaker:
        if (!order.isFilled) this.fillMicros.push(time - order.timeMicros);
        order.isFilled = true;
        if (leavesLots === 0) this.resting.delete(key);
        return;
      case ReportKind.cancelled:
        // What is cancelled at its own arrival never rested.
        if (time > order.timeMicros) this.cancelMicros.push(time - order.timeMicros);
        this.resting.delete(key);
        return;
      case ReportKind.filled:
        if (leavesLots === 0) this.resting.delete(key);
        return;
      case ReportKind.rejected:
        this.resting.delete(key);
        return;
      default:
    }
  }
}
