/** The run directories a server shows: a folder of runs, or one run. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../sim/kernel/index.js';

/** The files of a run that may leave the server. */
export const RunFile = {
  manifest: 'manifest.json',
  summary: 'summary.json',
  replay: 'replay.bin',
  index: 'index.csv',
} as const;
export type RunFile = (typeof RunFile)[keyof typeof RunFile];

/** One line of the list of runs. */
export interface RunListing {
  id: string;
  modifiedEpochMs: number;
  replayBytes: number;
  scenario: string;
  seed: number;
  hash: string;
  partial: boolean;
  liquidations: number;
  liquidatedQuote: number;
  simulatedSeconds: number;
}

const STRATEGY_PATTERN = /^[a-z][a-z0-9-]*$/;
const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Finds runs on disk; reads them afresh at every call, so runs made while it serves appear. */
export class RunStore {
  private readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** The runs, newest first; folders without a manifest are passed over. */
  async list(): Promise<RunListing[]> {
    const ids = await this.ids();
    const found = await Promise.all(ids.map((id) => this.listing(id)));
    return found
      .filter((run) => run !== null)
      .sort((a, b) => b.modifiedEpochMs - a.modifiedEpochMs || (a.id < b.id ? -1 : 1));
  }

  /** @throws UserError `run/unknown` when no such run or file exists, or the name is not a name. */
  async path(id: string, file: RunFile): Promise<{ directory: string; file: string }> {
    const directory = await this.directory(id);
    const found = directory === null ? null : await fileStat(join(directory, file));
    if (directory === null || found === null) {
      throw new UserError('run/unknown', `no ${file} of a run named ${JSON.stringify(id)} here`);
    }
    return { directory, file };
  }

  /** @throws UserError as `path`, and `run/damaged` when the file is not JSON. */
  async json(id: string, file: RunFile): Promise<unknown> {
    const place = await this.path(id, file);
    const text = await readFile(join(place.directory, place.file), 'utf8');
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new UserError('run/damaged', `${file} of run ${id} is not valid JSON`);
    }
  }

  /**
   * Returns the text of a strategy that a run was made with, as its manifest vouches for it.
   * @throws UserError `run/unknown`, `run/damaged`
   */
  async strategy(id: string, name: string): Promise<string> {
    const manifest = await this.json(id, RunFile.manifest);
    const key = `strategies/${name}.js`;
    const digest = field(field(manifest, 'digests'), key);
    const directory = await this.directory(id);
    if (directory === null || typeof digest !== 'string' || !STRATEGY_PATTERN.test(name)) {
      throw new UserError('run/unknown', `no strategy ${JSON.stringify(name)} of a run named ${id} here`);
    }
    const code = await readFile(join(directory, key), 'utf8').catch(() => '');
    if (createHash('sha256').update(code).digest('hex') === digest) return code;
    throw new UserError('run/damaged', `${key} of run ${id} is not the one its manifest names`);
  }

  private async isSingle(): Promise<boolean> {
    return (await fileStat(join(this.root, RunFile.manifest))) !== null;
  }

  private async ids(): Promise<string[]> {
    if (await this.isSingle()) return [basename(this.root)];
    const entries = await readdir(this.root, { withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isDirectory() && ID_PATTERN.test(entry.name))
      .map((entry) => entry.name);
  }

  private async directory(id: string): Promise<string | null> {
    if (await this.isSingle()) return id === basename(this.root) ? this.root : null;
    return ID_PATTERN.test(id) ? join(this.root, id) : null;
  }

  private async listing(id: string): Promise<RunListing | null> {
    const directory = await this.directory(id);
    if (directory === null) return null;
    const manifest = await fileStat(join(directory, RunFile.manifest));
    if (manifest === null) return null;
    const replay = await fileStat(join(directory, RunFile.replay));
    const summary = await this.json(id, RunFile.summary).catch(() => ({}));
    const described = await this.json(id, RunFile.manifest).catch(() => ({}));
    return {
      id,
      modifiedEpochMs: Math.round(manifest.mtimeMs),
      replayBytes: replay === null ? 0 : replay.size,
      scenario: text(summary, 'scenario') || text(described, 'scenario'),
      seed: amount(summary, 'seed'),
      hash: text(summary, 'hash') || text(described, 'hash'),
      partial: field(summary, 'partial') === true || field(described, 'partial') === true,
      liquidations: amount(field(summary, 'liquidations'), 'count'),
      liquidatedQuote: amount(field(summary, 'liquidations'), 'notionalQuote'),
      simulatedSeconds: amount(summary, 'simulatedSeconds'),
    };
  }
}

async function fileStat(path: string): Promise<{ size: number; mtimeMs: number } | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found : null;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function text(value: unknown, key: string): string {
  const found = field(value, key);
  if (typeof found === 'string') return found;
  const name = field(found, 'name');
  return typeof name === 'string' ? name : '';
}

function amount(value: unknown, key: string): number {
  const found = field(value, key);
  return typeof found === 'number' ? found : 0;
}
