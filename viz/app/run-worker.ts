/** Runs a scenario inside the page, on the same simulator as everywhere, and films it. */
import { registry } from '../../agents/index.js';
import { World, WindowLoop, summarise } from '../../sim/engine/index.js';
import { guardStrategy } from '../../sim/guard/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog, EventReader, ReplayBuilder } from '../../sim/trace/index.js';
import type { RunMetadata } from '../../sim/trace/index.js';
import {
  applySettings,
  buildWorld,
  describeRun,
  parseScenario,
  resolveScenario,
} from '../../scenarios/model/index.js';
import { Heartbeat } from './heartbeat.js';
import type { RunMessage, RunRequest } from './run-messages.js';
import { fetchBars, importStrategies } from './stored-inputs.js';

export type { RunMessage, RunRequest } from './run-messages.js';

const VERSION = 'in-page';

/** The part of a worker's global that is used. */
interface WorkerScope {
  addEventListener(kind: 'message', listener: (event: MessageEvent<RunRequest>) => void): void;
  postMessage(message: RunMessage, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('message', (event) => {
  runScenario(event.data).catch((error: unknown) => {
    const { code, message } = error as { code?: unknown; message?: unknown };
    scope.postMessage({
      kind: 'failed',
      code: typeof code === 'string' ? code : 'page/internal',
      message: String(message ?? error),
    });
  });
});

async function runScenario(request: RunRequest): Promise<void> {
  const started = performance.now();
  const heartbeat = new Heartbeat((message) => scope.postMessage(message));
  const own = await importStrategies(request.strategies ?? [], heartbeat);
  const known = [...registry, ...own];
  const parsed = parseScenario(request.scenarioText, request.fileName, known);
  const scenario = resolveScenario(applySettings(parsed, request.settings, known), known);
  const cohorts = scenario.population.map((cohort) => cohort.name);
  const guarded = own.map((strategy) => guardStrategy(strategy, { watch: heartbeat, cohorts }));
  const bars = request.indexUrl ? await fetchBars(request.indexUrl) : undefined;
  const strategies = [...registry, ...guarded];
  const spec = buildWorld(scenario, { seed: request.seed, bars, strategies });
  let builder: ReplayBuilder | null = null;
  const reader = new EventReader(new Uint8Array(0));
  const log = new EventLog((bytes) => {
    if (!builder) return;
    reader.reset(bytes);
    builder.add(reader);
  });
  const world = new World(new LocalMemory(), spec, 1, log);
  if (request.film) {
    const metadata: RunMetadata = describeRun(world, {
      scenario: scenario.name,
      seed: request.seed,
      version: VERSION,
      startEpochMillis: bars?.startMillis ?? Date.parse(scenario.time.startsAt),
    });
    builder = new ReplayBuilder(metadata);
  }
  world.open();
  const loop = new WindowLoop(world, {
    parallel: false,
    ...(request.untilMicros > 0 ? { untilMicros: request.untilMicros } : {}),
    onProgress: (micros: number) => {
      scope.postMessage({ kind: 'progress', micros, durationMicros: spec.durationMicros });
    },
  });
  heartbeat.watch(world.market, spec.windowMicros, spec.durationMicros);
  const result = loop.run();
  heartbeat.over();
  world.close(result.micros);
  const figures = summarise(world, result);
  const replay = (builder?.finish(figures.hash, !result.partial) ??
    []) as Uint8Array<ArrayBuffer>[];
  const wallSeconds = (performance.now() - started) / 1000;
  const buffers = [...new Set(replay.map((part) => part.buffer))];
  scope.postMessage({ kind: 'done', figures, wallSeconds, replay }, buffers);
}
