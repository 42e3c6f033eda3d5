/** Writes figures and page of the studies from the stored rows. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadStudy } from '../../../experiment/index.js';
import { packageRoot } from '../../../runtime/index.js';
import { drawFigure } from './chart.js';
import { type PagePart, studiesPage } from './page.js';
import { sections } from './sections.js';
import { namedRows } from './study-rows.js';
import type { StudyRows } from './study-rows.js';

/** Returns the text of every file under `docs` that follows from the stored rows. */
export async function studyPages(): Promise<Record<string, string>> {
  const parts: PagePart[] = [];
  const files: Record<string, string> = {};
  for (const section of sections) {
    const { study } = await loadStudy(section.study);
    const data = storedRows(section.study);
    parts.push({ study, section, data });
    files[join('studies', `${section.study}.svg`)] = drawFigure(section.figure(namedRows(data)));
  }
  return { 'studies.md': studiesPage(parts), ...files };
}

/** Reads the stored rows of a study. */
export function storedRows(study: string): StudyRows {
  const file = join(packageRoot, 'docs', 'studies', `${study}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as StudyRows;
}

/** Writes them all. */
export async function writeStudyPages(): Promise<void> {
  for (const [name, text] of Object.entries(await studyPages())) {
    writeFileSync(join(packageRoot, 'docs', name), text);
  }
}
