/** The strategy modules that a run folder keeps beside its trace. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { loadCode } from './load-strategies.js';
import type { LoadedStrategy, StrategyCode } from './strategy-code.js';

/** Name of a kept module in its run folder, which is also its key among the manifest's digests. */
export function strategyFileName(name: string): string {
  return `strategies/${name}.js`;
}

/** Keys of the digests of kept modules, and the names in them. */
const KEPT = /^strategies\/([a-z][a-z0-9-]*)\.js$/;

/** Writes the modules into a folder. */
export function writeStrategies(folder: string, codes: readonly StrategyCode[]): void {
  for (const { name, code } of codes) {
    const file = join(folder, strategyFileName(name));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
}

/** Returns the manifest's digests of modules, by file name. */
export function strategyDigests(codes: readonly StrategyCode[]): Record<string, string> {
  return Object.fromEntries(codes.map(({ name, digest }) => [strategyFileName(name), digest]));
}

/**
 * Loads the modules that a manifest names, from its folder.
 * @throws UserError `trace/damaged` when one is missing or was changed; as `loadCode`
 */
export async function readStrategies(
  folder: string,
  digests: Readonly<Record<string, string>>,
  millisMax?: number,
): Promise<LoadedStrategy[]> {
  const loaded: LoadedStrategy[] = [];
  for (const [key, digest] of Object.entries(digests)) {
    const name = KEPT.exec(key)?.[1];
    if (name === undefined) continue;
    const file = join(folder, key);
    const code = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (createHash('sha256').update(code).digest('hex') !== digest) {
      const fix = 'the run is damaged; run the scenario again';
      throw new UserError('trace/damaged', `${file}: is not the strategy the manifest names; ${fix}`);
    }
    loaded.push(await loadCode({ code, place: key }, millisMax));
  }
  return loaded;
}
