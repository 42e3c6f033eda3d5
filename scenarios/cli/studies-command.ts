/** `stampede studies`: the studies that ship. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../sim/kernel/index.js';
import { libraryStudies, loadStudy } from '../experiment/index.js';
import { didYouMean } from '../model/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import * as options from './options.js';
import { fitted, paint, printOut } from './terminal.js';
import { readFlag } from './values.js';

/** The command. */
export const studiesCommand: CommandSpec = {
  name: 'studies',
  doc: 'List the studies that ship, or print one',
  positionals: [{ name: 'name', doc: 'Study to print, as YAML', required: false }],
  options: [options.json],
  examples: [
    ['studies', 'what there is'],
    ['studies latency > my-study.yaml', 'a copy to edit'],
  ],
  async run(args) {
    const isJson = readFlag(args, 'json');
    if (typeof args.name === 'string') printOut(await oneText(args.name, isJson));
    else printOut(isJson ? JSON.stringify(await facts()) : await table());
    return ExitCode.ok;
  },
};

async function oneText(name: string, isJson: boolean): Promise<string> {
  const entries = libraryStudies();
  const entry = entries.find((one) => one.name === name);
  if (entry === undefined) {
    const names = entries.map((one) => one.name);
    const must = `must be one of ${names.join(', ')}${didYouMean(name, names)}`;
    throw new UserError('study/unknown', `study was "${name}", ${must}`);
  }
  if (isJson) return JSON.stringify((await loadStudy(name)).study);
  return readFileSync(entry.file, 'utf8').trimEnd();
}

async function facts() {
  const all = await Promise.all(libraryStudies().map(async ({ name }) => (await loadStudy(name)).study));
  return all.map(({ name, title, question, statement }) => ({ name, title, question, statement }));
}

async function table(): Promise<string> {
  const all = await facts();
  const width = Math.max(0, ...all.map((one) => one.name.length)) + 2;
  return all.map(({ name, title }) => `${paint('bold', name.padEnd(width))}${fitted(title, width)}`).join('\n');
}
