/** Runs the built command line in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The binary under test. */
export const BINARY = fileURLToPath(new URL('../../bin/stampede.js', import.meta.url));

/** What a finished command left. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command under way. */
export interface Running {
  process: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves when stderr or stdout has shown a text. */
  shows(text: string): Promise<void>;
  /** What stdout has shown so far. */
  stdout(): string;
}

/** Makes an empty folder. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'stampede-test-'));
}

/** Names everything in a folder, hidden files too. */
export function contents(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** Removes a folder. */
export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts `stampede ...words` in a folder. */
export function start(
  words: readonly string[],
  folder: string,
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Running {
  const child = spawn(process.execPath, [BINARY, ...words], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const got: Finished = { code: null, stdout: '', stderr: '' };
  const watchers: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    got.stdout += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    got.stderr += text;
    for (const watch of watchers) watch();
  });
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code) => done({ ...got, code }));
  });
  const shows = (text: string): Promise<void> =>
    new Promise((done) => {
      const look = (): void => {
        if (got.stdout.includes(text) || got.stderr.includes(text)) done();
      };
      watchers.push(look);
      look();
    });
  return { process: child, finished, shows, stdout: () => got.stdout };
}

/** Runs `stampede ...words` in a folder to its end. */
export function stampede(
  words: readonly string[],
  folder: string,
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Finished> {
  return start(words, folder, options).finished;
}
