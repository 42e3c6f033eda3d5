/** The first event at which two runs part. */
import { WindowLoop, World } from '../../../sim/engine/index.js';
import type { WorldSpec } from '../../../sim/engine/index.js';
import { LocalMemory } from '../../../sim/kernel/index.js';
import {
  cohortOfAccount,
  describeEvent,
  describeEventFields,
  EventKind,
  EventLog,
  EventReader,
  isUnhashed,
} from '../../../sim/trace/index.js';
import type { RunMetadata } from '../../../sim/trace/index.js';
import type { RunInputs } from '../run-job.js';
import { runMetadata } from '../run-metadata.js';
import { RowRace } from './row-race.js';
import type { PartedRows } from './row-race.js';

/** The first row of a kind that differs. */
export interface DivergingRow {
  /** Rows of its kind before it, which are the same. */
  row: number;
  /** Time of the earlier of the two. */
  timeMicros: number;
  /** What happened, in words; null where a run has no further row. */
  a: string | null;
  b: string | null;
}

/** Where two runs part; null where they do not. */
export interface RunDivergence {
  /** Deposits, positions and the fund at the start. */
  opening: DivergingRow | null;
  /** The first market event. */
  event: DivergingRow | null;
  /** Series, samples and accounts at the end; only looked at when all else is the same. */
  sample: DivergingRow | null;
  /** Simulated time both runs went to. */
  micros: number;
}

/** What a run is made from. */
export interface RunToCompare {
  inputs: RunInputs;
  spec: WorldSpec;
}

/** Both sides go on by so much at a time. */
const STRETCHES = 200;
const SAMPLES: ReadonlySet<number> = new Set([
  EventKind.series,
  EventKind.seriesMore,
  EventKind.cohort,
  EventKind.account,
]);
const OPENINGS: ReadonlySet<number> = new Set([EventKind.deposit, EventKind.opening, EventKind.fund]);

/** Runs both to the first market event that differs, or to their ends. Time O(runs). */
export function runDivergence(a: RunToCompare, b: RunToCompare): RunDivergence {
  const races = { opening: new RowRace(), event: new RowRace(), sample: new RowRace() };
  const runners = [new Runner(a, 0, races), new Runner(b, 1, races)];
  const end = Math.max(a.spec.durationMicros, b.spec.durationMicros);
  let micros = 0;
  for (const runner of runners) runner.open();
  for (let k = 1; k <= STRETCHES && races.event.parted === null; k++) {
    micros = Math.ceil((end * k) / STRETCHES);
    for (const runner of runners) runner.runTo(micros);
  }
  if (races.event.parted === null) {
    for (const runner of runners) runner.close();
    for (const race of Object.values(races)) race.end();
  }
  const rowOf = ({ parted }: RowRace): DivergingRow | null =>
    parted === null ? null : divergingRow(parted, runners);
  const [opening, event] = [rowOf(races.opening), rowOf(races.event)];
  const sample = opening === null && event === null ? rowOf(races.sample) : null;
  return { opening, event, sample, micros };
}

/** One of the two runs. */
class Runner {
  readonly metadata: RunMetadata;
  readonly #world: World;
  readonly #log: EventLog;
  readonly #endMicros: number;
  #micros = 0;

  constructor({ inputs, spec }: RunToCompare, side: 0 | 1, races: Races) {
    this.#log = new EventLog((bytes) => take(bytes, side, races));
    this.#world = new World(new LocalMemory(), spec, 1, this.#log, { causality: false });
    this.#endMicros = spec.durationMicros;
    this.metadata = runMetadata(inputs, this.#world);
  }

  open(): void {
    this.#world.open();
    this.#log.flush();
  }

  runTo(untilMicros: number): void {
    if (this.#micros >= this.#endMicros) return;
    const loop = new WindowLoop(this.#world, { parallel: false, untilMicros });
    this.#micros = loop.run().micros;
    this.#log.flush();
  }

  close(): void {
    this.#world.close(this.#endMicros);
    this.#log.flush();
  }
}

interface Races {
  opening: RowRace;
  event: RowRace;
  sample: RowRace;
}

function take(bytes: Uint8Array, side: 0 | 1, races: Races): void {
  const { words } = new EventReader(bytes);
  const times = new Float64Array(words.buffer, words.byteOffset, words.length / 2);
  for (let i = 0; i < words.length; i += 16) {
    const kind = words[i + 2] & 0xff;
    if (isUnhashed(kind)) continue;
    const isOpening = OPENINGS.has(kind) && times[i / 2] === 0;
    const race = isOpening ? races.opening : SAMPLES.has(kind) ? races.sample : races.event;
    race.add(side, words.subarray(i, i + 16));
  }
}

function divergingRow({ row, a, b }: PartedRows, runners: readonly Runner[]): DivergingRow {
  const words = [a, b].map((reader) => (reader === null ? null : describeEvent(reader)));
  const inWords = (reader: EventReader | null, side: number): string | null => {
    if (reader === null) return null;
    if (words[0] === words[1]) return describeEventFields(reader);
    return withCohorts(words[side] as string, runners[side].metadata);
  };
  const timeMicros = Math.min(a?.time ?? Infinity, b?.time ?? Infinity);
  return { row, timeMicros, a: inWords(a, 0), b: inWords(b, 1) };
}

/** Says of the accounts in a text whose they are. */
function withCohorts(text: string, metadata: RunMetadata): string {
  return text.replace(/\b(account|from|against|to) (\d+)\b/g, (words, verb, number) => {
    const cohort = metadata.cohorts[cohortOfAccount(metadata, Number(number))];
    if (verb === 'to' && !text.includes('takeover:')) return words;
    return cohort === undefined ? words : `${words} (${cohort.name})`;
  });
}
