/** The command line of a strategy's example. */
import { asksForGain } from '../../sim/probe/index.js';
import type { Strategy, StrategyExample } from '../../sim/strategy/index.js';
import { durationText } from '../model/index.js';

/** Writes `stampede probe ...` for an example: it prints the numbers the example expects. */
export function exampleCommand(strategy: Strategy, example: StrategyExample): string {
  const words = ['stampede', 'probe', strategy.name];
  const { prices, index, outcomes, equity, position, entry, set = {} } = example;
  if (prices !== undefined) words.push('--prices', prices.join(','));
  if (index !== undefined) words.push('--index', index.join(','));
  if (outcomes !== undefined) words.push('--outcomes', outcomes.join(','));
  if (equity !== undefined) words.push('--equity', String(equity));
  if (position !== undefined) words.push('--position', String(position));
  if (entry !== undefined) words.push('--entry', String(entry));
  for (const [name, value] of Object.entries(set)) {
    const own = Object.hasOwn(strategy.params, name);
    if (name === 'lot' && !own) words.push('--lot', String(value));
    else if (name === 'period' && !own) words.push('--set', `period=${durationText(value)}`);
    else words.push('--set', `${name}=${value}`);
  }
  if (asksForGain(example)) words.push('--gain');
  return words.join(' ');
}
