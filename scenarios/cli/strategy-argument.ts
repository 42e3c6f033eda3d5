/** The strategy a word on the command line stands for. */
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { didYouMean } from '../model/index.js';

/**
 * Returns the strategy of that name.
 * @throws UserError `strategy/unknown`, with the nearest name.
 */
export async function strategyOf(word: string): Promise<Strategy> {
  const named = registry.find((one) => one.name === word);
  if (named !== undefined) return named;
  const names = registry.map((one) => one.name);
  const must = `must be one of ${names.join(', ')}${didYouMean(word, names)}`;
  throw new UserError('strategy/unknown', `strategy was "${word}", ${must}`);
}
