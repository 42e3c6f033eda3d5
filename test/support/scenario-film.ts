/** A scenario of the library, run in this process: its film and the forest of its log. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildWorld,
  describeRun,
  parseScenario,
  resolveScenario,
} from '../../scenarios/model/index.js';
import { type Forest, ForestReader } from '../../sim/contagion/index.js';
import { World, WindowLoop, summarise } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog, EventReader, ReplayBuilder } from '../../sim/trace/index.js';
import { joinBytes } from './trace-run.js';

/** A run as a page would play it, and what its log says. */
export interface ScenarioFilm {
  bytes: Uint8Array;
  hash: string;
  /** At scope L1. */
  forest: Forest;
}

/** Runs scenario `name` with seed 0. */
export function scenarioFilm(name: string): ScenarioFilm {
  const file = new URL(`../../scenarios/library/${name}.yaml`, import.meta.url);
  const scenario = resolveScenario(parseScenario(readFileSync(file, 'utf8'), `${name}.yaml`));
  const spec = buildWorld(scenario, { seed: 0 });
  const chunks: Uint8Array[] = [];
  const log = new EventLog((bytes) => chunks.push(bytes.slice()));
  const world = new World(new LocalMemory(), spec, 1, log);
  const metadata = describeRun(world, {
    scenario: scenario.name,
    seed: 0,
    version: 'test',
    startEpochMillis: Date.parse(scenario.time.startsAt),
  });
  world.open();
  const result = new WindowLoop(world, { parallel: false }).run();
  world.close(result.micros);
  const { hash } = summarise(world, result);
  const builder = new ReplayBuilder(metadata);
  const reader = new ForestReader(metadata);
  for (const chunk of chunks) {
    builder.add(new EventReader(chunk));
    reader.add(new EventReader(chunk));
  }
  return { bytes: joinBytes(builder.finish(hash, true)), hash, forest: reader.forest(1) };
}

/** Writes a film as a run directory `parent/id`. */
export function writeFilm(parent: string, id: string, film: ScenarioFilm): void {
  const directory = join(parent, id);
  mkdirSync(directory, { recursive: true });
  const manifest = { id, hash: film.hash, scenario: { name: id } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  const liquidations = { count: film.forest.count, notionalQuote: 0, largestCascade: 1 };
  const summary = { scenario: id, seed: 0, hash: film.hash, simulatedSeconds: 1, liquidations };
  writeFileSync(join(directory, 'summary.json'), JSON.stringify(summary));
  writeFileSync(join(directory, 'replay.bin'), film.bytes);
}
