/** Who pushed whom, on the page: discs, card, keys and tree agree with the forest of the log. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Film } from '../../viz/data/index.js';
import type { RunningServer } from '../../viz/server/index.js';
import { createServer } from '../../viz/server/index.js';
import { launchBrowser } from '../support/browser.js';
import type { ScenarioFilm } from '../support/scenario-film.js';
import { scenarioFilm, writeFilm } from '../support/scenario-film.js';
import { ensureSite } from '../support/site.js';
import { writeSyntheticRun } from '../support/synthetic-run.js';

const runs = mkdtempSync(join(tmpdir(), 'stampede-cascade-'));
let run: ScenarioFilm;
let film: Film;
let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

beforeAll(async () => {
  run = scenarioFilm('grid-trap');
  writeFilm(runs, 'grid-trap', run);
  writeSyntheticRun(runs, 'older');
  film = await Film.open(async (offset, length) => run.bytes.slice(offset, offset + length));
  server = await createServer({ runs, port: 0, site: await ensureSite() });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(runs, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  page = await context.newPage();
  problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
});

afterEach(async () => {
  expect(problems).toEqual([]);
  await context.close();
});

async function ready(): Promise<void> {
  await page.waitForSelector('.screen[data-ready="true"]');
}

/** Opens the page on a node of the forest. */
async function openOn(node: number, extra = ''): Promise<void> {
  const row = await film.cascades.rowOfLiquidation(run.forest.liquidation[node]);
  const time = (await film.liquidation(row))?.timeMicros;
  await page.goto(`${server.url}?testing=1#/replay/grid-trap?t=${time}&sel=liq:${row}${extra}`);
  await ready();
}

async function press(key: string): Promise<void> {
  await page.keyboard.press(key);
  await ready();
}

const shownId = async () =>
  Number(await page.getAttribute('.card.liquidation', 'data-liquidation'));
const textOf = async (selector: string) => (await page.textContent(selector)) ?? '';

/** A node of the highest generation, and its ancestors, itself first. */
function deepest(): number[] {
  const { generation, parent } = run.forest;
  let node = generation.indexOf(Math.max(...generation));
  const path = [];
  for (; node >= 0; node = parent[node]) path.push(node);
  return path;
}

function childrenOf(node: number): number[] {
  return [...run.forest.parent.keys()].filter((i) => run.forest.parent[i] === node);
}

describe('keys and card', () => {
  it('walk from the last generation to the first with [, and on with ]', async () => {
    const path = deepest();
    expect(path.length).toBeGreaterThan(3);
    await openOn(path[0]);
    for (const node of path) {
      expect(await shownId()).toBe(run.forest.liquidation[node]);
      const generation = await page.getAttribute('[data-generation]', 'data-generation');
      expect(Number(generation)).toBe(run.forest.generation[node]);
      const parent = run.forest.parent[node];
      if (parent >= 0) {
        const number = run.forest.liquidation[parent].toLocaleString('en-US');
        expect(await textOf('.tipped .link')).toBe(`liquidation #${number}`);
      }
      await press('[');
    }
    const root = path[path.length - 1];
    expect(await shownId()).toBe(run.forest.liquidation[root]);
    expect(await textOf('#announcer')).toContain('No other liquidation tipped it');
    let node = root;
    for (let next = childrenOf(node)[0]; next !== undefined; next = childrenOf(node)[0]) {
      await press(']');
      expect(await shownId()).toBe(run.forest.liquidation[next]);
      node = next;
    }
    await press(']');
    expect(await textOf('#announcer')).toContain('pushed nobody');
  });

  it('say the level, the shares and what it went on to push', async () => {
    const { forest } = run;
    const pushed = forest.parent.filter((parent) => parent >= 0);
    const node = pushed.sort((a, b) => childrenOf(b).length - childrenOf(a).length)[0];
    await openOn(node);
    const price = (forest.levelTicks[node] * film.info.quotePerTick).toLocaleString('en-US');
    expect(await textOf('.tipped')).toContain(`through ${price}`);
    expect(await textOf('.effects')).toContain(`${childrenOf(node).length} liquidations directly`);
    const shares = await page.$$eval('.parts li b', (list) =>
      list.map((one) => Number.parseFloat((one.textContent ?? '').replace('<', ''))),
    );
    const sum = shares.reduce((total, share) => total + share, 0);
    expect(Math.abs(sum - 100)).toBeLessThanOrEqual(shares.length);
  });

  it('follow the link to the liquidation that tipped it, and n to the next cascade', async () => {
    const [node, parent] = deepest();
    await openOn(node);
    await page.click('.tipped .link');
    await ready();
    expect(await shownId()).toBe(run.forest.liquidation[parent]);
    await press('n');
    const id = await shownId();
    const start = run.forest.liquidation.indexOf(id);
    const tree = [...run.forest.rootEvent.keys()].filter(
      (i) => run.forest.rootEvent[i] === run.forest.rootEvent[start],
    );
    expect(tree.length).toBeGreaterThan(1);
    expect(Math.min(...tree.map((i) => run.forest.liquidation[i]))).toBe(id);
    await press('p');
    expect(await shownId()).toBeLessThan(id);
  });

  it('select the disc that is clicked', async () => {
    const [node] = deepest();
    const row = await film.cascades.rowOfLiquidation(run.forest.liquidation[node]);
    const time = (await film.liquidation(row))?.timeMicros ?? 0;
    await page.goto(
      `${server.url}?testing=1#/replay/grid-trap?t=${time}&x=${time - 3e6}:${time + 3e6}`,
    );
    await ready();
    const box = await (await page.$('.lane-price'))?.boundingBox();
    if (!box) throw new Error('no price lane');
    let found = Number.NaN;
    for (let y = box.y + 34; y < box.y + box.height && !(found > 0); y += 6) {
      await page.mouse.click(box.x + (box.width - 112) / 2, y);
      await ready();
      found = await shownId();
    }
    const clicked = run.forest.liquidation.indexOf(found);
    expect(run.forest.rootEvent[clicked]).toBe(run.forest.rootEvent[node]);
    const generation = await page.getAttribute('[data-generation]', 'data-generation');
    expect(Number(generation)).toBe(run.forest.generation[clicked]);
  });
});

describe('the tree', () => {
  it('shows the tree of the log, the selected one marked, and selects by click and by keys', async () => {
    const path = deepest();
    await openOn(path[0]);
    const nodes = [...run.forest.rootEvent].filter((e) => e === run.forest.rootEvent[path[0]]);
    expect(await page.getAttribute('.cascade', 'data-nodes')).toBe(String(nodes.length));
    const marked = () => page.getAttribute('.cascade [aria-selected="true"]', 'data-liquidation');
    expect(Number(await marked())).toBe(run.forest.liquidation[path[0]]);
    await page.click(`.cascade [data-liquidation="${run.forest.liquidation[path[1]]}"]`);
    await ready();
    expect(await shownId()).toBe(run.forest.liquidation[path[1]]);
    await page.focus('.cascade [aria-selected="true"]');
    const time = await page.getAttribute('.screen', 'data-time');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getAttribute('.screen', 'data-time')).toBe(time);
    await press('Enter');
    expect(await shownId()).toBe(run.forest.liquidation[path[2]]);
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-selected'));
    expect(focused).toBe('true');
  });

  it('is a tree to a screen reader, each part named', async () => {
    await openOn(deepest()[0]);
    const items = await page.$$eval('.cascade [role="tree"] [role="treeitem"]', (list) =>
      list.map((one) => [one.getAttribute('aria-label') ?? '', one.getAttribute('aria-level')]),
    );
    expect(items.length).toBeGreaterThan(3);
    expect(items[0]?.[0]).toContain('The root: ');
    for (const [label, level] of items) {
      expect((label ?? '').length).toBeGreaterThan(15);
      expect(Number(level)).toBeGreaterThan(0);
    }
    const stops = await page.$$eval('.cascade [tabindex="0"]', (list) => list.length);
    expect(stops).toBe(1);
  });

  it('says in words that nobody else was pushed', async () => {
    const { forest } = run;
    const alone = [...forest.parent.keys()].find(
      (i) => forest.rootEvent.filter((event) => event === forest.rootEvent[i]).length === 1,
    ) as number;
    await openOn(alone);
    expect(await textOf('.cascade-words')).toContain('this trader alone');
    expect(await page.$('.cascade svg')).toBe(null);
    await press('Escape');
    expect(await page.isHidden('.cascade')).toBe(true);
  });
});

it('opens a film that tells no causes, and says so', async () => {
  await page.goto(`${server.url}?testing=1#/replay/older?sel=liq:3`);
  await ready();
  expect(await textOf('.card.liquidation')).toContain('does not tell who pushed whom');
  expect(await page.isHidden('.cascade')).toBe(true);
  expect(await page.isHidden('.legend .generations')).toBe(true);
  await press('[');
  expect(await textOf('#announcer')).toContain('does not tell');
});

it('lists the new keys in the help', async () => {
  await openOn(0);
  await page.keyboard.press('?');
  const help = await textOf('dialog[open]');
  for (const words of ['pushed this one', 'this one pushed', 'Next cascade', 'Previous cascade']) {
    expect(help).toContain(words);
  }
});
