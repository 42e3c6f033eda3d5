/** Reports as files: whole, safe, the same each time. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeStudy, writeReport } from '../../scenarios/experiment/analyze/index.js';
import type { Analysis } from '../../scenarios/experiment/analyze/index.js';
import { shortText } from '../../scenarios/experiment/analyze/number-words.js';
import { latexText } from '../../scenarios/experiment/analyze/report/index.js';
import { remove } from '../support/cli-process.js';
import { makeStudy } from '../support/made-study.js';

const NASTY = '<script>alert("1")</script> & 50 % of $x_1$ | `y`';

let folder: string;
let study: string;
let analysis: Analysis;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stampede-report-'));
  study = join(folder, 'study');
  makeStudy(
    study,
    {
      name: 'nasty', title: NASTY, question: NASTY, base: 'calm', replicates: 6,
      factors: [
        { name: 'leverage', path: 'dials.leverage', range: [1, 4], transform: 'log', unit: 'x' },
        { name: 'crowding', path: 'dials.crowding', values: [0, 0.5, 1] },
      ],
      design: { kind: 'grid', levels: 3 },
      variants: [{ name: 'base' }, { name: 'other', doc: NASTY }],
      primary: [{ metric: 'reproductionNumber.early' }, { metric: 'badDebtQuote', statistic: 'p95' }],
    },
    ({ settings, seed, variant, point }) => {
      const r = Number(settings['dials.leverage']) / 2 + variant / 10 + seed / 50;
      if (point === 3 && seed === 1) return NASTY;
      return {
        'reproductionNumber.early': r, 'contagion.earlyNodes': 10, 'contagion.earlyOffspring': 10 * r,
        'contagion.largestTree': 10 * r, 'traders': 100, 'cascade.largestShare': r / 4, 'badDebtQuote': seed * point,
      };
    },
  );
  analysis = await analyzeStudy(study);
});
afterAll(() => remove(folder));

/** Every file of a folder, with its text. */
function filesOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(names.map((one) => [relative(path, join(one.parentPath, one.name)), readFileSync(join(one.parentPath, one.name), 'utf8')]));
}

describe('reports', () => {
  it('are the same each time, and replace each other', async () => {
    const out = join(folder, 'report');
    writeReport(analysis, out);
    const first = filesOf(out);
    expect(Object.keys(first).filter((name) => !name.includes('figures')).sort()).toEqual(['analysis.json', 'report.html', 'report.md', 'tables.tex']);
    writeFileSync(join(out, 'figures', 'stale.svg'), '');
    writeReport(await analyzeStudy(study), out);
    expect(filesOf(out)).toEqual(first);
    expect(readdirSync(folder).filter((name) => name.startsWith('.stampede'))).toEqual([]);
  });

  it('never take the place of anything else', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.docx'), 'mine');
    expect(() => writeReport(analysis, other)).toThrow(expect.objectContaining({ code: 'analysis/exists' }));
    expect(() => writeReport(analysis, join(other, 'thesis.docx'))).toThrow(expect.objectContaining({ code: 'analysis/exists' }));
    expect(filesOf(other)).toEqual({ 'thesis.docx': 'mine' });
    // Below a file no folder can be made.
    expect(() => writeReport(analysis, join(other, 'thesis.docx', 'in'))).toThrow(expect.objectContaining({ code: 'run/unwritable' }));
    expect(filesOf(other)).toEqual({ 'thesis.docx': 'mine' });
    mkdirSync(join(folder, 'empty'));
    writeReport(analysis, join(folder, 'empty'));
    expect(existsSync(join(folder, 'empty', 'report.html'))).toBe(true);
  });

  it('hold what was found, whatever the words of the study', () => {
    const out = join(folder, 'words');
    writeReport(analysis, out);
    const files = filesOf(out);
    const html = files['report.html'];
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|<iframe/);
    expect(html.match(/https?:\/\/[^\s"<]+/g)?.filter((one) => one !== 'http://www.w3.org/2000/svg') ?? []).toEqual([]);
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; 50 % of $x_1$');
    for (const id of ['summary', 'outcomes', 'effects', 'sensitivity', 'variants', 'phases', 'convergence', 'methods', 'model', 'limits', 'reproduction']) {
      expect(html).toContain(`<section id="${id}"`);
      expect(html).toContain(`href="#${id}"`);
    }
    for (const [name, svg] of Object.entries(files).filter(([one]) => one.endsWith('.svg'))) {
      expect(svg, name).not.toMatch(/NaN|undefined|Infinity/);
      expect(svg.match(/<style>/g)?.length, name).toBe(1);
      expect(files['report.md']).toContain(`](${name})`);
    }
    expect(html).not.toMatch(/\bNaN\b|>undefined\b|undefined</);
    expect(files['report.md']).toContain('\\<script\\>');
    const rows = files['report.md'].split('\n').filter((line) => line.startsWith('|'));
    for (const line of rows) expect(line.replaceAll('\\|', '').endsWith('|')).toBe(true);
    const facts = JSON.parse(files['analysis.json']);
    expect(facts).toMatchObject({ format: 'stampede-analysis', study: { name: 'nasty' }, runs: { failed: 2, present: 108 } });
    expect(facts.results[0].overall.value).toBeCloseTo(analysis.results[0].overall.value, 12);
  });

  it('have tables in LaTeX whose groups close and whose rows are as wide as the table', () => {
    const out = join(folder, 'latex');
    writeReport(analysis, out);
    const tex = readFileSync(join(out, 'tables.tex'), 'utf8');
    const tables = tex.split('\\begin{table}').slice(1);
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) {
      const columns = /\\begin\{tabular\}\{([lr]+)\}/.exec(table)?.[1].length;
      const rows = table.split('\n').filter((line) => line.endsWith(' \\\\'));
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) expect(row.replaceAll('\\&', '').split('&').length, row).toBe(columns);
      const bare = table.replace(/\\[\\{}#$%&_]/g, '');
      expect(bare.match(/\{/g)?.length).toBe(bare.match(/\}/g)?.length);
      expect((bare.match(/\$/g)?.length ?? 0) % 2).toBe(0);
      expect(bare).not.toMatch(/[#%_~^]/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what LaTeX reads without a package
      expect(bare.replace(/[À-ÿ]/g, '')).toMatch(/^[\x00-\x7f]*$/);
    }
    expect(latexText('50 % of $x_1$ & {~^\\} µ−σ < 3 “é”')).toBe(
      '50 \\% of \\$x\\_1\\$ \\& \\{\\textasciitilde{}\\textasciicircum{}\\textbackslash{}\\} $\\mu$$-$$\\sigma$ $<$ 3 ?é?',
    );
  });
});

it('numbers in narrow places are short', () => {
  const texts = [143_000_000, 229_649_000, -12_345, 9999, 0.5, NaN, 2.5e9].map(shortText);
  expect(texts).toEqual(['143M', '230M', '−12.3k', '9,999', '0.5', '–', '2.5B']);
});
