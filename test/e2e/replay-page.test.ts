/** The replay page in a browser, against a film whose figures are known. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../viz/server/index.js';
import { createServer } from '../../viz/server/index.js';
import { launchBrowser } from '../support/browser.js';
import { ensureSite } from '../support/site.js';
import {
  SAMPLE_MICROS,
  liquidationMicros,
  syntheticMark,
  syntheticReplay,
  writeSyntheticRun,
} from '../support/synthetic-run.js';

const SAMPLES = 6000;
const runs = mkdtempSync(join(tmpdir(), 'stampede-page-'));
let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];
let ranges: { from: number; to: number; size: number }[];

beforeAll(async () => {
  writeSyntheticRun(runs, 'film', { samples: SAMPLES });
  writeSyntheticRun(runs, 'cut', { complete: false });
  writeSyntheticRun(runs, 'mixed', { manifestHash: 'feedfacefeedface' });
  writeSyntheticRun(runs, 'damaged');
  writeFileSync(
    join(runs, 'damaged', 'replay.bin'),
    'not a replay at all, but long enough to look at',
  );
  const short = syntheticReplay();
  writeSyntheticRun(runs, 'short');
  writeFileSync(join(runs, 'short', 'replay.bin'), short.subarray(0, short.length / 2));
  server = await createServer({ runs, port: 0, site: await ensureSite() });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(runs, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
  });
  page = await context.newPage();
  problems = [];
  ranges = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('response', (response) => {
    const range = /bytes (\d+)-(\d+)\/(\d+)/.exec(response.headers()['content-range'] ?? '');
    if (range) ranges.push({ from: +range[1], to: +range[2], size: +range[3] });
  });
});

afterEach(() => context.close());

async function open(hash: string, on: Page = page): Promise<void> {
  await on.goto(`${server.url}?testing=1${hash}`);
  await ready(on);
}

async function ready(on: Page = page): Promise<void> {
  await on.waitForSelector('.screen[data-ready="true"]');
}

async function screenData(on: Page = page): Promise<Record<string, string>> {
  return on.$eval(
    '.screen',
    (node) => ({ ...(node as HTMLElement).dataset }) as Record<string, string>,
  );
}

async function press(key: string): Promise<void> {
  await page.keyboard.press(key);
  await ready();
}

async function figure(name: string): Promise<string> {
  return page.$eval(`[data-figure="${name}"]`, (node) => node.textContent ?? '');
}

describe('the list of runs', () => {
  it('shows every run and opens one', async () => {
    await open('#/');
    expect((await screenData()).runs).toBe('5');
    await page.click('a[data-run="film"]');
    await page.waitForSelector('.replay[data-ready="true"]');
    expect(page.url()).toContain('#/replay/film');
    expect(problems).toEqual([]);
  });
});

describe('a replay', () => {
  it('shows the whole film, its hash and its marks', async () => {
    await open('#/replay/film');
    const shown = await screenData();
    expect(shown.runHash).toBe('00c0ffee00c0ffee');
    expect(Number(shown.marks)).toBeGreaterThan(20);
    expect(shown.time).toBe(String(SAMPLES * SAMPLE_MICROS));
    expect(await page.textContent('.run-title')).toContain('synthetic');
    expect(await page.title()).toContain('synthetic');
    expect(problems).toEqual([]);
  });

  it('seeks to a time and shows the values of the trace there', async () => {
    const sample = 1234;
    await open(`#/replay/film?t=${sample * SAMPLE_MICROS}`);
    expect((await screenData()).time).toBe(String(sample * SAMPLE_MICROS));
    const mark = syntheticMark(sample) / 2;
    expect(await figure('mark')).toBe(mark.toLocaleString('en-US', { minimumFractionDigits: 1 }));
    expect(await figure('spread')).toBe('4 ticks');
    expect(await figure('liquidations')).toBe('49');
    expect(await figure('insurance')).toBe('35.5\u2009k XBT');
    expect(await page.textContent('.state .time')).toBe('00:20:34.000');
  });

  it('gives the same figures for a moment however it is reached', async () => {
    await open('#/replay/film?t=0');
    const hashes = new Map<string, string>();
    for (const key of ['3', '7', '1', '9', '3', '1', '7', '0']) {
      await press(key);
      const { time = '', hash = '' } = await screenData();
      expect(hash).toMatch(/^[0-9a-f]{16}$/);
      expect(hashes.get(time) ?? hash).toBe(hash);
      hashes.set(time, hash);
    }
    expect(new Set(hashes.values()).size).toBe(5);
  });

  it('plays with Space and stops with Space', async () => {
    await open('#/replay/film?t=60000000');
    await page.keyboard.press('Space');
    await page.waitForFunction(
      () => Number(document.querySelector<HTMLElement>('.screen')?.dataset.time) > 61e6,
    );
    expect((await screenData()).playing).toBe('true');
    await press('Space');
    const stopped = await screenData();
    expect(stopped.playing).toBe('false');
    await page.waitForTimeout(200);
    expect((await screenData()).time).toBe(stopped.time);
  });

  it('steps by samples and by liquidations, forth and back', async () => {
    await open('#/replay/film?t=50200000');
    await press('.');
    expect((await screenData()).time).toBe(String(liquidationMicros(2)));
    expect(await page.getAttribute('.liquidation', 'data-liquidation')).toBe('2');
    await press('.');
    expect((await screenData()).time).toBe(String(liquidationMicros(3)));
    await press(',');
    await press(',');
    expect((await screenData()).time).toBe(String(liquidationMicros(1)));
    expect(await page.textContent('.liquidation h2')).toContain('Liquidation #1');
    await press('ArrowRight');
    expect((await screenData()).time).toBe('26000000');
    await press('Shift+ArrowLeft');
    expect((await screenData()).time).toBe('16000000');
  });

  it('keeps its state in the address: a second page shows the same pixels', async () => {
    await open('#/replay/film?t=900000000');
    await press('w');
    await press('w');
    await press('.');
    await page.waitForFunction(
      () => /sel=liq:\d+/.test(location.hash) && /x=\d+:\d+/.test(location.hash),
    );
    const second = await context.newPage();
    await second.goto(page.url());
    await ready(second);
    const [here, there] = [await screenData(), await screenData(second)];
    for (const name of ['time', 'hash', 'marks', 'selected', 'runHash']) {
      expect(there[name], name).toBe(here[name]);
    }
    const pixels = (on: Page) =>
      on.$$eval('.lane canvas', (list) =>
        list.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()),
      );
    expect(await pixels(second)).toEqual(await pixels(page));
  });

  it('fetches ranges, not the file, when a part is looked at', async () => {
    const from = 3000 * SAMPLE_MICROS;
    await open(`#/replay/film?t=${from}&x=${from}:${from + 60 * SAMPLE_MICROS}`);
    const size = ranges[0]?.size ?? 0;
    const fetched = ranges.reduce((sum, range) => sum + range.to - range.from + 1, 0);
    expect(ranges.length).toBeGreaterThanOrEqual(2);
    expect(size).toBeGreaterThan(1_500_000);
    expect(fetched).toBeLessThan(size * 0.6);
  });

  it('zooms, pans, fits, and seeks by click and by drag', async () => {
    await open('#/replay/film?t=3000000000');
    const lanes = await page.$('.lanes');
    const box = await lanes?.boundingBox();
    if (!box) throw new Error('no lanes');
    await page.mouse.move(box.x + 400, box.y + 300);
    await page.mouse.wheel(0, -600);
    await page.waitForFunction(() => /x=\d+:\d+/.test(location.hash));
    const view = () => /x=(\d+):(\d+)/.exec(page.url())?.slice(1).map(Number) ?? [0, 0];
    const zoomed = view();
    expect(zoomed[1] - zoomed[0]).toBeLessThan(0.6 * SAMPLES * SAMPLE_MICROS);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 300, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(
      (before) => !location.hash.includes(before),
      `x=${zoomed.join(':')}`,
    );
    expect(view()[0]).toBeGreaterThan(zoomed[0]);
    await press('f');
    await page.waitForFunction(() => !location.hash.includes('x='));
    await page.mouse.click(box.x + 10, box.y + 450);
    await ready();
    expect(Number((await screenData()).time)).toBeLessThan(0.05 * SAMPLES * SAMPLE_MICROS);
  });

  it('pins the liquidation under the pointer', async () => {
    const at = liquidationMicros(80);
    await open(`#/replay/film?t=${at - 5e6}&x=${at - 10e6}:${at + 10e6}`);
    const box = await (await page.$('.lane-price'))?.boundingBox();
    if (!box) throw new Error('no price lane');
    const x = box.x + (box.width - 112) / 2;
    let pinned = '';
    for (let y = box.y + 30; y < box.y + box.height && pinned === ''; y += 8) {
      await page.mouse.click(x, y);
      await ready();
      pinned = (await page.getAttribute('.liquidation', 'data-liquidation')) ?? '';
    }
    expect(pinned).toBe('80');
    expect((await screenData()).time).toBe(String(at));
  });

  it('says when there is nothing in the window', async () => {
    await open('#/replay/film?t=2000000&x=1000000:11000000');
    expect(await page.textContent('.lane-notional .lane-empty')).toContain('no liquidation');
  });
});

describe('help for everybody', () => {
  it('lists all keys from the command table and closes with Escape', async () => {
    await open('#/replay/film');
    await page.keyboard.press('?');
    const help = await page.textContent('dialog[open]');
    expect(help).toContain('Play or pause');
    expect(help).toContain('Next liquidation');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
  });

  it('gives the view as a table', async () => {
    await open(`#/replay/film?t=0&x=0:${200 * SAMPLE_MICROS}`);
    await page.keyboard.press('t');
    const rows = await page.$$eval('dialog[open] table', (tables) =>
      tables.map((table) => table.querySelectorAll('tbody tr').length),
    );
    expect(rows).toEqual([25, 7]);
  });

  it('goes to a typed time and refuses nonsense', async () => {
    await open('#/replay/film?t=0');
    await page.keyboard.press('g');
    await page.fill('dialog input', 'noon-ish');
    await page.keyboard.press('Enter');
    expect(await page.textContent('dialog .wrong')).toContain('noon-ish');
    await page.fill('dialog input', '01:02:03');
    await page.keyboard.press('Enter');
    await ready();
    expect((await screenData()).time).toBe(String(3723 * 1e6));
  });

  it('names every lane in a sentence, every button, and announces where it is', async () => {
    await open('#/replay/film?t=60000000');
    const lanes = await page.$$eval('.lane', (nodes) =>
      nodes.map((node) => [node.getAttribute('role'), node.getAttribute('aria-label') ?? '']),
    );
    expect(lanes.length).toBe(4);
    for (const [role, label] of lanes) {
      expect(role).toBe('img');
      expect((label ?? '').length).toBeGreaterThan(20);
    }
    const nameless = await page.$$eval(
      'button',
      (buttons) =>
        buttons.filter((one) => !(one.getAttribute('aria-label') ?? one.textContent)?.trim())
          .length,
    );
    expect(nameless).toBe(0);
    await press('ArrowRight');
    expect(await page.textContent('#announcer')).toContain('00:01:01.000');
  });

  it('follows the system’s theme until told otherwise, and remembers', async () => {
    const theme = (on: Page) => on.$eval('html', (node) => (node as HTMLElement).dataset.theme);
    const light = await browser.newContext({ colorScheme: 'light' });
    const other = await light.newPage();
    await open('#/replay/film', other);
    expect(await theme(other)).toBe('light');
    await light.close();
    await open('#/replay/film');
    expect(await theme(page)).toBe('dark');
    await page.keyboard.press('Shift+D');
    await page.reload();
    await ready();
    expect(await theme(page)).toBe('light');
  });
});

describe('films with something wrong', () => {
  it('plays an interrupted run and says so', async () => {
    await open('#/replay/cut');
    expect(await page.textContent('.banner')).toContain('interrupted');
  });

  it('raises the alarm when film and manifest are of different runs', async () => {
    await open('#/replay/mixed');
    await page.waitForSelector('.banner.alarm:not([hidden])');
    expect(await page.textContent('.banner')).toContain('feedfacefeedface');
  });

  it.each([
    ['damaged', 'trace/damaged'],
    ['no-such-run', 'run/unknown'],
  ])('explains %s', async (id, code) => {
    await page.goto(`${server.url}#/replay/${id}`);
    await page.waitForSelector('.failure');
    expect(await page.getAttribute('.failure', 'data-error')).toBe(code);
  });

  it('keeps what it has of a file that ends too early', async () => {
    await page.goto(`${server.url}#/replay/short`);
    await page.waitForSelector('.banner:not([hidden])');
    expect(await page.textContent('.banner')).toMatch(/cut off|not whole/);
    await ready();
    expect(Number((await screenData()).marks)).toBeGreaterThan(5);
  });

  it('keeps the film when the server goes', async () => {
    const own = await createServer({ runs, port: 0, site: await ensureSite() });
    await page.goto(`${own.url}#/replay/film?t=0&x=0:60000000`);
    await ready();
    await own.close();
    await page.keyboard.press('9');
    await page.waitForSelector('.banner:not([hidden])');
    expect(await page.textContent('.banner')).toContain('server does not answer');
    expect(await page.$$eval('.lane canvas', (list) => list.length)).toBeGreaterThan(3);
  });
});
