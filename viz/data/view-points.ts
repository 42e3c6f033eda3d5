/** Decimates sample rows to one point per pixel, keeping every extreme. */
import { cohortColumns, columnOf, notionalQuote } from '../../sim/trace/index.js';
import type { ColumnValues, InstrumentMetadata } from '../../sim/trace/index.js';
import type { Segment } from './segments.js';
import type { TimeView, ViewPoints } from './view-types.js';

/** Scales that turn ticks, lots and quanta into what is shown. */
export interface PointScales {
  market: InstrumentMetadata;
  quantaPerUnit: number;
  cohorts: number;
}

/** Computes the points of a view from rows in ascending time. */
export function viewPoints(segments: Segment[], view: TimeView, scales: PointScales): ViewPoints {
  const writer = new PointWriter(view, scales);
  for (const segment of segments) writer.addSegment(segment);
  return writer.finish();
}

/** Columns of the segment being read. */
interface SegmentColumns {
  times: ColumnValues;
  mark: ColumnValues;
  fund: ColumnValues;
  bidDepth: ColumnValues;
  askDepth: ColumnValues;
  index: ColumnValues;
  last: ColumnValues;
  netLots: ColumnValues[];
}

class PointWriter {
  private readonly view: TimeView;
  private readonly scales: PointScales;
  private readonly points: ViewPoints;
  private readonly pixelsPerMicro: number;
  private pixel = NaN;

  constructor(view: TimeView, scales: PointScales) {
    this.view = view;
    this.scales = scales;
    this.pixelsPerMicro = view.pixels / (view.toMicros - view.fromMicros);
    this.points = emptyPoints(Math.ceil(view.pixels) + 4, scales.cohorts);
  }

  addSegment(segment: Segment): void {
    const { table } = segment;
    const columns: SegmentColumns = {
      times: columnOf(table, 'timeMicros'),
      mark: columnOf(table, 'markTicks'),
      index: columnOf(table, 'indexTicks'),
      last: columnOf(table, 'lastTicks'),
      fund: columnOf(table, 'fundQuanta'),
      bidDepth: columnOf(table, 'bidDepthLots'),
      askDepth: columnOf(table, 'askDepthLots'),
      netLots: [],
    };
    for (let cohort = 0; cohort < this.scales.cohorts; cohort += 1) {
      columns.netLots.push(columnOf(table, cohortColumns(cohort)[0]));
    }
    const ranges = [
      columnOf(table, 'markTicksMin'),
      columnOf(table, 'markTicksMax'),
      columnOf(table, 'indexTicksMin'),
      columnOf(table, 'indexTicksMax'),
      columnOf(table, 'lastTicksMin'),
      columnOf(table, 'lastTicksMax'),
    ];
    for (let row = segment.fromRow; row < segment.toRow; row += 1) {
      if (!this.step(columns.times[row])) continue;
      this.widen(ranges, row);
      if (!this.continues(columns.times, row + 1, segment.toRow)) this.close(columns, row);
    }
  }

  finish(): ViewPoints {
    return this.points;
  }

  /** Moves to the point of a time; false for a second neighbour behind the view. */
  private step(timeMicros: number): boolean {
    const pixel = this.pixelOf(timeMicros);
    const { points } = this;
    if (pixel === this.pixel) {
      if (pixel >= Math.ceil(this.view.pixels)) return false;
      points.x[points.count - 1] = pixel + 0.5;
      if (pixel < 0) this.restart(points.count - 1, timeMicros);
      return true;
    }
    this.pixel = pixel;
    points.count += 1;
    this.restart(points.count - 1, timeMicros);
    return true;
  }

  /** Tells whether the next row belongs to the same point; behind the view none does. */
  private continues(times: ColumnValues, next: number, end: number): boolean {
    if (next >= end || this.pixel >= Math.ceil(this.view.pixels)) return false;
    return this.pixelOf(times[next]) === this.pixel;
  }

  /** -1 in front of the view, `pixels` behind it. */
  private pixelOf(timeMicros: number): number {
    const at = (timeMicros - this.view.fromMicros) * this.pixelsPerMicro;
    return Math.max(-1, Math.min(Math.ceil(this.view.pixels), Math.floor(at)));
  }

  private restart(point: number, timeMicros: number): void {
    const { points } = this;
    points.x[point] = (timeMicros - this.view.fromMicros) * this.pixelsPerMicro;
    points.markLow[point] = Infinity;
    points.markHigh[point] = -Infinity;
    points.indexLow[point] = Infinity;
    points.indexHigh[point] = -Infinity;
    points.lastLow[point] = Infinity;
    points.lastHigh[point] = -Infinity;
  }

  /** Price 0 means that there was none. */
  private widen(ranges: ColumnValues[], row: number): void {
    const { points } = this;
    const at = points.count - 1;
    const quote = this.scales.market.quotePerTick;
    if (ranges[0][row] > 0)
      points.markLow[at] = Math.min(points.markLow[at], ranges[0][row] * quote);
    if (ranges[1][row] > 0)
      points.markHigh[at] = Math.max(points.markHigh[at], ranges[1][row] * quote);
    if (ranges[2][row] > 0)
      points.indexLow[at] = Math.min(points.indexLow[at], ranges[2][row] * quote);
    if (ranges[3][row] > 0)
      points.indexHigh[at] = Math.max(points.indexHigh[at], ranges[3][row] * quote);
    if (ranges[4][row] > 0)
      points.lastLow[at] = Math.min(points.lastLow[at], ranges[4][row] * quote);
    if (ranges[5][row] > 0)
      points.lastHigh[at] = Math.max(points.lastHigh[at], ranges[5][row] * quote);
  }

  /** Writes the values that a point takes from its last row. */
  private close(columns: SegmentColumns, row: number): void {
    const { points } = this;
    const at = points.count - 1;
    const { market, quantaPerUnit } = this.scales;
    const markTicks = columns.mark[row];
    points.timeMicros[at] = columns.times[row];
    if (points.markLow[at] > points.markHigh[at]) points.markLow[at] = points.markHigh[at] = NaN;
    if (points.indexLow[at] > points.indexHigh[at])
      points.indexLow[at] = points.indexHigh[at] = NaN;
    if (points.lastLow[at] > points.lastHigh[at]) points.lastLow[at] = points.lastHigh[at] = NaN;
    points.mark[at] = price(markTicks, market);
    points.index[at] = price(columns.index[row], market);
    points.last[at] = price(columns.last[row], market);
    points.fund[at] = columns.fund[row] / quantaPerUnit;
    points.bidDepthLots[at] = columns.bidDepth[row];
    points.askDepthLots[at] = columns.askDepth[row];
    for (let cohort = 0; cohort < this.scales.cohorts; cohort += 1) {
      const lots = columns.netLots[cohort][row];
      const size = notionalQuote(market, lots, markTicks);
      points.exposureQuote[cohort][at] = lots < 0 ? -size : size;
    }
  }
}

function price(ticks: number, market: InstrumentMetadata): number {
  return ticks > 0 ? ticks * market.quotePerTick : NaN;
}

function emptyPoints(capacity: number, cohorts: number): ViewPoints {
  const column = () => new Float64Array(capacity).fill(NaN);
  return {
    count: 0,
    x: column(),
    timeMicros: column(),
    markLow: column(),
    markHigh: column(),
    mark: column(),
    indexLow: column(),
    indexHigh: column(),
    index: column(),
    lastLow: column(),
    lastHigh: column(),
    last: column(),
    fund: column(),
    bidDepthLots: column(),
    askDepthLots: column(),
    exposureQuote: Array.from({ length: cohorts }, column),
  };
}
