/** A table as a JSON array, a row a line: whole numbers beyond 2^53 as text. */
import { wholeNumber } from '../query/index.js';
import type { CellValue, TableSource } from './table-source.js';

/** Yields the text. */
export async function* jsonLines({ groups }: TableSource): AsyncGenerator<string> {
  yield '[';
  let between = '\n';
  for await (const rows of groups()) {
    yield between + rows.map((row) => JSON.stringify(row, plain)).join(',\n');
    between = ',\n';
  }
  yield '\n]\n';
}

function plain(_key: string, value: CellValue): unknown {
  return typeof value === 'bigint' ? wholeNumber(value) : value;
}
