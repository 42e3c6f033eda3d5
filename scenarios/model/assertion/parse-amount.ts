/** Numbers of an assertion: plain, with a suffix, or a duration. */
import { DURATION_PATTERN, durationMicros } from '../duration.js';
import type { Amount } from './assertion.js';

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SUFFIXED = /^([+-]?(?:\d+\.?\d*|\.\d+))(k|M|B|%)$/;

/** Powers of ten: applied in the text, so that 7.3% is the number written 0.073. */
const EXPONENTS: Readonly<Record<string, string>> = { k: 'e3', M: 'e6', B: 'e9', '%': 'e-2' };

/** Reads `1.5`, `-2e6`, `250k`, `3M`, `1B`, `5%` or `10m30s`; null when it is none of these. */
export function parseAmount(text: string): Amount | null {
  const suffixed = SUFFIXED.exec(text);
  const plain = suffixed === null ? text : `${suffixed[1]}${EXPONENTS[suffixed[2]]}`;
  const isDuration = suffixed === null && DURATION_PATTERN.test(text);
  const value = isDuration ? durationMicros(text) : PLAIN.test(plain) ? Number(plain) : Number.NaN;
  // A negative zero would not survive being written.
  return Number.isFinite(value) ? { value: value + 0, isDuration } : null;
}
