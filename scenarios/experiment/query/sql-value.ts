/** Values of an answer in SQL as JSON. */
import type { DuckDBValue } from '@duckdb/node-api';

/** What JSON holds. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** The part of the DuckDB client that tells its values apart. */
type Values = Pick<
  typeof import('@duckdb/node-api'),
  | 'DuckDBArrayValue'
  | 'DuckDBBlobValue'
  | 'DuckDBDateValue'
  | 'DuckDBListValue'
  | 'DuckDBMapValue'
  | 'DuckDBStructValue'
  | 'DuckDBTimestampMillisecondsValue'
  | 'DuckDBTimestampNanosecondsValue'
  | 'DuckDBTimestampSecondsValue'
  | 'DuckDBTimestampTZValue'
  | 'DuckDBTimestampValue'
  | 'DuckDBUnionValue'
>;

/** `2020-03-12 10:00:00` of a zone, as ISO 8601 writes it. */
const MOMENT = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(?::?(\d\d))?)?$/;

/**
 * Returns the function that turns values into JSON: whole numbers beyond 2^53, decimals, intervals and
 * whatever else JSON lacks become text, NaN and infinities null, bytes Base64, moments ISO 8601.
 */
export function jsonReader(kinds: Values): (value: DuckDBValue) => JsonValue {
  const moments = [
    kinds.DuckDBTimestampValue,
    kinds.DuckDBTimestampTZValue,
    kinds.DuckDBTimestampSecondsValue,
    kinds.DuckDBTimestampMillisecondsValue,
    kinds.DuckDBTimestampNanosecondsValue,
  ];
  const read = (value: DuckDBValue): JsonValue => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    if (typeof value === 'bigint') return wholeNumber(value);
    if (value instanceof kinds.DuckDBListValue || value instanceof kinds.DuckDBArrayValue) return value.items.map(read);
    if (value instanceof kinds.DuckDBStructValue) {
      return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, read(item)]));
    }
    if (value instanceof kinds.DuckDBMapValue) {
      return value.entries.map((entry) => ({ key: read(entry.key), value: read(entry.value) }));
    }
    if (value instanceof kinds.DuckDBUnionValue) return read(value.value);
    if (value instanceof kinds.DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
    if (moments.some((kind) => value instanceof kind)) return moment(String(value));
    return String(value);
  };
  return read;
}

/** A number where that is exact, its digits otherwise. */
export function wholeNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function moment(text: string): string {
  const found = MOMENT.exec(text);
  if (found === null) return text;
  const [, date, time, hours, minutes = '00'] = found;
  const zone = hours === undefined ? '' : hours === '+00' && minutes === '00' ? 'Z' : `${hours}:${minutes}`;
  return `${date}T${time}${zone}`;
}
