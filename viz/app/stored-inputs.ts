/** What a stored run was made with, fetched by the worker that runs it again. */
import { acceptStrategy } from '../../sim/guard/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { parsePriceFile } from '../../sim/oracle/index.js';
import type { PriceBars } from '../../sim/oracle/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import type { Heartbeat } from './heartbeat.js';

/** Imports strategy modules of this origin. @throws UserError `strategy/...` */
export async function importStrategies(
  modules: readonly { name: string; url: string }[],
  heartbeat: Heartbeat,
): Promise<Strategy[]> {
  const strategies: Strategy[] = [];
  for (const { name, url } of modules) {
    heartbeat.loading(name);
    let exported: unknown;
    try {
      exported = ((await import(/* @vite-ignore */ url)) as { default?: unknown }).default;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UserError('strategy/module', `strategy "${name}" could not be loaded: ${why}`);
    }
    strategies.push(acceptStrategy(exported, name));
  }
  heartbeat.over();
  return strategies;
}

/** Fetches the prices a run was made on. @throws UserError `index/...` */
export async function fetchBars(url: string): Promise<PriceBars> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new UserError('index/missing', `the prices of the run could not be fetched (${response.status})`);
  }
  return parsePriceFile(await response.text(), 'index.csv').bars;
}
