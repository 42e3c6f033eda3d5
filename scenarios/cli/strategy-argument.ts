/** The strategy a word on the command line stands for: one that ships, or a file of the user's. */
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { didYouMean } from '../model/index.js';
import { type LoadedStrategy, loadStrategies } from '../runtime/index.js';

/** A strategy, and its code when it is the user's: such a rule is called on a thread of its own. */
export interface ChosenStrategy {
  strategy: Strategy;
  code?: LoadedStrategy;
}

/**
 * Returns the strategy of that name, or the one in a file.
 *
 * @param files Further files whose strategies may be named.
 * @throws UserError `strategy/...`, with the nearest name.
 */
export async function strategyOf(
  word: string,
  files: readonly string[] = [],
  millisMax?: number,
  isFile = /\.(ts|js|mjs)$|[\\/]/.test(word),
): Promise<ChosenStrategy> {
  const loaded = await loadStrategies(isFile ? [...files, word] : files, millisMax);
  const code = isFile ? loaded.at(-1) : loaded.find((one) => one.name === word);
  if (code !== undefined) return { strategy: code.strategy, code };
  const strategy = registry.find((one) => one.name === word);
  if (strategy !== undefined) return { strategy };
  const names = [...registry, ...loaded].map((one) => one.name);
  const must = `must be one of ${names.join(', ')}, or a file${didYouMean(word, names)}`;
  throw new UserError('strategy/unknown', `strategy was "${word}", ${must}`);
}
