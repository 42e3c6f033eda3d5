/** Folders of studies whose runs are made up, or functions evaluated here: no thread, no process. */
import { registry } from '../../agents/index.js';
import { functionNamed, metricPlace } from '../../scenarios/experiment/run/index.js';
import type { RunDone, Settings, Subject } from '../../scenarios/experiment/run/index.js';
import { openStudyFolder, writeManifest, writeTables } from '../../scenarios/experiment/store/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';
import { expandDesign, StudyPlan, studySchema } from '../../scenarios/experiment/study/index.js';
import type { RunPlace } from '../../scenarios/experiment/study/index.js';

/** A run: its figures by name, a reason why it failed, or null for one that was not made. */
export type MadeRun = Record<string, number | null> | string | null;

/** Rows of further tables that every run of a study leaves. */
export type MadeTables = NonNullable<RunDone['tables']>;

/** What a made-up run is asked. */
export interface MadePlace extends RunPlace {
  seed: number;
  settings: Settings;
}

/** Makes the folder of a study, and returns its plan. */
export function makeStudy(
  folder: string,
  written: unknown,
  runOf: (place: MadePlace) => MadeRun,
  tables?: MadeTables,
): StudyPlan {
  const study = studySchema.parse(written);
  const plan = new StudyPlan(study, subjectOf(study.base), expandDesign(study));
  const { path, store } = openStudyFolder(plan, folder, false);
  for (let index = 0; index < plan.size; index++) {
    const place = plan.placeOf(index);
    const made = runOf({ ...place, seed: plan.seedOf(place.replicate), settings: plan.settingsOf(place) });
    if (made === null) continue;
    if (typeof made === 'string') {
      store.add(index, { status: 'failed', code: 'made/up', reason: made, wallSeconds: 0.1 });
      continue;
    }
    const values: (number | null)[] = plan.metrics.map(() => null);
    for (const [name, value] of Object.entries(made)) values[metricPlace(name, '', plan.metrics)] = value;
    const kept = tables === undefined ? {} : { tables };
    store.add(index, { status: 'ok', stateHash: '0123456789abcdef', values, wallSeconds: 0.5, ...kept });
  }
  writeTables(path, store);
  writeManifest(path, store, { begunAt: '2020-03-12T10:00:00.000Z', place: study.name, planned: plan.sizeMin });
  store.close();
  return plan;
}

/** Makes the folder of a study of a function. */
export function makeFunctionStudy(folder: string, written: { base: { function: string } }): StudyPlan {
  const { inputs, evaluate } = functionNamed(written.base.function);
  return makeStudy(folder, written, ({ settings, seed }) => ({
    y: evaluate(inputs.map(({ name, fallback }) => Number(settings[name] ?? fallback)), seed),
  }));
}

function subjectOf(base: unknown): Subject {
  if (typeof base === 'object' && base !== null && 'function' in base) {
    return { kind: 'function', name: String(base.function) };
  }
  // Never run: the report tells what it is.
  return { kind: 'scenario', scenario: loadScenario(String(base), registry).scenario };
}

/** A toy with a known answer on a grid of two factors and two variants: 24 runs. */
export const TOY_GRID = {
  name: 'grid',
  base: { function: 'morris-toy' },
  factors: [
    { name: 'x1', path: 'x1', values: [0, 0.1, 1] },
    { name: 'x2', path: 'x2', range: [0, 1] },
  ],
  design: { kind: 'grid', levels: 2 },
  variants: [{ name: 'base' }, { name: 'more', set: { x3: 100 } }],
  replicates: 2,
  seed: 9007199254740990,
  primary: [{ metric: 'y' }],
};
