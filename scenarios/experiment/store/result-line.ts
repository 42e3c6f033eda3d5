/** One run's result as a line of text, which tells whether it is whole. */
import { createHash } from 'node:crypto';
import type { RunOutcome } from '../run/index.js';

/** A run's result and which run it is. */
export interface StoredResult {
  /** Number of the run in its study. */
  index: number;
  /** Key of the run. */
  key: string;
  outcome: RunOutcome;
}

/** Digits of a line's checksum. */
const SUM_DIGITS = 8;

/** Writes a result; ends with a line feed. Numbers keep every bit. */
export function resultLine({ index, key, outcome }: StoredResult): string {
  const body =
    outcome.status === 'ok'
      ? { i: index, k: key, h: outcome.stateHash, v: outcome.values, w: outcome.wallSeconds, t: outcome.tables }
      : { i: index, k: key, c: outcome.code, r: outcome.reason, w: outcome.wallSeconds };
  const text = JSON.stringify(body);
  return `${checksum(text)} ${text}\n`;
}

/** Reads a line without its line feed; null when it is torn or was changed. */
export function parseResultLine(line: string): StoredResult | null {
  const text = line.slice(SUM_DIGITS + 1);
  if (line[SUM_DIGITS] !== ' ' || checksum(text) !== line.slice(0, SUM_DIGITS)) return null;
  const { i, k, h, v, c, r, w, t } = JSON.parse(text);
  const outcome: RunOutcome =
    h === undefined
      ? { status: 'failed', code: c, reason: r, wallSeconds: w }
      : { status: 'ok', stateHash: h, values: v, wallSeconds: w, ...(t === undefined ? {} : { tables: t }) };
  return { index: i, key: k, outcome };
}

function checksum(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, SUM_DIGITS);
}
