/** `stampede analyze` through the real binary, and its page in a browser. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { contents, remove, scratchFolder, stampede } from '../support/cli-process.js';
import { makeStudy } from '../support/made-study.js';

const ISHIGAMI = [
  'name: ishigami',
  'base: { function: ishigami }',
  'factors:',
  ...['x1', 'x2', 'x3'].map((name) => `  - { name: ${name}, path: ${name}, range: [-3.141592653589793, 3.141592653589793] }`),
  'design: { kind: saltelli, rows: 1024 }',
  'replicates: 1',
  'primary: [{ metric: y }]',
  '',
];

let folder: string;

beforeAll(() => {
  folder = scratchFolder();
  makeStudy(
    join(folder, 'phase'),
    {
      name: 'phase', base: 'calm', replicates: 8,
      factors: [
        { name: 'leverage', path: 'dials.leverage', range: [1, 4], transform: 'log' },
        { name: 'crowding', path: 'dials.crowding', values: [0, 0.5, 1] },
      ],
      design: { kind: 'grid', levels: 5 },
      variants: [{ name: 'base' }, { name: 'other' }],
      primary: [{ metric: 'badDebtQuote', statistic: 'share', above: 2.5 }],
    },
    ({ settings, seed, variant }) => {
      // Of 8 seeds, 0 to 8 lie above: every step of the heat map comes up.
      const hits = 4 * Math.log2(Number(settings['dials.leverage'])) + 2 * Number(settings['dials.crowding']) + variant;
      return { badDebtQuote: seed < Math.round(hits) ? 3 : 1 };
    },
  );
});
afterAll(() => remove(folder));

async function refused(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await stampede(words, folder);
  expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 });
  return stderr.trimEnd();
}

describe('analyze', () => {
  it('finds the indices of Ishigami through the real sweep', async () => {
    writeFileSync(join(folder, 'ishigami.yaml'), ISHIGAMI.join('\n'));
    const swept = await stampede(['sweep', 'ishigami.yaml', '--quiet'], folder);
    expect({ code: swept.code, stderr: swept.stderr }).toEqual({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await stampede(['analyze', join('studies', 'ishigami'), '--json'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { results, runs, files } = JSON.parse(stdout);
    expect(runs).toEqual({ planned: 5120, present: 5120, ok: 5120, failed: 0 });
    expect(files[0]).toBe(join('studies', 'ishigami', 'analysis', 'report.html'));
    const { first, total, rows } = results[0].sensitivity.sobol;
    expect(rows).toBe(1024);
    // The estimators' standard deviation is .009 at most with 1024 rows.
    for (const [k, known] of [0.313905, 0.442411, 0].entries()) {
      expect(Math.abs(first[k].value - known)).toBeLessThan(0.027);
    }
    for (const [k, known] of [0.557589, 0.442411, 0.243684].entries()) {
      expect(Math.abs(total[k].value - known)).toBeLessThan(0.027);
    }
  });

  it('prints at most 40 lines and writes the report', async () => {
    const { code, stdout, stderr } = await stampede(['analyze', 'phase', '--out', 'paper'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').length).toBeLessThanOrEqual(41);
    expect(stdout).toMatch(/^boundary +P\(badDebtQuote > 2\.5\) rises through 0\.5 at leverage 1\.7\d/m);
    expect(stdout).toContain(join('paper', 'report.html'));
    expect(contents(join(folder, 'paper'))).toEqual(['analysis.json', 'figures', 'report.html', 'report.md', 'tables.tex']);
  });

  it('refuses in one line and leaves nothing', async () => {
    expect(await refused('analyze', 'phase', '--metric', 'badDebtQuot')).toMatch(/did you mean "badDebtQuote"\?\) \[metric\/unknown\]$/);
    expect(await refused('analyze', 'nowhere')).toContain('folder "nowhere" does not exist');
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'notes.txt'), 'mine');
    expect(await refused('analyze', 'phase', '--out', 'mine')).toMatch(/holds other files, such as notes.txt.*\[analysis\/exists\]$/);
    expect(contents(join(folder, 'mine'))).toEqual(['notes.txt']);
    const manifest = join(folder, 'phase', 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"ok": 240', '"ok": 239'));
    expect(await refused('analyze', 'phase', '--out', 'again')).toContain('was changed since it was written');
    writeFileSync(manifest, text);
    expect(contents(folder)).not.toContain('again');
    expect(contents(join(folder, 'phase'))).not.toContain('analysis');
  });
});

describe('the page', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
    await stampede(['analyze', 'phase', '--out', 'page'], folder);
  });
  afterAll(() => browser.close());

  it.each(['light', 'dark'] as const)('is whole by itself, readable and no wider than the window in %s', async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 420, height: 800 } });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => said.push(request.url()));
    const url = pathToFileURL(join(folder, 'page', 'report.html')).href;
    await page.goto(url);
    expect(said).toEqual([url]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(420);
    // Ratio of luminances of text and what it stands on, WCAG 2.
    const contrast = await page.evaluate(`(() => {
      const channel = (v) => { const c = v / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
      const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
      const paper = light(getComputedStyle(document.querySelector('section')).backgroundColor);
      const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const texts = [...document.querySelectorAll('section p, section li, section th, section td, figcaption, dt')];
      const cells = [...document.querySelectorAll('.figure rect + text.mid')].map((text) => [text.previousElementSibling, text]);
      return {
        text: Math.min(...texts.map((one) => ratio(light(getComputedStyle(one).color), paper))),
        figures: Math.min(...[...document.querySelectorAll('.figure text.muted, .figure text.title')].map((one) => ratio(light(getComputedStyle(one).fill), paper))),
        steps: new Set(cells.map(([rect]) => rect.getAttribute('class'))).size,
        cells: Math.min(...cells.filter(([rect]) => /^h\\d$/.test(rect.getAttribute('class'))).map(([rect, text]) => ratio(light(getComputedStyle(text).fill), light(getComputedStyle(rect).fill)))),
      };
    })()`);
    const { text, figures, cells, steps } = contrast as Record<string, number>;
    expect(Math.min(text, figures)).toBeGreaterThan(4.5);
    expect(cells).toBeGreaterThan(4.5);
    expect(steps).toBe(9);
    await context.close();
  });
});
