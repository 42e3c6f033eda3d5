/** A replay as a film: opened by its head, refined chunk by chunk as parts of it are looked at. */
import { EventKind, columnOf, replayChunkAt } from '../../sim/trace/index.js';
import type { Table } from '../../sim/trace/index.js';
import { CascadeReader } from './cascade.js';
import { ChunkLoader } from './chunk-loader.js';
import type { RangeReader } from './chunk-loader.js';
import { filmInfo } from './film-info.js';
import type { FilmInfo } from './film-info.js';
import {
  bubblesOf,
  liquidationAt,
  liquidationsBefore,
  liquidationsIn,
  notionalBars,
} from './liquidations.js';
import type { LiquidationSource, PriceView } from './liquidations.js';
import { marketState } from './market-state.js';
import { chunkSpan, firstAtOrAfter, lastAtOrBefore, sampleSegments } from './segments.js';
import type {
  Bubble,
  Deleveraging,
  HaltSpan,
  Liquidation,
  MarketState,
  NotionalBars,
  TimeView,
  ViewPoints,
} from './view-types.js';
import { viewPoints } from './view-points.js';

/** Bytes of chunks that one view may ask for; the rest of it stays at the overview's grain. */
const VIEW_BYTES = 48 << 20;

/** A film of one instrument. */
export class Film {
  readonly info: FilmInfo;
  readonly halts: HaltSpan[];
  /** Trees of liquidations, causes and effects. */
  readonly cascades: CascadeReader;
  private readonly loader: ChunkLoader;
  private readonly instrument: number;

  private constructor(loader: ChunkLoader, instrument: number) {
    this.loader = loader;
    this.instrument = instrument;
    this.info = filmInfo(loader.head, instrument);
    this.cascades = new CascadeReader(loader);
    this.halts = haltSpans(loader.head.tables.get('markers'), this.info.durationMicros);
  }

  /** @throws UserError `trace/...` for a file that is damaged, truncated or of another version. */
  static async open(read: RangeReader, instrument = 0): Promise<Film> {
    return new Film(await ChunkLoader.open(read), instrument);
  }

  /**
   * Loads the chunks of a stretch, those with most liquidations first when they are too many;
   * `onArrival` is called whenever more can be drawn.
   */
  async ensure(fromMicros: number, toMicros: number, onArrival: () => void): Promise<void> {
    await this.loader.load(this.wanted(fromMicros, toMicros), onArrival);
  }

  /** Loads what the state at a time is read from. */
  async ensureState(timeMicros: number): Promise<void> {
    await this.loader.load([replayChunkAt(this.loader.head, timeMicros)]);
  }

  /** Tells whether a stretch is drawn from single liquidations all through. */
  isFine(fromMicros: number, toMicros: number): boolean {
    const [first, last] = chunkSpan(this.loader, fromMicros, toMicros);
    for (let chunk = first; chunk <= last; chunk += 1) {
      if (!this.loader.loaded(chunk)) return false;
    }
    return true;
  }

  /** Series decimated to the view. */
  points(view: TimeView): ViewPoints {
    const segments = sampleSegments(this.loader, this.instrument, view.fromMicros, view.toMicros);
    const { header } = this.loader.head;
    return viewPoints(segments, view, {
      market: header.metadata.instruments[this.instrument],
      quantaPerUnit: this.info.quantaPerUnit,
      cohorts: this.info.cohorts.length,
    });
  }

  /** Discs of the view. */
  bubbles(view: TimeView, prices: PriceView): Bubble[] {
    return bubblesOf(this.source(), view, prices);
  }

  /** Bars of the view. */
  bars(view: TimeView): NotionalBars {
    return notionalBars(this.source(), view);
  }

  /** The market at a time; `exact` is false until `ensureState` has resolved. */
  state(timeMicros: number): MarketState | null {
    const { header } = this.loader.head;
    return marketState(
      {
        loader: this.loader,
        market: header.metadata.instruments[this.instrument],
        instrument: this.instrument,
        quantaPerUnit: this.info.quantaPerUnit,
      },
      timeMicros,
    );
  }

  /** Step number `ordinal` of the film's liquidations, or null when there is none. */
  async liquidation(ordinal: number): Promise<Liquidation | null> {
    if (!(ordinal >= 0 && ordinal < this.info.liquidationSteps)) return null;
    const starts = columnOf(this.chunkIndex(), 'liquidationsBefore');
    const chunk = lastAtOrBefore(starts, ordinal);
    await this.loader.load([chunk]);
    return this.loadedLiquidation(ordinal);
  }

  /** As `liquidation`, from what is here already. */
  loadedLiquidation(ordinal: number): Liquidation | null {
    if (!(ordinal >= 0 && ordinal < this.info.liquidationSteps)) return null;
    const starts = columnOf(this.chunkIndex(), 'liquidationsBefore');
    const chunk = lastAtOrBefore(starts, ordinal);
    const tables = this.loader.loaded(chunk);
    if (!tables) return null;
    return liquidationAt(this.source(), tables, ordinal - starts[chunk], ordinal);
  }

  /** Ordinal of the first liquidation after a time, or -1. */
  async liquidationAfter(timeMicros: number): Promise<number> {
    const { chunks } = this.loader.head;
    for (let chunk = replayChunkAt(this.loader.head, timeMicros); chunk < chunks; chunk += 1) {
      if (liquidationsIn(this.loader, chunk) === 0) continue;
      const times = await this.liquidationTimes(chunk);
      const row = firstAtOrAfter(times, timeMicros + 1);
      if (row < times.length) return liquidationsBefore(this.loader, chunk) + row;
    }
    return -1;
  }

  /** Ordinal of the last liquidation before a time, or -1. */
  async liquidationBefore(timeMicros: number): Promise<number> {
    for (let chunk = replayChunkAt(this.loader.head, timeMicros); chunk >= 0; chunk -= 1) {
      if (liquidationsIn(this.loader, chunk) === 0) continue;
      const times = await this.liquidationTimes(chunk);
      const row = lastAtOrBefore(times, timeMicros - 1);
      if (row >= 0) return liquidationsBefore(this.loader, chunk) + row;
    }
    return -1;
  }

  /** Liquidations of a stretch that are here, ascending in time, at most `countMax`. */
  liquidations(fromMicros: number, toMicros: number, countMax: number): Liquidation[] {
    const found: Liquidation[] = [];
    const [first, last] = chunkSpan(this.loader, fromMicros, toMicros);
    for (let chunk = first; chunk <= last; chunk += 1) {
      const tables = this.loader.loaded(chunk);
      const table = tables?.get('liquidations');
      if (!tables || !table) continue;
      const times = columnOf(table, 'timeMicros');
      const end = firstAtOrAfter(times, toMicros + 1);
      const before = liquidationsBefore(this.loader, chunk);
      for (let row = firstAtOrAfter(times, fromMicros); row < end; row += 1) {
        if (found.length >= countMax) return found;
        found.push(liquidationAt(this.source(), tables, row, before + row));
      }
    }
    return found;
  }

  /** Auto-deleveragings of a stretch; where chunks are missing, one per bucket that had some. */
  deleveragings(fromMicros: number, toMicros: number): Deleveraging[] {
    const found: Deleveraging[] = [];
    for (const segment of sampleSegments(this.loader, this.instrument, fromMicros, toMicros)) {
      const events =
        segment.chunk < 0 ? undefined : this.loader.loaded(segment.chunk)?.get('deleverages');
      if (events) this.addDeleveragings(found, events);
      else addSampledDeleveragings(found, segment);
    }
    return found.filter((one) => one.timeMicros >= fromMicros && one.timeMicros <= toMicros);
  }

  /** Time of the sample `steps` after (or before) a time. */
  sampleTime(timeMicros: number, steps: number): number {
    const interval = this.info.seriesMicros;
    const at = timeMicros / interval;
    const sample = steps > 0 ? Math.floor(at) : Math.ceil(at);
    const wanted = (sample + steps) * interval;
    return Math.max(0, Math.min(this.info.durationMicros, wanted));
  }

  /** The whole film in `slices` even slices: the mark, and the notional liquidated in each. */
  summary(slices: number): { marks: Float64Array; density: Float64Array } {
    const marks = new Float64Array(slices).fill(NaN);
    const density = new Float64Array(slices);
    const overview = this.loader.head.tables.get(`overview/${this.instrument}`);
    if (!overview) return { marks, density };
    const times = columnOf(overview, 'timeMicros');
    const ticks = columnOf(overview, 'markTicks');
    const notionals = columnOf(overview, 'liquidatedNotionalQuote');
    for (let row = 0; row < overview.rows; row += 1) {
      const share = times[row] / this.info.durationMicros;
      const slice = Math.max(0, Math.min(slices - 1, Math.floor(share * slices)));
      if (ticks[row] > 0) marks[slice] = ticks[row] * this.info.quotePerTick;
      density[slice] += notionals[row] - (row > 0 ? notionals[row - 1] : 0);
    }
    return { marks, density };
  }

  /** Largest lots that rested within 1 % of the mark on one side, over the whole film. */
  depthLotsMax(): number {
    const overview = this.loader.head.tables.get(`overview/${this.instrument}`);
    if (!overview) return 0;
    let largest = 0;
    for (const column of ['bidDepthLots', 'askDepthLots']) {
      for (const lots of columnOf(overview, column)) largest = Math.max(largest, lots);
    }
    return largest;
  }

  private source(): LiquidationSource {
    return { loader: this.loader, info: this.info, instrument: this.instrument };
  }

  private chunkIndex(): Table {
    return this.loader.head.tables.get('chunks') as Table;
  }

  private async liquidationTimes(chunk: number) {
    await this.loader.load([chunk]);
    const table = this.loader.loaded(chunk)?.get('liquidations');
    return table ? columnOf(table, 'timeMicros') : new Float64Array(0);
  }

  /** All chunks of a stretch, or the richest of them within the budget; in their order. */
  private wanted(fromMicros: number, toMicros: number): number[] {
    const [first, last] = chunkSpan(this.loader, fromMicros, toMicros);
    const chunks = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const total = chunks.reduce((sum, chunk) => sum + this.loader.bytesOf(chunk), 0);
    if (total <= VIEW_BYTES) return chunks;
    const rich = [...chunks].sort(
      (a, b) => liquidationsIn(this.loader, b) - liquidationsIn(this.loader, a) || a - b,
    );
    let bytes = 0;
    const kept = rich.filter((chunk) => {
      bytes += this.loader.bytesOf(chunk);
      return bytes <= VIEW_BYTES && liquidationsIn(this.loader, chunk) > 0;
    });
    return kept.sort((a, b) => a - b);
  }

  private addDeleveragings(found: Deleveraging[], events: Table): void {
    const times = columnOf(events, 'timeMicros');
    const accounts = columnOf(events, 'account');
    const instruments = columnOf(events, 'instrument');
    const notionals = columnOf(events, 'notionalQuote');
    for (let row = 0; row < events.rows; row += 1) {
      if (instruments[row] !== this.instrument) continue;
      found.push({
        timeMicros: times[row],
        account: accounts[row],
        notionalQuote: notionals[row],
      });
    }
  }
}

function addSampledDeleveragings(
  found: Deleveraging[],
  segment: { table: Table; fromRow: number; toRow: number },
): void {
  const counts = columnOf(segment.table, 'deleverages');
  const notionals = columnOf(segment.table, 'deleveragedNotionalQuote');
  const times = columnOf(segment.table, 'timeMicros');
  for (let row = segment.fromRow; row < segment.toRow; row += 1) {
    const before = row > 0 ? counts[row - 1] : 0;
    if (counts[row] <= before) continue;
    found.push({
      timeMicros: times[row],
      account: -1,
      notionalQuote: notionals[row] - (row > 0 ? notionals[row - 1] : 0),
    });
  }
}

/** Pairs halts with what ends them; a halt without an end lasts to the film's end. */
function haltSpans(markers: Table | undefined, durationMicros: number): HaltSpan[] {
  if (!markers) return [];
  const kinds = columnOf(markers, 'kind');
  const times = columnOf(markers, 'timeMicros');
  const spans: HaltSpan[] = [];
  let from = -1;
  for (let row = 0; row < markers.rows; row += 1) {
    if (kinds[row] === EventKind.halt && from < 0) from = times[row];
    if (kinds[row] === EventKind.resume && from >= 0) {
      spans.push({ fromMicros: from, toMicros: times[row] });
      from = -1;
    }
  }
  if (from >= 0) spans.push({ fromMicros: from, toMicros: durationMicros });
  return spans;
}
