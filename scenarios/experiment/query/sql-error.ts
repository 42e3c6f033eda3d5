/** What DuckDB says of a query, in one line. */
import { UserError } from '../../../sim/kernel/index.js';
import { nearestName } from '../../model/index.js';

const MISSING = /(?:Referenced (?:column|table)|does not have a column named) "([^"]+)"/;

/**
 * Returns the refusal of a query: what is wrong, and the nearest name or how to write it.
 *
 * @param columns names of all tables' columns
 */
export function sqlError(error: unknown, sql: string, columns: readonly string[]): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const [head, ...rest] = message.replace(/^Failed to extract statements: /, '').split('\n');
  const what = head.replace(/^\w+(?: \w+)* Error: /, '').replace(/[!.]$/, '');
  const near = rest.map((line) => /^Did you mean "([^"]+)"/.exec(line)?.[1]).find((one) => one !== undefined);
  const hint = nameHint(what, sql, columns) ?? (near === undefined ? placeHint(rest) : `did you mean "${near}"?`);
  return new UserError('query/sql', `query: ${what}${hint === '' ? '' : `; ${hint}`}`);
}

function nameHint(what: string, sql: string, columns: readonly string[]): string | undefined {
  const missing = MISSING.exec(what)?.[1];
  if (missing === undefined) return undefined;
  const dotted = dottedName(sql, missing, columns);
  if (dotted !== undefined) {
    return `metric names have dots: write "${dotted}" in double quotes, and the query in single ones`;
  }
  const near = nearestName(missing, columns);
  return near === '' ? 'select * from columns lists the columns' : `did you mean "${near}"?`;
}

/** A column whose name stands in the query without its quotes. */
function dottedName(sql: string, first: string, columns: readonly string[]): string | undefined {
  const words = sql.match(/[A-Za-z_]\w*(?:\.\w+)+/g) ?? [];
  const lower = new Map(columns.map((one) => [one.toLowerCase(), one]));
  const start = `${first.toLowerCase()}.`;
  return words
    .map((word) => word.toLowerCase())
    .filter((word) => word.startsWith(start) || word.includes(`.${start}`))
    .map((word) => lower.get(word) ?? lower.get(word.replace(/^runs\./, '')))
    .find((one) => one !== undefined);
}

/** Where a query is wrong, as DuckDB marks it. */
function placeHint(rest: readonly string[]): string {
  const at = rest.findIndex((line) => /^LINE \d+: /.test(line));
  if (at < 0) return '';
  const [, line, text] = /^LINE (\d+): (.*)$/.exec(rest[at]) ?? [];
  const caret = (rest[at + 1] ?? '').indexOf('^') - `LINE ${line}: `.length;
  if (caret < 0 || text === undefined) return '';
  return `line ${line}, column ${caret + 1}`;
}
