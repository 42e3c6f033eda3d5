/** Splitting over worlds, through the door and the command. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { startSplitting } from '../../scenarios/runtime/index.js';
import type { Splitting, SplittingOptions } from '../../scenarios/runtime/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';
import { NOISY_SCENARIO } from '../support/noisy-scenario.js';

const scenario = resolveScenario(parseScenario(NOISY_SCENARIO, 'noisy.yaml'));
let scratch: string;

beforeAll(() => {
  scratch = scratchFolder();
  writeFileSync(join(scratch, 'noisy.yaml'), NOISY_SCENARIO);
});
afterAll(() => {
  remove(scratch);
});

function ask(
  threshold: number,
  options: Partial<SplittingOptions> = {},
): Promise<Splitting> {
  const level = { metric: 'liquidations.count', threshold } as const;
  return startSplitting({ scenario, seed: 1, userStrategies: [], threads: 2, level, ...options }).result;
}

describe('splitting over worlds', () => {
  it('agrees with counting in independent runs', async () => {
    const { estimate, crude, levels, particles } = await ask(21, { particles: 32 });
  }, 120_000);
});
