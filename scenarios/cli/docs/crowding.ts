/** Runs the scenario behind the figure of crowding and writes data, figure and page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { packageRoot } from '../../runtime/index.js';
import { type CrowdingData, dataText, pointsOf } from './crowding-data.js';
import { crowdingFigure } from './crowding-figure.js';
import { crowdingPage } from './crowding-page.js';
import {
  CROWDING_SCENARIO, type CrowdingCell, type CrowdingRun, runCrowding, SURVEY_MICROS,
} from './crowding-runs.js';

const SEEDS = 120;
const STEPS = 10;

const cells: CrowdingCell[] = [];
for (let step = 0; step <= STEPS; step++) {
  for (let seed = 0; seed < SEEDS; seed++) cells.push({ crowding: step / STEPS, seed });
}

/** Runs every cell on as many threads as there are cores; results in the order of the cells. */
async function runAll(): Promise<CrowdingRun[]> {
  const threads = availableParallelism();
  const runs: CrowdingRun[] = [];
  let done = 0;
  const thread = (first: number) =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { first, threads } });
      worker.on('message', ({ at, run }: { at: number; run: CrowdingRun }) => {
        runs[at] = run;
        process.stderr.write(`\r${++done} of ${cells.length} runs`);
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  await Promise.all(Array.from({ length: threads }, (_, first) => thread(first)));
  process.stderr.write('\n');
  return runs;
}

async function main(): Promise<void> {
  const file = (name: string): string => join(packageRoot, 'docs', name);
  if (!process.argv.includes('--redraw')) {
    const text = dataText(CROWDING_SCENARIO, SURVEY_MICROS, await runAll());
    writeFileSync(file('crowding.json'), text);
  }
  const data = JSON.parse(readFileSync(file('crowding.json'), 'utf8')) as CrowdingData;
  const points = pointsOf(data);
  writeFileSync(file('crowding.svg'), crowdingFigure(points));
  writeFileSync(file('crowding.md'), crowdingPage(points));
}

if (isMainThread) await main();
else {
  const { first, threads } = workerData as { first: number; threads: number };
  for (let at = first; at < cells.length; at += threads) {
    parentPort?.postMessage({ at, run: runCrowding(cells[at]) });
  }
}
