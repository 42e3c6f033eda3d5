/** `stampede export`: a study's tables for other programs. */
import { UserError } from '../../sim/kernel/index.js';
import { exportFormats, exportTable, exportTables } from '../experiment/index.js';
import { didYouMean } from '../model/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { whole } from './number-text.js';
import * as study from './study-options.js';
import { printErr } from './terminal.js';
import { readText } from './values.js';

/** The command. */
export const exportCommand: CommandSpec = {
  name: 'export',
  doc: 'Write a table of a study as CSV, Arrow, Parquet or JSON',
  positionals: [{ name: 'folder', doc: 'Folder of the study', required: true }],
  options: [study.exportFormat, study.exportedTable, study.exportOut],
  examples: [
    ['export studies/latency > runs.csv', 'for a spreadsheet'],
    ['export studies/latency --format arrow --out runs.arrow', 'for R, pandas and polars, types kept'],
  ],
  async run(args) {
    const format = readChoice(args, 'format', exportFormats);
    const table = readChoice(args, 'table', exportTables);
    const given = readText(args, 'out');
    const isText = format === 'csv' || format === 'json';
    if (given === undefined && !isText) {
      throw new UserError('usage/value', `--out was left out, must name a file for ${format}, or be - for stdout`);
    }
    const out = given === undefined || given === '-' ? process.stdout : given;
    const { rows, columns } = await exportTable({ folder: String(args.folder), table, format, out });
    if (typeof out === 'string') printErr(`${whole(rows)} rows of ${columns} columns in ${out}`);
    return ExitCode.ok;
  },
};

/** Returns one of the words; the first unless given. @throws UserError `usage/value` */
function readChoice<T extends string>(args: Record<string, unknown>, name: string, words: readonly T[]): T {
  const text = readText(args, name);
  if (text === undefined) return words[0];
  const found = words.find((one) => one === text);
  if (found !== undefined) return found;
  const must = `must be one of ${words.join(', ')}${didYouMean(text, words)}`;
  throw new UserError('usage/value', `--${name} was "${text}", ${must}`);
}
