/** A stored run with a user's strategy, run again in Chromium from what its folder keeps. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../viz/server/index.js';
import { createServer } from '../../viz/server/index.js';
import { launchBrowser } from '../support/browser.js';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';
import { ensureSite } from '../support/site.js';
import { strategyFile, TRADING_BODY, USER_SCENARIO } from '../support/user-strategy.js';

const PRICES = 'ts_ms,open,high,low,close,volume\n' +
  [8000, 8010, 7990, 7950, 8020].map((p, k) => `${1583971200000 + k * 60000},${p},${p + 9},${p - 9},${p},1`).join('\n');

let folder: string;
let server: RunningServer;
let browser: Browser;
let page: Page;
let hash: string;
const problems: string[] = [];

beforeAll(async () => {
  const site = await ensureSite();
  folder = scratchFolder();
  writeFileSync(join(folder, 'own.yaml'), USER_SCENARIO);
  writeFileSync(join(folder, 'mine.ts'), strategyFile(TRADING_BODY));
  writeFileSync(join(folder, 'prices.csv'), PRICES);
  const words = ['run', 'own.yaml', '--strategy', 'mine.ts', '--index', 'prices.csv', '--json', '--seed', '4'];
  const { code, stdout, stderr } = await stampede([...words, '--out', 'runs/own'], folder);
  expect(code, stderr).toBe(0);
  ({ hash } = JSON.parse(stdout));
  server = await createServer({ runs: join(folder, 'runs'), port: 0, site });
  browser = await launchBrowser();
  page = await (await browser.newContext()).newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (existsSync(folder)) remove(folder);
});

describe('a stored run in the page', () => {
  it('is found in the list, runs with its own rule and prices, and agrees', async () => {
    await page.goto(server.url);
    await page.click('text=run again');
    await page.waitForSelector('.here[data-ready="true"]');
    expect(await page.textContent('.lead')).toContain('(mine), on the prices it keeps');
    await page.click('button[type="submit"]');
    await page.waitForSelector('.here[data-hash], .here[data-error]', { timeout: 120_000 });
    expect(await page.getAttribute('.here', 'data-hash')).toBe(hash);
    expect(await page.getAttribute('.here', 'data-agrees')).toBe('true');
    expect(await page.textContent('.agrees')).toContain('the same hash');
    expect(problems).toEqual([]);
  });

  it('compares nothing when the seed is another', async () => {
    await page.fill('input[name="seed"]', '5');
    await page.click('button[type="submit"]');
    await page.waitForSelector('.here[data-hash]', { timeout: 120_000 });
    expect(await page.getAttribute('.here', 'data-hash')).not.toBe(hash);
    expect(await page.getAttribute('.here', 'data-agrees')).toBe(null);
  });

  it('does not load a rule that was changed in the folder, nor an unknown one', async () => {
    const kept = join(folder, 'runs/own/strategies/mine.js');
    const code = readFileSync(kept, 'utf8');
    writeFileSync(kept, code.replace('* 50', '* 51'));
    const changed = await fetch(`${server.url}api/runs/own/strategies/mine.js`);
    expect([changed.status, await changed.json()]).toMatchObject([422, { error: { code: 'run/damaged' } }]);
    await page.fill('input[name="seed"]', '4');
    await page.click('button[type="submit"]');
    await page.waitForSelector('.here[data-error="strategy/module"]');
    expect(await page.textContent('[role="status"].hint')).toContain('strategy "mine" could not be loaded');
    writeFileSync(kept, code);
    for (const name of ['other', '..%2f..%2fmanifest', 'mine.js%00']) {
      const { status } = await fetch(`${server.url}api/runs/own/strategies/${name}.js`);
      expect(status, name).toBe(404);
    }
    const served = await fetch(`${server.url}api/runs/own/strategies/mine.js`);
    expect(served.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(served.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(await served.text()).toBe(code);
  });

  it('ends a rule that does not return, and names it and the time', async () => {
    const kept = join(folder, 'runs/own/strategies/mine.js');
    const manifest = join(folder, 'runs/own/manifest.json');
    const [code, described] = [kept, manifest].map((file) => readFileSync(file, 'utf8'));
    const looping = code.replace('target[i] = equity', 'for (;;) target[i] = equity');
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    writeFileSync(kept, looping);
    writeFileSync(manifest, described.replaceAll(digest(code), digest(looping)));
    await page.goto(`${server.url}#/here?run=own`);
    await page.reload();
    await page.click('button[type="submit"]');
    await page.waitForSelector('.here[data-error="strategy/timeout"]', { timeout: 60_000 });
    expect(await page.getAttribute('.here', 'data-running')).toBe('false');
    expect(await page.textContent('[role="status"].hint')).toMatch(
      /^strategy "mine" did not return for 10 s, about .+ into the run$/,
    );
    writeFileSync(kept, code);
    writeFileSync(manifest, described);
  });

  it('says so when there is no such run', async () => {
    await page.goto(`${server.url}#/here?run=absent`);
    await page.waitForSelector('.failure[data-error="run/unknown"]');
    expect(await page.textContent('.failure h1')).toBe('This run cannot be run again');
  });
});
