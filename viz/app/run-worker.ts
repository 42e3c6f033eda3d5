/** Runs a scenario inside the page, on the same simulator as everywhere, and films it. */
import { World, WindowLoop, summarise } from '../../sim/engine/index.js';
import type { RunFigures } from '../../sim/engine/index.js';
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

/** What the page asks for. */
export interface RunRequest {
  scenarioText: string;
  fileName: string;
  seed: number;
  /** Settings as on the command line: `dials.leverage=0.5`. */
  settings: string[];
  /** Ends early, at the window that holds this time; 0 runs to the end. */
  untilMicros: number;
  /** Whether to make a replay of it. */
  film: boolean;
}

/** What the worker tells. */
export type RunMessage =
  | { kind: 'progress'; micros: number; durationMicros: number }
  | { kind: 'done'; figures: RunFigures; wallSeconds: number; replay: Uint8Array<ArrayBuffer>[] }
  | { kind: 'failed'; code: string; message: string };

const VERSION = 'in-page';

/** The part of a worker's global that is used. */
interface WorkerScope {
  addEventListener(kind: 'message', listener: (event: MessageEvent<RunRequest>) => void): void;
  postMessage(message: RunMessage, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('message', (event) => {
  try {
    runScenario(event.data);
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    scope.postMessage({
      kind: 'failed',
      code: typeof code === 'string' ? code : 'page/internal',
      message: String(message ?? error),
    });
  }
});

function runScenario(request: RunRequest): void {
  const started = performance.now();
  const parsed = parseScenario(request.scenarioText, request.fileName);
  const scenario = resolveScenario(applySettings(parsed, request.settings));
  const spec = buildWorld(scenario, { seed: request.seed });
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
      startEpochMillis: Date.parse(scenario.time.startsAt),
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
  const result = loop.run();
  world.close(result.micros);
  const figures = summarise(world, result);
  const replay = (builder?.finish(figures.hash, !result.partial) ??
    []) as Uint8Array<ArrayBuffer>[];
  const wallSeconds = (performance.now() - started) / 1000;
  const buffers = [...new Set(replay.map((part) => part.buffer))];
  scope.postMessage({ kind: 'done', figures, wallSeconds, replay }, buffers);
}
