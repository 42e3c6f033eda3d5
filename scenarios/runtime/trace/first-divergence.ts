/** Compares two event logs and finds where they part. */
import { type EventReader, describeEvent, describeEventFields } from '../../../sim/trace/index.js';
import { LogSource } from './log-source.js';

/** The first rows that differ. */
export interface Divergence {
  /** Row number, 0 for the first. */
  row: number;
  /** Time of the earlier of the two rows. */
  timeMicros: number;
  /** The rows in words; null where a log has ended. */
  a: string | null;
  b: string | null;
}

/**
 * Returns the first row in which two logs differ, null when all rows are the same. Rows are
 * compared bit by bit; the headers, which name versions and durations, are not compared.
 * @throws UserError as `LogSource`
 */
export function firstDivergence(logA: string, logB: string): Divergence | null {
  const a = new LogSource(logA);
  try {
    const b = new LogSource(logB);
    try {
      return compare(a, b);
    } finally {
      b.close();
    }
  } finally {
    a.close();
  }
}

function compare(a: LogSource, b: LogSource): Divergence | null {
  let before = 0;
  for (;;) {
    const left = a.nextPiece();
    const right = b.nextPiece();
    if (left === null && right === null) return null;
    const rows = Math.min(left?.rows ?? 0, right?.rows ?? 0);
    const row = left && right ? firstDifference(left, right, rows) : 0;
    const ended = left?.rows !== right?.rows;
    if (row < rows || ended) return divergence(before + row, row, left, right);
    before += rows;
  }
}

function firstDifference(a: EventReader, b: EventReader, rows: number): number {
  for (let i = 0; i < rows * 16; i += 1) {
    if (a.words[i] !== b.words[i]) return i >> 4;
  }
  return rows;
}

function divergence(
  row: number,
  rowOfPiece: number,
  left: EventReader | null,
  right: EventReader | null,
): Divergence {
  let timeMicros = Infinity;
  const shown = [left, right].filter((r) => r !== null && rowOfPiece < r.rows) as EventReader[];
  for (const reader of shown) {
    reader.seek(rowOfPiece);
    timeMicros = Math.min(timeMicros, reader.time);
  }
  const [first, second] = shown;
  const alike = second !== undefined && describeEvent(first) === describeEvent(second);
  const inWords = (reader: EventReader | null): string | null => {
    if (reader === null || !shown.includes(reader)) return null;
    return alike ? describeEventFields(reader) : describeEvent(reader);
  };
  return { row, timeMicros, a: inWords(left), b: inWords(right) };
}
