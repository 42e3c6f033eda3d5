/** Whole runs: the simulator in a Web Worker of the page gives the hash it gives in Node. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { runInMemory } from '../../sim/engine/index.js';
import type { RunMessage, RunRequest } from '../../viz/app/run-worker.js';
import type { RunningServer } from '../../viz/server/index.js';
import { createServer } from '../../viz/server/index.js';
import { launchBrowser } from '../support/browser.js';
import { ensureSite } from '../support/site.js';

const HOUR_MICROS = 3_600_000_000;
let server: RunningServer;
let browser: Browser;
let page: Page;
let workerUrl: string;

beforeAll(async () => {
  const site = await ensureSite();
  server = await createServer({ runs: join(tmpdir(), 'stampede-no-runs'), port: 0, site });
  const file = readdirSync(join(site, 'assets')).find((name) => /^run-worker-.*\.js$/.test(name));
  workerUrl = `${server.url}assets/${file}`;
  browser = await launchBrowser();
  page = await (await browser.newContext()).newPage();
  await page.goto(server.url);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

function scenarioText(name: string): string {
  return readFileSync(new URL(`../../scenarios/library/${name}.yaml`, import.meta.url), 'utf8');
}

function hashInNode(name: string, seed: number, untilMicros: number): string {
  const scenario = resolveScenario(parseScenario(scenarioText(name), `${name}.yaml`));
  const options = untilMicros > 0 ? { untilMicros } : {};
  return runInMemory(buildWorld(scenario, { seed }), options).hash;
}

async function runInPage(name: string, seed: number, untilMicros: number) {
  const request: RunRequest = {
    scenarioText: scenarioText(name),
    fileName: `${name}.yaml`,
    seed,
    settings: [],
    untilMicros,
    film: false,
  };
  return page.evaluate(
    ([url, asked]) =>
      new Promise<RunMessage>((done, fail) => {
        const worker = new Worker(url, { type: 'module' });
        worker.onerror = (event) => fail(new Error(event.message));
        worker.onmessage = (event: MessageEvent<RunMessage>) => {
          if (event.data.kind === 'progress') return;
          worker.terminate();
          done(event.data);
        };
        worker.postMessage(asked);
      }),
    [workerUrl, request] as const,
  );
}

describe('a run in a Web Worker of Chromium', () => {
  it.each([
    ['calm', 0, 0],
    ['flash-crash', 0, 0],
    ['black-thursday-2020', 0, HOUR_MICROS],
  ])('%s with seed %d gives the hash of Node', async (name, seed, untilMicros) => {
    const message = await runInPage(name, seed, untilMicros);
    if (message.kind !== 'done') throw new Error(JSON.stringify(message));
    expect(message.figures.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(message.figures.trades).toBeGreaterThan(1000);
    expect(message.figures.hash).toBe(hashInNode(name, seed, untilMicros));
  });

  it('says what is wrong with a scenario', async () => {
    const wrong = await page.evaluate(
      (url) =>
        new Promise<RunMessage>((done) => {
          const worker = new Worker(url, { type: 'module' });
          worker.onmessage = (event: MessageEvent<RunMessage>) => done(event.data);
          worker.postMessage({
            scenarioText: 'nam: x',
            fileName: 'x.yaml',
            seed: 0,
            settings: [],
            untilMicros: 0,
            film: false,
          });
        }),
      workerUrl,
    );
    expect(wrong.kind).toBe('failed');
    expect(wrong.kind === 'failed' && wrong.code).toMatch(/^scenario\//);
  });
});

describe('the page that runs here', () => {
  it('runs a scenario, shows the hash of Node, and plays the film of it', async () => {
    await page.goto(`${server.url}#/here?scenario=flash-crash&seed=3`);
    await page.click('button[type="submit"]');
    await page.waitForSelector('.here[data-hash]', { timeout: 120_000 });
    const hash = await page.getAttribute('.here', 'data-hash');
    expect(hash).toBe(hashInNode('flash-crash', 3, 0));
    await page.click('text=Watch it');
    await page.waitForSelector('.replay[data-ready="true"]');
    expect(await page.getAttribute('.replay', 'data-run-hash')).toBe(hash);
    expect(await page.textContent('.run-title')).toContain('flash-crash');
  });

  it('stops when asked', async () => {
    await page.goto(`${server.url}#/here?scenario=black-thursday-2020&seed=1`);
    await page.click('button[type="submit"]');
    await page.waitForSelector('.here[data-running="true"]');
    await page.click('text=Stop');
    expect(await page.getAttribute('.here', 'data-running')).toBe('false');
    expect(await page.textContent('[role="status"].hint')).toBe('Stopped.');
  });
});
