/**
 * Makes runs of the sweep benchmark's scenario one after the other, in a process of its own: as many of these
 * as there are cores tell what the machine can do without threads.
 *
 * node sweep-run.js <runs>
 */
import { prepareRun } from '../../scenarios/experiment/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';

const runs = Number(process.argv[2]);
const { scenario } = loadScenario('flash-crash');
const run = prepareRun({ kind: 'scenario', scenario }, { 'time.duration': '10m', 'dials.leverage': 1 });
for (let seed = 0; seed < runs; seed++) run(seed);
const begun = performance.now();
for (let seed = 0; seed < runs; seed++) run(seed);
process.stdout.write(JSON.stringify({ secondsPerRun: (performance.now() - begun) / runs / 1000 }));
