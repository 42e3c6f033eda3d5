/** `manifest.json` of a study: everything a reviewer asks for, hashed. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { digestFile, packageVersion } from '../../runtime/index.js';
import { sha256 } from '../run/index.js';
import { replaceJson } from './files.js';
import { hostFacts } from './host.js';
import type { HostFacts } from './host.js';
import { parameterTable } from './parameters.js';
import type { Parameter } from './parameters.js';
import { tableFiles } from './dataset.js';
import type { ResultStore } from './result-store.js';
import { describeStudy, studyFileName } from './study-file.js';
import type { StudyFile } from './study-file.js';

export const studyManifestName = 'manifest.json';
const MANIFEST_VERSION = 1;
/** Failures told one by one; all are in the table of runs. */
const FAILURES_MAX = 1000;

/** A run that failed, and why. */
export interface FailureEntry {
  run: string;
  point: number;
  replicate: number;
  variant: string;
  seed: number;
  reason: string;
}

/** The manifest. */
export interface StudyManifest {
  format: 'stampede-study-manifest';
  formatVersion: number;
  /** SHA-256 of this object without this key. */
  sha256: string;
  study: StudyFile;
  /** Every run of the design is there. */
  complete: boolean;
  runs: { planned: number; present: number; ok: number; failed: number };
  failures: FailureEntry[];
  /** What was decided before running: see study.primary, study.replicates, study.confidence. */
  plan: { primary: unknown; stopping: string; confidence: number; design: string; seeds: string };
  parameters: Parameter[];
  host: HostFacts;
  /** Commands that make the results again, and the figures. */
  commands: Record<string, string>;
  begunAt: string;
  endedAt: string;
  wallSecondsOfRuns: number;
  files: { name: string; bytes: number; sha256: string }[];
}

/** What only the command knows. */
export interface ManifestNotes {
  begunAt: string;
  /** How the study was named. */
  place: string;
  /** Runs that were asked for: fewer than planned within a budget. */
  planned: number;
}

/** Times that a manifest is written anew when another writer put its tables in place meanwhile. */
const ATTEMPTS = 5;

/**
 * Writes the manifest beside the tables, which must be written. Two sweeps that end together may replace
 * each other's tables: whoever is last leaves a manifest of the tables that stand there.
 *
 * @throws UserError `disk/full`
 */
export function writeManifest(folder: string, store: ResultStore, notes: ManifestNotes): StudyManifest {
  for (let attempt = 1; ; attempt++) {
    const manifest = describe(folder, store, notes);
    replaceJson(join(folder, studyManifestName), manifest);
    const isOfThese = manifest.files.every((one) => digestFile(join(folder, one.name)) === one.sha256);
    if (isOfThese || attempt === ATTEMPTS) return manifest;
  }
}

function describe(folder: string, store: ResultStore, notes: ManifestNotes): StudyManifest {
  const { plan } = store;
  const { study } = plan;
  const facts = countFacts(store);
  const body: Omit<StudyManifest, 'sha256'> = {
    format: 'stampede-study-manifest',
    formatVersion: MANIFEST_VERSION,
    study: describeStudy(plan),
    complete: store.count >= notes.planned,
    runs: { planned: notes.planned, present: store.count, ok: store.count - store.failed, failed: store.failed },
    failures: facts.failures,
    plan: {
      primary: study.primary,
      stopping: stoppingText(study.replicates),
      confidence: study.confidence,
      design: plan.designDigest,
      seeds: `${study.seed} + replicate, the same at every point and variant`,
    },
    parameters: parameterTable(plan.subject),
    host: hostFacts(),
    commands: {
      run: `stampede sweep ${notes.place}`,
      analyze: 'stampede analyze <this folder>',
      rows: 'stampede query <this folder> "select * from runs"',
    },
    begunAt: notes.begunAt,
    endedAt: new Date().toISOString(),
    wallSecondsOfRuns: facts.wallSeconds,
    files: [studyFileName, ...tableFiles(plan)].map((name) => {
      const path = join(folder, name);
      return { name, bytes: fs.statSync(path).size, sha256: digestFile(path) };
    }),
  };
  const manifest = { ...body, sha256: sha256(JSON.stringify(body)) };
  return manifest;
}

/**
 * Reads the manifest of a study's folder and checks it, and the sizes and digests of the tables, against it.
 * @throws UserError `study/missing`, `study/damaged`, `study/version`
 */
export function readManifest(folder: string): StudyManifest {
  const path = join(folder, studyManifestName);
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const hint = 'is it the folder of a study that has been run?';
    throw new UserError('study/missing', `${path}: cannot be read (${code}); ${hint}`);
  }
  const fix = 'make it again: stampede sweep <study> --resume --out <folder>';
  let manifest: Partial<StudyManifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<StudyManifest>;
  } catch {
    throw new UserError('study/damaged', `${path}: is not JSON any more; ${fix}`);
  }
  if (manifest?.format !== 'stampede-study-manifest' || !Array.isArray(manifest.files)) {
    throw new UserError('study/damaged', `${path}: is not the manifest of a study; ${fix}`);
  }
  const version = manifest.study?.version;
  if (manifest.formatVersion !== MANIFEST_VERSION || version !== packageVersion) {
    const was = `was written by stampede ${version}, format ${manifest.formatVersion}`;
    throw new UserError('study/version', `${path}: ${was}; this is ${packageVersion}, format ${MANIFEST_VERSION}`);
  }
  const { sha256: sum, ...body } = manifest;
  if (sha256(JSON.stringify(body)) !== sum) {
    throw new UserError('study/damaged', `${path}: was changed since it was written; ${fix}`);
  }
  for (const { name, bytes, sha256: digest } of manifest.files) {
    const file = join(folder, name);
    const size = fs.statSync(file, { throwIfNoEntry: false })?.size;
    if (size !== bytes || digestFile(file) !== digest) {
      const what = size === undefined ? 'is missing' : 'is not the one the manifest describes';
      throw new UserError('study/damaged', `${file}: ${what}; ${fix}`);
    }
  }
  return manifest as StudyManifest;
}

function countFacts(store: ResultStore): { failures: FailureEntry[]; wallSeconds: number } {
  const { plan } = store;
  const failures: FailureEntry[] = [];
  let wallSeconds = 0;
  for (let index = 0; index < plan.size; index++) {
    const outcome = store.get(index);
    if (outcome === null) continue;
    wallSeconds += outcome.wallSeconds;
    if (outcome.status === 'ok' || failures.length >= FAILURES_MAX) continue;
    const { point, replicate, variant } = plan.placeOf(index);
    const { name } = plan.study.variants[variant];
    const reason = `${outcome.code}: ${outcome.reason}`;
    failures.push({ run: plan.keyOf(index), point, replicate, variant: name, seed: plan.seedOf(replicate), reason });
  }
  return { failures, wallSeconds };
}

function stoppingText(replicates: StudyFile['study']['replicates']): string {
  if (typeof replicates === 'number') return `${replicates} replicates of every point`;
  const { metric, precision, min, max } = replicates;
  return `at each point, replicates until the mean of ${metric} is known to ${precision} of itself, ${min} to ${max}`;
}
