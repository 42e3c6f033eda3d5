/**
 * Hashes and headline figures of reference runs. A change here is a change of behaviour: rerun with
 * `npx vitest run test/golden -u` and say why in CHANGELOG.md.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySettings, buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { runInMemory } from '../../sim/engine/index.js';

const cases: [name: string, seed: number, seconds: number, settings: string[]][] = [
  ['zi-1k', 1, 600, []],
  ['calm', 0, 21_600, []],
  ['flash-crash', 0, 7200, []],
  ['flash-crash', 3, 7200, ['dials.leverage=2', 'dials.crowding=0.8']],
  ['black-thursday-2020', 0, 3600, []],
  ['black-thursday-2020', 7, 1800, ['dials.depth=0.2', 'dials.shock=2']],
];

describe('reference runs', () => {
  for (const [name, seed, seconds, settings] of cases) {
    it(`${[name, `seed ${seed}`, ...settings].join(', ')}`, async () => {
      const file = `scenarios/library/${name}.yaml`;
      const parsed = parseScenario(readFileSync(file, 'utf8'), file);
      const scenario = resolveScenario(applySettings(parsed, settings));
      const figures = runInMemory(buildWorld(scenario, { seed }), { untilMicros: seconds * 1e6 });
      await expect(`${JSON.stringify(figures, null, 2)}\n`).toMatchFileSnapshot(
        `./${[name, seed, ...settings.map((text) => text.replace(/[^a-z0-9.]+/g, '-'))].join('_')}.json`,
      );
    });
  }
});
