/** Threads that make runs, when whoever takes the outcomes cannot. */
import { expect, it } from 'vitest';
import { RunPool, loadStudy, planStudy } from '../../scenarios/experiment/index.js';
import type { RunOutcome } from '../../scenarios/experiment/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';
import { writeStudy } from '../support/tiny-study.js';

it('hands nothing on after an outcome could not be taken, whatever closing does to its threads', async () => {
  const folder = scratchFolder();
  try {
    writeStudy(folder, SMALL_SCENARIO, 'small.yaml');
    const plan = planStudy(await loadStudy(writeStudy(folder, 'name: pool\nbase: small.yaml\nreplicates: 40\n')));
    const pool = new RunPool({ subjects: [plan.subject], threads: 3 });
    const taken: RunOutcome[] = [];
    const requests = Array.from({ length: plan.size }, (_, index) => plan.requestOf(index));
    const running = pool.run(requests, (outcome) => {
      taken.push(outcome);
      throw new Error('no room');
    });
    await expect(running).rejects.toThrow('no room');
    await pool.close();
    await new Promise((next) => setTimeout(next, 300));
    expect(taken.map((one) => one.status)).toEqual(['ok']);
  } finally {
    remove(folder);
  }
});
