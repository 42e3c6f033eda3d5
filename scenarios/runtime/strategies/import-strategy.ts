/** Loads a module's text on the present thread. */
import { acceptStrategy, firstLine, guardStrategy, strategyCode } from '../../../sim/guard/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { ThreadWatch } from './loops.js';
import type { StrategyCode } from './strategy-code.js';

/** Where a thread says that it is inside a rule. */
export interface WatchPlace {
  buffer: SharedArrayBuffer;
  thread: number;
}

/**
 * Loads strategies under guard.
 *
 * @param cohorts names of the scenario's cohorts, for messages
 * @throws UserError `strategy/module`, `strategy/default`, `strategy/...` of its declaration
 */
export async function importStrategies(
  codes: readonly StrategyCode[],
  place: WatchPlace,
  cohorts: readonly string[],
): Promise<Strategy[]> {
  const names = codes.map((one) => one.name);
  const watch = new ThreadWatch(place.buffer, place.thread, names);
  const strategies: Strategy[] = [];
  for (const code of codes) {
    watch.enterModule(code.name);
    const strategy = await importStrategy(code);
    // Another text is another module to the host, with variables of its own.
    const twin = await importStrategy({ ...code, code: `${code.code}\n` });
    watch.leave();
    strategies.push(guardStrategy(strategy, { watch, cohorts, twin }));
  }
  return strategies;
}

async function importStrategy({ code, place }: StrategyCode): Promise<Strategy> {
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  try {
    const exported = ((await import(url)) as { default?: unknown }).default;
    return acceptStrategy(exported, place);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const known = strategyCode(error);
    if (known !== '') throw new UserError(known, `${place}: ${firstLine(error)}`);
    const what = `threw "${firstLine(error)}" while it was loaded`;
    throw new UserError('strategy/module', `${place}: ${what}`);
  }
}
