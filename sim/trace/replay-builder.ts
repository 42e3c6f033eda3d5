/**
 * Turns the rows of an event log into a replay file.
 *
 *   prelude  'STMPRPL1' | u32 version | u32 JSON bytes | f64 head bytes | f64 file bytes
 *            | u32, u32 checksum of the JSON; 40 bytes
 *   JSON     ReplayHeader | zeros up to 8
 *   block    tables `chunks`, `overview/<instrument>`, `markers`, `cascades`
 *   block    one per chunk: tables `samples/<instrument>`, `liquidations`, `deleverages`, `markers`,
 *            `shares`, `children`, `trees` (replay-causes.ts)
 *
 * The first two parts and the first block are the head: one request for the file's first
 * `replayFirstRequestBytes` normally holds it and a page can draw the whole run from it. `chunks`
 * says where each further block lies and what had happened before it, so that any moment needs one
 * block more: columns that count are cumulative, each sample is a keyframe.
 */
import { EventKind } from './event-kind.js';
import type { EventReader } from './event-reader.js';
import { checksum, encodeUtf8 } from './bytes.js';
import type { GrowingColumn } from './growing-column.js';
import { EventCollector } from './replay-events.js';
import { SampleCollector } from './replay-samples.js';
import type { RunMetadata } from './run-metadata.js';
import type { ReplaySpan } from './replay-span.js';
import { type Table, encodeTables, tableOf } from './table-block.js';

export const replayVersion = 1;
export const replayMagic = 'STMPRPL1';
export const replayPreludeBytes = 40;
/** A first request of this many bytes holds a replay's head, up to a dozen cohorts. */
export const replayFirstRequestBytes = 3 << 18;

/** A kind of marker that is more frequent stands in the chunks alone. */
const headMarkersMax = 1024;

/** What a replay says about its run. */
export interface ReplayHeader {
  metadata: RunMetadata;
  /** Hash of the event log, 16 hexadecimal digits. */
  hash: string;
  /** False when the run was interrupted. */
  complete: boolean;
  /** Time of the last event. */
  endMicros: number;
  samples: number;
  samplesPerChunk: number;
  samplesPerBucket: number;
  trades: number;
  liquidations: number;
  deleverages: number;
}

/** How a replay is cut; the defaults suit a page of 1,000 to 2,000 pixels. */
export interface ReplayOptions {
  samplesPerChunk?: number;
  bucketsMax?: number;
}

/** Collects rows in log order; `finish` returns the file. */
export class ReplayBuilder {
  readonly #metadata: RunMetadata;
  readonly #samples: SampleCollector[];
  readonly #events: EventCollector;
  readonly #samplesPerChunk: number;
  readonly #bucketsMax: number;
  #endMicros = 0;

  constructor(metadata: RunMetadata, options: ReplayOptions = {}) {
    this.#metadata = metadata;
    this.#samples = metadata.instruments.map(() => new SampleCollector(metadata.cohorts.length));
    this.#events = new EventCollector(metadata);
    this.#samplesPerChunk = options.samplesPerChunk ?? 512;
    this.#bucketsMax = options.bucketsMax ?? 2048;
  }

  /** Takes all rows from where the reader stands. */
  add(reader: EventReader): void {
    while (reader.next()) this.#addRow(reader);
  }

  /** Returns all samples of an instrument, in the columns of a `samples` table. */
  samples(instrument: number): Table {
    const collector = this.#samples[instrument];
    return collector.table(`samples/${instrument}`, 0, collector.rows);
  }

  /**
   * Returns the file in parts, to be written one after the other.
   *
   * @param hash of the event log
   * @param complete false when the run was interrupted
   */
  finish(hash: string, complete: boolean): Uint8Array[] {
    const samples = this.#samples.reduce((most, s) => Math.max(most, s.rows), 0);
    const spans = this.#spans(samples);
    const causes = this.#events.causes.tables(spans);
    const chunks = spans.map((span, i) => encodeTables([...this.#chunkTables(span), ...causes[i]]));
    const samplesPerBucket = Math.max(1, Math.ceil(samples / this.#bucketsMax));
    const header: ReplayHeader = {
      metadata: this.#metadata,
      hash,
      complete,
      endMicros: this.#endMicros,
      samples,
      samplesPerChunk: this.#samplesPerChunk,
      samplesPerBucket,
      trades: this.#samples.reduce((sum, s) => sum + s.trades, 0),
      liquidations: this.#events.liquidations.rows,
      deleverages: this.#events.deleverages.rows,
    };
    const sizes = chunks.map((chunk) => chunk.length);
    const block = encodeTables([
      this.#chunkIndex(spans, sizes),
      ...this.#samples.map((s, i) => s.overview(`overview/${i}`, samplesPerBucket)),
      this.#headMarkers(),
      this.#events.causes.cascades(),
    ]);
    return [...head(header, block, sizes), ...chunks];
  }

  #addRow(r: EventReader): void {
    const kind = r.kind;
    if (r.time > this.#endMicros && r.time < Infinity) this.#endMicros = r.time;
    switch (kind) {
      case EventKind.trade: {
        const samples = this.#samples[r.instrument];
        samples.last.widen(r.priceTicks);
        samples.trades += 1;
        if (r.cause > 0) this.#events.addLiquidationFill(r);
        return;
      }
      case EventKind.mark:
        this.#samples[r.instrument].mark.widen(r.priceTicks);
        return;
      case EventKind.index:
        this.#samples[r.instrument].index.widen(r.priceTicks);
        return;
      case EventKind.series:
        this.#samples[r.account].addSeries(r);
        return;
      case EventKind.seriesMore:
        this.#samples[r.account].addSeriesMore(r);
        return;
      case EventKind.cohort:
        this.#samples[r.other].addCohort(r);
        return;
      case EventKind.liquidation:
        this.#events.addLiquidation(r);
        return;
      case EventKind.autoDeleverage:
        this.#samples[r.instrument].deleverages += 1;
        this.#samples[r.instrument].deleveragedNotionalQuote += r.extra;
        this.#events.addDeleverage(r);
        return;
      case EventKind.badDebt:
        this.#samples[r.instrument].badDebtQuanta += r.value;
        this.#events.addMarker(r);
        return;
      case EventKind.funding:
        if (r.account < 0) this.#events.addMarker(r);
        return;
      case EventKind.halt:
      case EventKind.resume:
      case EventKind.fault:
      case EventKind.insolvency:
        this.#events.addMarker(r);
        return;
      case EventKind.cause:
      case EventKind.share:
        this.#events.causes.take(r);
        return;
      default:
        return;
    }
  }

  /** Cuts the run into chunks of samples; each holds the events from its first sample on. */
  #spans(samples: number): ReplaySpan[] {
    const longest = this.#samples.find((s) => s.rows === samples);
    const count = Math.max(1, Math.ceil(samples / this.#samplesPerChunk));
    const starts: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const time = longest?.column('timeMicros').at(i * this.#samplesPerChunk) ?? 0;
      starts.push(i === 0 ? 0 : time);
    }
    const { liquidations, deleverages, markers } = this.#events;
    const ids = largestSoFar(liquidations.column('id'));
    return starts.map((fromMicros, i) => {
      const untilMicros = i + 1 < count ? starts[i + 1] : Infinity;
      return {
        fromMicros,
        untilMicros,
        fromSample: i * this.#samplesPerChunk,
        liquidations: i === 0 ? 0 : liquidations.firstAt(fromMicros),
        liquidationsEnd: liquidations.firstAt(untilMicros),
        liquidationIdsBefore: i === 0 ? 0 : (ids[liquidations.firstAt(fromMicros) - 1] ?? 0),
        deleverages: i === 0 ? 0 : deleverages.firstAt(fromMicros),
        deleveragesEnd: deleverages.firstAt(untilMicros),
        markers: i === 0 ? 0 : markers.firstAt(fromMicros),
        markersEnd: markers.firstAt(untilMicros),
      };
    });
  }

  #chunkTables(span: ReplaySpan): Table[] {
    const { liquidations, deleverages, markers } = this.#events;
    const tables = this.#samples.map((s, i) => {
      const from = Math.min(span.fromSample, s.rows);
      return s.table(`samples/${i}`, from, Math.min(from + this.#samplesPerChunk, s.rows));
    });
    tables.push(
      liquidations.table('liquidations', span.liquidations, span.liquidationsEnd),
      deleverages.table('deleverages', span.deleverages, span.deleveragesEnd),
      markers.table('markers', span.markers, span.markersEnd),
    );
    return tables;
  }

  /** Offsets count from the end of the head. */
  #chunkIndex(spans: ReplaySpan[], sizes: number[]): Table {
    const offsets = new Float64Array(spans.length);
    for (let i = 1; i < spans.length; i += 1) offsets[i] = offsets[i - 1] + sizes[i - 1];
    const each = (value: (span: ReplaySpan) => number) => new Float64Array(spans.map(value));
    return tableOf('chunks', spans.length, [
      ['fromMicros', each((s) => s.fromMicros)],
      ['untilMicros', each((s) => Math.min(s.untilMicros, this.#endMicros))],
      ['offset', offsets],
      ['bytes', new Float64Array(sizes)],
      ['fromSample', each((s) => s.fromSample)],
      ['liquidations', each((s) => s.liquidationsEnd - s.liquidations)],
      ['liquidationsBefore', each((s) => s.liquidations)],
      ['liquidationIdsBefore', each((s) => s.liquidationIdsBefore)],
      ['deleverages', each((s) => s.deleveragesEnd - s.deleverages)],
      ['deleveragesBefore', each((s) => s.deleverages)],
      ['markers', each((s) => s.markersEnd - s.markers)],
    ]);
  }

  /** Halts, resumes, faults and settlements of the whole run, of kinds that are few. */
  #headMarkers(): Table {
    const { markers } = this.#events;
    const kinds = markers.column('kind');
    const counts = new Float64Array(256);
    for (let row = 0; row < markers.rows; row += 1) counts[kinds.at(row)] += 1;
    const kept: number[] = [];
    for (let row = 0; row < markers.rows; row += 1) {
      const kind = kinds.at(row);
      const ofAccount = kind === EventKind.badDebt || kind === EventKind.insolvency;
      if (!ofAccount && counts[kind] <= headMarkersMax) kept.push(row);
    }
    const pick = (name: string) => kept.map((row) => markers.column(name).at(row));
    return tableOf('markers', kept.length, [
      ['timeMicros', new Float64Array(pick('timeMicros'))],
      ['kind', new Int32Array(pick('kind'))],
      ['account', new Int32Array(pick('account'))],
      ['other', new Int32Array(pick('other'))],
      ['instrument', new Int32Array(pick('instrument'))],
      ['value', new Float64Array(pick('value'))],
      ['extra', new Float64Array(pick('extra'))],
    ]);
  }
}

/** Ids are given in the order of first steps, from 1 on: the largest so far is how many began. */
function largestSoFar(ids: GrowingColumn): Float64Array {
  const largest = ids.slice(0, ids.length).slice();
  for (let row = 1; row < largest.length; row += 1) {
    largest[row] = Math.max(largest[row], largest[row - 1]);
  }
  return largest;
}

function head(header: ReplayHeader, block: Uint8Array, chunkSizes: number[]): Uint8Array[] {
  const json = encodeUtf8(JSON.stringify(header));
  const blockStart = Math.ceil((replayPreludeBytes + json.length) / 8) * 8;
  const start = new Uint8Array(blockStart);
  const headBytes = blockStart + block.length;
  const fileBytes = chunkSizes.reduce((sum, bytes) => sum + bytes, headBytes);
  start.set(encodeUtf8(replayMagic));
  start.set(json, replayPreludeBytes);
  const view = new DataView(start.buffer);
  view.setUint32(8, replayVersion, true);
  view.setUint32(12, json.length, true);
  view.setFloat64(16, headBytes, true);
  view.setFloat64(24, fileBytes, true);
  const sum = checksum(json);
  view.setInt32(32, sum.low, true);
  view.setInt32(36, sum.high, true);
  return [start, block];
}
