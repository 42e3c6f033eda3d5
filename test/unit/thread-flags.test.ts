/** Threads that may be ended while they load. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { packageRoot, threadFlags } from '../../scenarios/runtime/index.js';

it('keeps threads from requiring modules, which node cannot end', async () => {
  const file = join(packageRoot, 'dist', 'sim', 'kernel', 'index.js');
  const code = `try { require(${JSON.stringify(file)}); } catch (error) { throw new Error(error.code); }`;
  const ended = (execArgv: readonly string[]): Promise<string> =>
    new Promise((done) => {
      const worker = new Worker(code, { eval: true, execArgv: [...execArgv] });
      worker.on('error', (error) => done((error as Error).message)).on('exit', () => done('loaded'));
    });
  expect(await ended(threadFlags)).toBe('ERR_REQUIRE_ESM');
});

it('does so in every pool', () => {
  const folder = join(packageRoot, 'scenarios');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const pools = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('new Piscina(').slice(1));
  expect(pools.length).toBeGreaterThanOrEqual(5);
  for (const pool of pools) expect(pool.slice(0, pool.indexOf('});'))).toContain('execArgv: [...threadFlags]');
});
