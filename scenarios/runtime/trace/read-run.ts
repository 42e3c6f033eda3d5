/** Opens a finished run directory. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { logFileName } from './log-writer.js';
import { digestFile } from './file-digest.js';
import {
  type Manifest,
  type ManifestFile,
  type Summary,
  manifestFileName,
  manifestVersion,
  summaryFileName,
} from './manifest.js';
import { systemCode } from './disk-error.js';

/** A run on disk. */
export interface StoredRun {
  path: string;
  manifest: Manifest;
  summary: Summary;
  /** Path of the event log. */
  log: string;
}

/**
 * Reads a run's manifest and summary and checks that its files are there with their sizes.
 *
 * @param directory the run's folder
 * @throws UserError `trace/missing`, `trace/damaged`, `trace/truncated` or `trace/version`
 */
export function readRun(directory: string): StoredRun {
  const folder = path.resolve(directory);
  const manifestPath = path.join(folder, manifestFileName);
  const manifest = readJson(manifestPath) as Partial<Manifest>;
  if (manifest.format !== 'stampede-run' || !Array.isArray(manifest.files)) {
    throw new UserError('trace/damaged', `${manifestPath}: is not the manifest of a run`);
  }
  if (manifest.formatVersion !== manifestVersion) {
    const must = `must be ${manifestVersion}; read it with the stampede that wrote it`;
    throw new UserError(
      'trace/version',
      `${manifestPath}: formatVersion was ${manifest.formatVersion}, ${must}`,
    );
  }
  for (const { name, bytes } of manifest.files) checkFile(folder, name, bytes);
  const summary = readJson(path.join(folder, summaryFileName)) as Summary;
  const whole = manifest as Manifest;
  return { path: folder, manifest: whole, summary, log: path.join(folder, logFileName) };
}

/** Files that every run has: a manifest that leaves one out does not vouch for it. */
const expectedFiles = [
  'cohorts.parquet',
  logFileName,
  'events.parquet',
  'replay.bin',
  'series.parquet',
  summaryFileName,
];

/**
 * Checks every byte of a run's files against the digests in its manifest.
 * @throws UserError `trace/damaged`, one line for each file.
 */
export function checkDigests({ path: folder, manifest }: StoredRun): void {
  const faults: string[] = [];
  const listed = new Set(manifest.files.map(({ name }) => name));
  for (const name of expectedFiles) {
    if (listed.has(name)) continue;
    faults.push(`${path.join(folder, manifestFileName)}: does not list ${name}`);
  }
  for (const { name, sha256 } of manifest.files) {
    if (typeof sha256 !== 'string') {
      faults.push(`${path.join(folder, manifestFileName)}: holds no SHA-256 of ${name}`);
    } else if (digestFile(path.join(folder, name)) !== sha256) {
      faults.push(`${path.join(folder, name)}: was changed, its SHA-256 must be ${sha256}`);
    }
  }
  if (faults.length === 0) return;
  const fix = 'the run is damaged; run the scenario again';
  throw new UserError('trace/damaged', faults.map((fault) => `${fault}; ${fix}`).join('\n'));
}

/** Returns a folder's files, by name, with their sizes and digests, for a manifest. */
export function listFiles(folder: string): ManifestFile[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? fs.readdirSync(path.join(folder, entry.name)).map((name) => `${entry.name}/${name}`)
        : [entry.name],
    )
    .filter((name) => !name.startsWith('.') && name !== manifestFileName)
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      return { name, bytes: fs.statSync(file).size, sha256: digestFile(file) };
    });
}

/** Files of a run below its folder: the strategies it was made with. */
const kept = /^strategies\/[a-z0-9-]+\.js$/;

function checkFile(folder: string, name: string, bytes: number): void {
  const isPlain = typeof name === 'string' && (name === path.basename(name) || kept.test(name));
  if (!isPlain) {
    const was = `${path.join(folder, manifestFileName)}: lists ${JSON.stringify(name)}`;
    throw new UserError('trace/damaged', `${was}, which is not a file of a run`);
  }
  const file = path.join(folder, name);
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size;
  if (size === bytes) return;
  const was = size === undefined ? 'is missing' : `was ${size} bytes, must be ${bytes}`;
  const fix = 'the run is damaged or its copy incomplete; run the scenario again';
  throw new UserError(
    size === undefined ? 'trace/missing' : 'trace/truncated',
    `${file}: ${was}; ${fix}`,
  );
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    throw new UserError('trace/missing', `${file}: cannot be read (${code}); is it a run folder?`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below with the file's name.
  }
  throw new UserError('trace/damaged', `${file}: is not readable JSON; run the scenario again`);
}
