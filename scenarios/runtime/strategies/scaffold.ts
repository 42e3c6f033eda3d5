/** Writes an example strategy for a user to change. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { registry } from '../../../agents/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import { packageRoot } from '../package-info.js';
import { makeFolders, removeEmpty } from '../trace/index.js';

/** Name the example has in the package; also that of the folder its texts speak of. */
const EXAMPLE = 'my-strategy';
/** Words that follow `stampede strategies` and so cannot be names. */
const RESERVED = ['new', 'test'];
const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_MAX = 60;
/** Its files in the commands of its texts. */
const FILES = new RegExp(`(\\./)?${EXAMPLE}/${EXAMPLE}\\.(ts|yaml)`, 'g');

/** Quotes a word for a POSIX shell when it needs it. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_\-=.,:/@%+]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Writes `<name>.ts`, `<name>.yaml` and a README into a new folder; returns their paths.
 *
 * @param folder defaults to `name`
 * @throws UserError `strategy/name`, `strategy/name-taken`, `strategy/exists`, `strategy/unwritable`
 */
export function writeScaffold(name: string, folder: string = name): string[] {
  checkName(name);
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) {
    const fix = 'choose another name, or another folder with --out';
    throw new UserError('strategy/exists', `"${folder}" exists already; ${fix}`);
  }
  const files: [string, string][] = [
    [`${name}.ts`, 'strategy.ts'],
    [`${name}.yaml`, 'scenario.yaml'],
    ['README.md', 'README.md'],
  ];
  const place = resolve(folder);
  let made = '';
  try {
    made = makeFolders(place);
    return files.map(([file, template]) => {
      const path = join(folder, file);
      writeFileSync(path, textOf(template, name, folder), { flag: 'wx' });
      return path;
    });
  } catch (error) {
    rmSync(place, { recursive: true, force: true });
    removeEmpty(dirname(place), made);
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError('strategy/unwritable', `"${folder}" cannot be written (${why})`);
  }
}

/** Puts the name, and the paths in commands, in the place of the example's. */
function textOf(template: string, name: string, folder: string): string {
  const file = join(packageRoot, 'scenarios', 'library', 'new-strategy', template);
  const bare = folder.replace(/\/+$/, '');
  const dotted = /^\.{0,2}\//.test(bare) ? bare : `./${bare}`;
  return readFileSync(file, 'utf8')
    .replaceAll(FILES, (_, dot: string | undefined, ending: string) =>
      shellWord(`${dot === undefined ? bare : dotted}/${name}.${ending}`),
    )
    .replaceAll(EXAMPLE, name);
}

function checkName(name: string): void {
  if (!NAME_PATTERN.test(name) || name.length > NAME_MAX || RESERVED.includes(name)) {
    const must = 'must be lower-case words joined by hyphens, such as my-strategy';
    throw new UserError('strategy/name', `name was "${name}", ${must}`);
  }
  if (registry.every((one) => one.name !== name)) return;
  const fix = `choose another, such as my-${name}`;
  throw new UserError('strategy/name-taken', `strategy "${name}" ships with stampede; ${fix}`);
}
