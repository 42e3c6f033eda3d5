/** A run directory made by hand: a film whose every figure a test can reckon. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EventKind,
  EventLog,
  EventReader,
  LiquidationStage,
  ReplayBuilder,
  appendCohort,
  appendSeries,
  emptySeriesSample,
} from '../../sim/trace/index.js';
import type { RunMetadata } from '../../sim/trace/index.js';

/** How large the film is. */
export interface SyntheticOptions {
  samples?: number;
  samplesPerChunk?: number;
  complete?: boolean;
  /** Hash in the manifest; the film's own is always the same. */
  manifestHash?: string;
}

/** Hash that the film claims. */
export const SYNTHETIC_HASH = '00c0ffee00c0ffee';
/** A liquidation happens every so many samples, half way to the next. */
export const LIQUIDATION_EVERY = 25;
/** Time between samples. */
export const SAMPLE_MICROS = 1_000_000;

/** Time of the one auto-deleveraging. A sample comes after all events of its own time. */
export const DELEVERAGE_MICROS = 600.25 * SAMPLE_MICROS;

/** Mark at a sample: a slide with a bend, in ticks of 0.5. */
export function syntheticMark(sample: number): number {
  return 12_000 - Math.floor(sample / 4) + (sample % 7);
}

/** Notional of liquidation `id`, 1 first. */
export function syntheticNotional(id: number): number {
  return 1000 * (1 + (id % 9));
}

/** Time of liquidation `id`, 1 first. */
export function liquidationMicros(id: number): number {
  return id * LIQUIDATION_EVERY * SAMPLE_MICROS + SAMPLE_MICROS / 2;
}

/** Returns the bytes of a replay file. */
export function syntheticReplay(options: SyntheticOptions = {}): Uint8Array {
  const samples = options.samples ?? 1000;
  const metadata = syntheticMetadata(samples);
  const builder = new ReplayBuilder(metadata, { samplesPerChunk: options.samplesPerChunk ?? 50 });
  const reader = new EventReader(new Uint8Array(0));
  const log = new EventLog((bytes) => {
    reader.reset(bytes);
    builder.add(reader);
  });
  for (let sample = 0; sample < samples; sample += 1) appendSample(log, sample);
  log.flush();
  const parts = builder.finish(SYNTHETIC_HASH, options.complete ?? true);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Writes manifest, summary and replay of a synthetic run into `parent/id`. */
export function writeSyntheticRun(
  parent: string,
  id: string,
  options: SyntheticOptions = {},
): string {
  const directory = join(parent, id);
  mkdirSync(directory, { recursive: true });
  const summary = {
    scenario: 'synthetic',
    seed: 7,
    hash: SYNTHETIC_HASH,
    simulatedSeconds: options.samples ?? 1000,
    liquidations: { count: 39, notionalQuote: 190_000, largestCascade: 1 },
  };
  const hash = options.manifestHash ?? SYNTHETIC_HASH;
  const manifest = { id, hash, scenario: { name: 'synthetic' } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(directory, 'summary.json'), JSON.stringify(summary));
  writeFileSync(join(directory, 'replay.bin'), syntheticReplay(options));
  return directory;
}

function syntheticMetadata(samples: number): RunMetadata {
  return {
    scenario: 'synthetic',
    seed: 7,
    version: '0.0.0',
    startEpochMillis: 1_583_971_200_000,
    durationMicros: samples * SAMPLE_MICROS,
    windowMicros: 100_000,
    seriesMicros: SAMPLE_MICROS,
    quantaPerUnit: 1e8,
    settlement: 'XBT',
    instruments: [
      { name: 'XBTUSD', contract: 'inverse', multiplier: 2e8, quotePerTick: 0.5, quotePerLot: 1 },
    ],
    cohorts: [
      { name: 'longs', strategy: 'leverage-target', firstAccount: 0, count: 60 },
      { name: 'shorts', strategy: 'momentum', firstAccount: 60, count: 40 },
    ],
    fundQuanta: 35_500e8,
    deskAccount: 100,
  };
}

function appendSample(log: EventLog, sample: number): void {
  const time = sample * SAMPLE_MICROS;
  const liquidations = Math.floor(Math.max(0, sample - 1) / LIQUIDATION_EVERY);
  let liquidated = 0;
  for (let id = 1; id <= liquidations; id += 1) liquidated += syntheticNotional(id);
  const mark = syntheticMark(sample);
  const state = emptySeriesSample();
  state.markTicks = mark;
  state.indexTicks = mark + 40;
  state.lastTicks = mark - 10;
  state.bidTicks = mark - 2;
  state.askTicks = mark + 2;
  state.fundQuanta = (35_500 - liquidations) * 1e8;
  state.openInterestLots = 5_000_000 - sample;
  state.volumeLots = sample * 1000;
  state.liquidations = liquidations;
  state.liquidatedNotionalQuote = liquidated;
  state.bidDepthLots = 80_000 + (sample % 13) * 1000;
  state.askDepthLots = 90_000;
  state.halted = sample >= 400 && sample < 430 ? 1 : 0;
  if (sample === 400) log.append(EventKind.halt, time, -1, 0, 0, 0, 0, 0, 0, 0, 0);
  if (sample === 430) log.append(EventKind.resume, time, -1, 0, 0, 0, 0, 0, 0, 0, 0);
  appendSeries(log, time, 0, state);
  appendCohort(log, time, 0, 0, 3_000_000 - 1000 * sample, liquidations, liquidated);
  appendCohort(log, time, 0, 1, -3_000_000 + 1000 * sample, 0, 0);
  if (sample > 0 && sample % LIQUIDATION_EVERY === 0) appendLiquidation(log, sample);
  if (sample === 600)
    log.append(EventKind.autoDeleverage, DELEVERAGE_MICROS, 61, 100, mark, 50, 1, 0, 0, 0, 50);
}

function appendLiquidation(log: EventLog, sample: number): void {
  const id = sample / LIQUIDATION_EVERY;
  const time = liquidationMicros(id);
  const size = id % 3 === 0 ? -syntheticNotional(id) : syntheticNotional(id);
  const mark = syntheticMark(sample);
  const { stepDown, takeover } = LiquidationStage;
  const stage = id % 2 === 0 ? stepDown : takeover;
  log.append(
    EventKind.liquidation,
    time,
    id % 100,
    stage,
    mark,
    size,
    id,
    5e5,
    6e5,
    mark - 30,
    Math.abs(size),
  );
}
