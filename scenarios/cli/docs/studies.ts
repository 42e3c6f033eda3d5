/** Makes the runs of the shipped studies and writes their data, figures and page. */
import { availableParallelism } from 'node:os';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadStudy, openStudyFolder, planStudy, RunPool, startSweep } from '../../experiment/index.js';
import { packageRoot } from '../../runtime/index.js';
import { rowsOfTable, rowsText, sections, writeStudyPages } from './studies/index.js';
import type { StudySection } from './studies/index.js';

/** Makes what is missing of a study in `studies/NAME`, as `stampede sweep NAME --resume` does. */
async function make({ study, columns }: StudySection): Promise<void> {
  const plan = planStudy(await loadStudy(study));
  const out = join('studies', study);
  const folder = openStudyFolder(plan, out, true);
  const executor = new RunPool({ subjects: [plan.subject], threads: availableParallelism() });
  const handle = startSweep({ plan, folder, executor, place: study });
  const watch = handle.progress.subscribe(({ done, planned }) => {
    process.stderr.write(`\r${study}: ${done} of ${planned} runs`);
  });
  await handle.result;
  watch.unsubscribe();
  process.stderr.write('\n');
  const file = join(packageRoot, 'docs', 'studies', `${study}.json`);
  writeFileSync(file, rowsText(await rowsOfTable(out, study, columns)));
}

async function main(): Promise<void> {
  const named = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  mkdirSync(join(packageRoot, 'docs', 'studies'), { recursive: true });
  for (const section of sections) {
    if (named.length === 0 || named.includes(section.study)) await make(section);
  }
  await writeStudyPages();
}

await main();
