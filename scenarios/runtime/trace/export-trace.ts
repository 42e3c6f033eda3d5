/** Makes the files for readers out of the event log, in one pass over it. */
import * as path from 'node:path';
import {
  ConservationAudit,
  type ConservationResult,
  type EventReader,
  ReplayBuilder,
  type RunMetadata,
  eventKindNames,
} from '../../../sim/trace/index.js';
import { ByteSink } from './byte-sink.js';
import { EventsTable } from './events-table.js';
import { LogSource, readLog } from './log-source.js';
import { logFileName } from './log-writer.js';
import { writeCohortsTable, writeSeriesTable } from './series-table.js';

/** What the export found and how long it took. */
export interface ExportResult {
  seconds: number;
  /** Hash of the event log. */
  logHash: string;
  rows: number;
  rowCounts: Record<string, number>;
  conservation: ConservationResult;
}

/** Options of `exportTrace`. */
export interface ExportOptions {
  /** Hash of the run to show in the replay; the event log's when not given. */
  hash?: string;
  /** False when the run was interrupted. */
  complete?: boolean;
  /** Called after each piece with the fraction done, 0 to 1. */
  onProgress?: (fraction: number) => void;
}

/**
 * Reads `events.log` in `directory` and writes beside it `events.parquet`, `series.parquet`,
 * `cohorts.parquet` and `replay.bin`; the same log gives the same bytes.
 *
 * @throws UserError as `LogSource`, and `disk/full` (exit code 6) or `run/unwritable`
 */
export function exportTrace(directory: string, options: ExportOptions = {}): ExportResult {
  const started = performance.now();
  const source = new LogSource(path.join(directory, logFileName));
  const { metadata, footer } = source;
  const notes = notesOf(metadata);
  const builder = new ReplayBuilder(metadata);
  const audit = new ConservationAudit();
  const counts = new Float64Array(256);
  let done = 0;
  try {
    const events = new EventsTable(path.join(directory, 'events.parquet'), notes);
    try {
      for (let piece = source.nextPiece(); piece !== null; piece = source.nextPiece()) {
        events.add(piece);
        builder.add(piece.again());
        audit.add(piece.again());
        countKinds(piece.again(), counts);
        done += piece.rows;
        options.onProgress?.(done / footer.rows);
      }
      source.verify();
      events.file.finish();
    } catch (error) {
      events.file.abandon();
      throw error;
    }
  } finally {
    source.close();
  }
  writeSeriesTable(path.join(directory, 'series.parquet'), builder, metadata, notes);
  writeCohortsTable(path.join(directory, 'cohorts.parquet'), builder, metadata, notes);
  const parts = builder.finish(options.hash ?? footer.hash, options.complete ?? true);
  writeParts(path.join(directory, 'replay.bin'), parts);
  return {
    seconds: (performance.now() - started) / 1000,
    logHash: footer.hash,
    rows: footer.rows,
    rowCounts: namedCounts(counts),
    conservation: audit.result(),
  };
}

/**
 * Recounts the money of a run from its event log alone; 0 when every quantum is accounted for.
 * @throws UserError as `LogSource`
 */
export function conservationErrorQuanta(log: string): number {
  const audit = new ConservationAudit();
  readLog(log, (reader) => audit.add(reader));
  return audit.result().errorQuanta;
}

/** Scale factors and names, so that a Parquet file can be read without its manifest. */
function notesOf(metadata: RunMetadata): Record<string, string> {
  return {
    'stampede.scenario': metadata.scenario,
    'stampede.seed': String(metadata.seed),
    'stampede.version': metadata.version,
    'stampede.startEpochMillis': String(metadata.startEpochMillis),
    'stampede.quantaPerUnit': String(metadata.quantaPerUnit),
    'stampede.instruments': JSON.stringify(metadata.instruments),
    'stampede.cohorts': JSON.stringify(metadata.cohorts),
  };
}

function countKinds(reader: EventReader, counts: Float64Array): void {
  while (reader.next()) counts[reader.kind] += 1;
}

function namedCounts(counts: Float64Array): Record<string, number> {
  const named: Record<string, number> = {};
  for (let kind = 0; kind < counts.length; kind += 1) {
    if (counts[kind] > 0) named[eventKindNames[kind] ?? `kind${kind}`] = counts[kind];
  }
  return named;
}

function writeParts(file: string, parts: readonly Uint8Array[]): void {
  const sink = new ByteSink(file);
  try {
    for (const part of parts) sink.append(part);
  } finally {
    sink.close();
  }
}
