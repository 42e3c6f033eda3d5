/** `stampede query`: a study's tables in SQL. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { openTables } from '../experiment/index.js';
import type { JsonValue, SqlAnswer } from '../experiment/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import * as options from './options.js';
import { queryText } from './query-text.js';
import * as study from './study-options.js';
import { printOut } from './terminal.js';
import { readFlag, readInteger } from './values.js';

/** Most rows that text can be asked for. */
const LIMIT_MAX = 1_000_000;
const LIMIT = 100;

/** The command. */
export const queryCommand: CommandSpec = {
  name: 'query',
  doc: 'Ask the tables of a study in SQL: runs, timings, points, failures, columns',
  positionals: [
    { name: 'folder', doc: 'Folder of the study', required: true },
    { name: 'sql', doc: 'One select; - reads it from stdin', required: true },
  ],
  options: [study.rowLimit, options.json],
  examples: [
    ["query studies/latency 'select * from columns'", 'what the columns are'],
    [
      "query studies/latency 'select variant, avg(\"liquidations.count\") from runs group by variant'",
      'names with dots stand in double quotes',
    ],
  ],
  async run(args) {
    const limit = readInteger(args, 'limit', { min: 1, max: LIMIT_MAX, fallback: LIMIT });
    const word = String(args.sql);
    const sql = word === '-' ? readFileSync(0, 'utf8') : word;
    const tables = await openTables(String(args.folder));
    try {
      const answer = await tables.ask(sql);
      if (readFlag(args, 'json')) await printRows(answer);
      else printOut(await limited(answer, limit));
    } finally {
      tables.close();
    }
    return ExitCode.ok;
  },
};

/** Prints an array of objects, a row a line, as fast as it is read. */
async function printRows({ columns, rows }: SqlAnswer): Promise<void> {
  // Nothing is printed before the first rows are there: an error leaves stdout empty.
  let between = '[\n';
  for await (const piece of rows) {
    const lines = piece.map((row) => JSON.stringify(Object.fromEntries(columns.map((name, k) => [name, row[k]]))));
    if (!process.stdout.write(between + lines.join(',\n'))) await once(process.stdout, 'drain');
    between = ',\n';
  }
  process.stdout.write(between === '[\n' ? '[]\n' : '\n]\n');
}

async function limited({ columns, rows }: SqlAnswer, limit: number): Promise<string> {
  const shown: JsonValue[][] = [];
  let count = 0;
  for await (const piece of rows) {
    count += piece.length;
    shown.push(...piece.slice(0, limit - shown.length));
  }
  return queryText(columns, shown, count);
}
