/** Writes what was found into a folder: all of it, or nothing. */
import * as fs from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { makeFolders, writing } from '../../runtime/index.js';
import { asideOf } from '../store/index.js';
import type { Analysis } from './analysis.js';
import { analysisFacts, analysisFormat } from './analysis-facts.js';
import { standalone } from './figures/index.js';
import { buildReport, FIGURES, reportHtml, reportLatex, reportMarkdown } from './report/index.js';

const FACTS = 'analysis.json';
/** What a report consists of. */
export const reportFiles = ['report.html', 'report.md', 'tables.tex', FACTS] as const;

/**
 * Writes the report of an analysis; one that stood there is replaced. Equal analyses give equal bytes.
 * @param out folder that is absent, empty, or holds an analysis
 * @throws UserError `analysis/exists` for a folder with other things in it, `disk/full`, `run/unwritable`
 */
export function writeReport(analysis: Analysis, out: string): string[] {
  const path = resolve(out);
  refuseForeign(path, out);
  const aside = asideOf(path);
  const old = `${asideOf(path)}.old`;
  try {
    writing(out, () => {
      makeFolders(join(aside, FIGURES));
      for (const [name, text] of filesOf(analysis)) fs.writeFileSync(join(aside, name), text);
      if (fs.existsSync(path)) fs.renameSync(path, old);
      try {
        fs.renameSync(aside, path);
      } catch (error) {
        if (fs.existsSync(old)) fs.renameSync(old, path);
        throw error;
      }
    });
  } finally {
    fs.rmSync(aside, { recursive: true, force: true });
    fs.rmSync(old, { recursive: true, force: true });
  }
  return reportFiles.map((name) => join(out, name));
}

/** Yields names and texts. */
function* filesOf(analysis: Analysis): Generator<[string, string]> {
  const report = buildReport(analysis);
  const { version, name, digest } = analysis.manifest.study;
  const footer = `stampede analyze, version ${version}: study ${name}, digest ${digest}, runs ended ${analysis.manifest.endedAt}`;
  for (const { blocks } of report.sections) {
    for (const block of blocks) {
      if (block.kind !== 'figures') continue;
      for (const figure of block.figures) yield [join(FIGURES, `${figure.name}.svg`), `${standalone(figure.svg)}\n`];
    }
  }
  yield ['report.html', reportHtml(report, footer)];
  yield ['report.md', reportMarkdown(report, footer)];
  yield ['tables.tex', reportLatex(report, footer)];
  yield [FACTS, `${JSON.stringify(analysisFacts(analysis), null, 1)}\n`];
}

function refuseForeign(path: string, out: string): void {
  const found = writing(out, () => fs.statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return;
  const fix = 'name another folder with --out';
  if (!found.isDirectory()) throw new UserError('analysis/exists', `${out}: is a file; ${fix}`);
  const names = fs.readdirSync(path);
  if (names.length === 0 || isAnalysis(join(path, FACTS))) return;
  throw new UserError('analysis/exists', `${out}: holds other files, such as ${basename(names[0])}; ${fix}`);
}

function isAnalysis(file: string): boolean {
  try {
    return (JSON.parse(fs.readFileSync(file, 'utf8')) as { format?: unknown }).format === analysisFormat;
  } catch {
    return false;
  }
}
