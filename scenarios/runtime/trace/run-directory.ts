/**
 * The folder of a run, which appears whole or not at all: it is written aside, under a hidden name
 * beside its place, and renamed when everything is in it.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { systemCode, writing } from './disk-error.js';

/** Names the process that writes a partial folder. */
const ownerFileName = '.owner';
const partialName = /^\.stampede-.+-(\d+)\.partial$/;

/** A run's folder in the making. */
export class RunDirectory {
  /** Where the run will stand. */
  readonly target: string;
  /** Where it is written. */
  readonly path: string;
  /** The topmost folder that had to be made for it, '' when its parent existed. */
  readonly #made: string;
  readonly #replace: boolean;
  #open = true;

  /**
   * Makes the partial folder, and the parent when it does not exist.
   *
   * @param target the run's place; nothing may stand there, unless `replace` is set: then what
   * stands there gives way at the commit
   * @throws UserError `run/exists`, `run/unwritable`, `disk/full` (exit code 6)
   */
  constructor(target: string, { replace = false } = {}) {
    this.target = path.resolve(target);
    this.#replace = replace;
    if (!replace) refuseExisting(this.target);
    const parent = path.dirname(this.target);
    this.#made = writing(parent, () => makeFolders(parent));
    sweepPartialRuns(parent);
    const name = `.stampede-${path.basename(this.target)}-${process.pid}.partial`;
    this.path = path.join(parent, name);
    try {
      writing(this.target, () => {
        fs.rmSync(this.path, { recursive: true, force: true });
        fs.mkdirSync(this.path);
        fs.writeFileSync(path.join(this.path, ownerFileName), os.hostname());
      });
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Returns the path of a file in the partial folder. */
  file(name: string): string {
    return path.join(this.path, name);
  }

  /** Writes a value as indented JSON. */
  writeJson(name: string, value: unknown): void {
    const file = this.file(name);
    writing(file, () => fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`));
  }

  /**
   * Puts the folder in its place, or in another one beside it.
   * @throws UserError `run/exists` when something has come to stand there meanwhile.
   */
  commit(target = this.target): void {
    if (!this.#replace) refuseExisting(target);
    writing(target, () => fs.rmSync(this.file(ownerFileName), { force: true }));
    const old = this.#moveOldAside(target);
    try {
      fs.renameSync(this.path, target);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') {
        throw existing(target);
      }
      writing(target, () => {
        throw error;
      });
    }
    this.#open = false;
    if (old !== '') fs.rmSync(old, { recursive: true, force: true });
  }

  /** Gives the place free: the old run gets a partial's name, so a crash leaves it to the sweep. */
  #moveOldAside(target: string): string {
    if (!this.#replace || !fs.existsSync(target)) return '';
    const name = `.stampede-old-${path.basename(target)}-${process.pid}.partial`;
    const old = path.join(path.dirname(target), name);
    writing(target, () => {
      fs.rmSync(old, { recursive: true, force: true });
      fs.renameSync(target, old);
    });
    return old;
  }

  /** Removes the partial folder and the parents made for it; after `commit` it does nothing. */
  discard(): void {
    if (!this.#open) return;
    this.#open = false;
    fs.rmSync(this.path, { recursive: true, force: true });
    removeEmpty(path.dirname(this.target), this.#made);
  }
}

/**
 * Makes a folder and those above it that are missing; returns the topmost one made, '' when none.
 * Differs from `mkdirSync` with `recursive`, which never returns below /proc.
 */
export function makeFolders(folder: string): string {
  const found = fs.statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return '';
  const above = path.dirname(folder);
  const topmost = above === folder ? '' : makeFolders(above);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (systemCode(error) === 'EEXIST' && fs.statSync(folder).isDirectory()) return topmost;
    removeEmpty(above, topmost);
    throw error;
  }
  return topmost === '' ? folder : topmost;
}

/** Removes empty folders from `folder` up to `topmost`; '' removes none. */
export function removeEmpty(folder: string, topmost: string): void {
  if (topmost === '') return;
  for (let at = folder; at.length >= topmost.length; at = path.dirname(at)) {
    try {
      fs.rmdirSync(at);
    } catch {
      // Another run has moved in.
      return;
    }
  }
}

/** Removes partial folders in `parent` whose writer, on this machine, is no longer alive. */
export function sweepPartialRuns(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    const pid = Number(partialName.exec(name)?.[1] ?? 0);
    if (pid === 0 || isAlive(pid)) continue;
    const folder = path.join(parent, name);
    if (ownerOf(folder) === os.hostname()) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The machine that wrote a folder; a folder without a note of it died at birth, here. */
function ownerOf(folder: string): string {
  try {
    return fs.readFileSync(path.join(folder, ownerFileName), 'utf8') || os.hostname();
  } catch {
    return os.hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

function refuseExisting(target: string): void {
  const found = writing(target, () => fs.lstatSync(target, { throwIfNoEntry: false }));
  if (found !== undefined) throw existing(target);
}

function existing(target: string): UserError {
  return new UserError(
    'run/exists',
    `${target}: exists already; choose another folder with --out, or remove it`,
  );
}
