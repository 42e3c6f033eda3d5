/** Where results were made: what a reader needs to make them again. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { RandomSource } from '../../../sim/kernel/index.js';
import { packageRoot, packageVersion } from '../../runtime/index.js';
import { sha256 } from '../run/index.js';

/** The program and the machine. */
export interface HostFacts {
  package: { version: string; commit: string | null; dirty: boolean | null; lockfileSha256: string | null };
  node: string;
  v8: string;
  platform: string;
  arch: string;
  cpu: string;
  cpus: number;
  memoryBytes: number;
  /** Generator of all draws, and what it gives for seed 0 here. */
  random: { algorithm: string; check: string };
}

/** Looks at the program and the machine; whatever cannot be known is null. */
export function hostFacts(): HostFacts {
  const lock = join(packageRoot, 'package-lock.json');
  return {
    package: {
      version: packageVersion,
      ...commitFacts(),
      lockfileSha256: existsSync(lock) ? sha256(readFileSync(lock, 'utf8')) : null,
    },
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cpus: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    random: { algorithm: 'Philox4x32-10', check: randomCheck() },
  };
}

function commitFacts(): { commit: string | null; dirty: boolean | null } {
  if (!existsSync(join(packageRoot, '.git'))) return { commit: null, dirty: null };
  const git = (...words: string[]): string =>
    execFileSync('git', words, { cwd: packageRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
  } catch {
    // No git on this machine: the version must do.
    return { commit: null, dirty: null };
  }
}

/** The first words of a stream: equal on every machine that draws alike. */
function randomCheck(): string {
  const words = new RandomSource(0).stream('check').words(0, 0, 0);
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
