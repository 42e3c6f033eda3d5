/** The folder a run leaves: its name, its manifest and summary, its index. */
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, relative } from 'node:path';
import type { RunMetadata } from '../../sim/trace/index.js';
import {
  listFiles,
  manifestVersion,
  readRun,
  RunDirectory,
  summaryFileName,
  manifestFileName,
  writeError,
} from './trace/index.js';
import type { Manifest } from './trace/index.js';
import { digestText, formatBars } from './index-file.js';
import { packageVersion } from './package-info.js';
import type { ExportOutcome, RunInputs } from './run-job.js';
import type { RunResult } from './run-result.js';
import { strategyDigests, writeStrategies } from './strategies/index.js';

/** File of a run folder that holds the bars it ran on. */
export const indexFileName = 'index.csv';

/** Parent of the folders that are named by default. */
const RUNS = 'runs';

/** What a folder's name and manifest depend on. */
export interface FolderOptions extends RunInputs {
  indexDigest?: string;
  out?: string | null;
}

/** What the export found, and what the log's header says. */
export type FiledExport = ExportOutcome & { metadata: RunMetadata };

/** A run's folder while it is being made. */
export class RunFolder {
  readonly #options: FolderOptions;
  readonly #directory: RunDirectory;

  private constructor(options: FolderOptions, directory: RunDirectory) {
    this.#options = options;
    this.#directory = directory;
  }

  /**
   * Begins the folder: the one asked for, which must not exist, or one named after the inputs, which
   * may be replaced because the same inputs made it.
   * @throws UserError `run/exists`, `run/unwritable`, `disk/full`
   */
  static open(options: FolderOptions): RunFolder {
    const { out } = options;
    const target = typeof out === 'string' ? out : join(RUNS, defaultRunName(options));
    const directory = new RunDirectory(target, { replace: typeof out !== 'string' });
    const folder = new RunFolder(options, directory);
    try {
      folder.#writeIndex();
      writeStrategies(directory.path, options.userStrategies ?? []);
    } catch (error) {
      directory.discard();
      throw writeError(error, directory.file(indexFileName));
    }
    return folder;
  }

  /** Where the run is written meanwhile. */
  get path(): string {
    return this.#directory.path;
  }

  /** Writes summary and manifest and puts the folder in its place, which it notes in the result. */
  finish(result: RunResult, exported: FiledExport): void {
    const directory = this.#directory;
    const target = this.#target(result);
    const path = relative(process.cwd(), target);
    result.out = path === '' || path.startsWith('..') ? target : path;
    directory.writeJson(summaryFileName, result);
    directory.writeJson(manifestFileName, this.#manifest(basename(target), result, exported));
    directory.commit(target);
  }

  /** An interrupted run does not take the place of a complete one. */
  #target(result: RunResult): string {
    const { target } = this.#directory;
    if (!result.partial || typeof this.#options.out === 'string') return target;
    return isComplete(target) ? `${target}-partial` : target;
  }

  /** Removes what is unfinished; does nothing after `finish`. */
  discard(): void {
    this.#directory.discard();
  }

  #writeIndex(): void {
    const { bars } = this.#options;
    if (bars === undefined) return;
    writeFileSync(this.#directory.file(indexFileName), formatBars(bars));
  }

  #manifest(id: string, result: RunResult, exported: FiledExport): Manifest {
    const { scenario, indexDigest } = this.#options;
    const { platform, arch, version } = process;
    return {
      format: 'stampede-run',
      formatVersion: manifestVersion,
      id,
      version: packageVersion,
      seed: result.seed,
      hash: result.hash,
      logHash: result.logHash,
      complete: !result.partial,
      scenario,
      digests: {
        ...(indexDigest === undefined ? {} : { index: indexDigest }),
        ...strategyDigests(this.#options.userStrategies ?? []),
      },
      metadata: exported.metadata,
      host: { platform, arch, node: version, cpus: availableParallelism() },
      createdAt: new Date().toISOString(),
      timings: {
        wallSeconds: result.wallSeconds,
        cpuSeconds: result.cpuSeconds,
        exportSeconds: result.exportSeconds,
      },
      threads: result.threads,
      rowCounts: exported.rowCounts,
      files: listFiles(this.#directory.path),
    };
  }
}

function isComplete(folder: string): boolean {
  if (!existsSync(join(folder, manifestFileName))) return false;
  try {
    return readRun(folder).manifest.complete;
  } catch {
    // A damaged run is no loss.
    return false;
  }
}

/** Names a run after its inputs: the same inputs, with the same version, give the same name. */
export function defaultRunName(options: FolderOptions): string {
  const { scenario, seed, indexDigest } = options;
  const own = (options.userStrategies ?? []).map((one) => one.digest);
  // What is asserted of a scenario changes no run of it.
  const simulated = { ...scenario, assertions: undefined };
  const inputs = [packageVersion, simulated, seed, indexDigest ?? null, ...own];
  const digest = digestText(JSON.stringify(inputs));
  return `${scenario.name}-${seed}-${digest.slice(0, 8)}`;
}
