/**
 * The resident tasks of a run, loaded by Piscina: the market, the deciders, and the export.
 *
 * The market builds the world first and posts its shared memory to the deciders, which build theirs
 * over it; when all are ready it opens the accounts and runs the loop. The supervisor takes no part.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { SharedMemory } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { DecidingSide, runDecider, summarise, WindowLoop, World } from '../../sim/engine/index.js';
import { registry } from '../../agents/index.js';
import type { WorldSpec } from '../../sim/engine/index.js';
import { buildWorld } from '../model/index.js';
import { conservationErrorQuanta, exportTrace, LogFile, logFileName } from './trace/index.js';
import { settle } from './carried-error.js';
import type { Outcome } from './carried-error.js';
import { runMetadata } from './run-metadata.js';
import { importStrategies } from './strategies/index.js';
import type {
  ExportJob,
  ExportOutcome,
  MarketJob,
  MarketOutcome,
  PlantedFailure,
  DeciderJob,
  ThreadJob,
} from './run-job.js';

type Buffers = Record<string, SharedArrayBuffer>;

/** Runs the market's side of a run from its opening to its last window, writing the event log. */
export function market(job: MarketJob): Promise<Outcome<MarketOutcome>> {
  return settle(async () => {
    try {
      return await runMarket(job);
    } finally {
      for (const port of job.ports) port.close();
    }
  });
}

/** Decides shards beside the market until the run ends. */
export function decider(job: DeciderJob): Promise<Outcome<null>> {
  return settle(async () => {
    try {
      const spec = await buildSpec(job, job.decider + 1);
      const buffers = await receive<Buffers>(job.port);
      const side = new DecidingSide(new SharedMemory(buffers), spec, job.shards);
      if (job.failAt?.decider === job.decider) plantInDecider(side, job.failAt);
      job.port.postMessage('ready');
      runDecider(side);
      return null;
    } finally {
      job.port.close();
    }
  });
}

/** Recounts the money from the event log and makes the Parquet and replay files. */
export function exportRun(job: ExportJob): Promise<Outcome<ExportOutcome>> {
  return settle(() => {
    if (job.logOnly) {
      const error = conservationErrorQuanta(join(job.directory, logFileName));
      return { exportSeconds: 0, conservationErrorQuanta: error, rowCounts: {} };
    }
    const { hash, complete } = job;
    const exported = exportTrace(job.directory, { hash, complete });
    return {
      exportSeconds: exported.seconds,
      conservationErrorQuanta: exported.conservation.errorQuanta,
      rowCounts: exported.rowCounts,
    };
  });
}

async function runMarket(job: MarketJob): Promise<MarketOutcome> {
  const { inputs, shards, ports } = job;
  const spec = await buildSpec(job, 0);
  const memory = new SharedMemory(job.buffers);
  let file: LogFile | undefined;
  const log = new EventLog((bytes, rows) => file?.append(bytes, rows));
  const world = new World(memory, spec, shards, log, { causality: job.causality });
  if (job.failAt?.decider === -1) plantInMarket(world, job.failAt);
  const ready = ports.map((port) => receive(port));
  for (const port of ports) port.postMessage(memory.buffers);
  await Promise.all(ready);
  const metadata = runMetadata(inputs, world);
  file = new LogFile(job.logPath, metadata);
  try {
    return { ...runLoop(job, world, log), metadata, logHash: finish(file, log) };
  } finally {
    file.abandon();
  }
}

/** Builds the world of a job, with the user's strategies under guard. */
async function buildSpec({ inputs, watch }: ThreadJob, thread: number): Promise<WorldSpec> {
  const { scenario, seed, bars, userStrategies = [] } = inputs;
  const cohorts = scenario.population.map((cohort) => cohort.name);
  const own = await importStrategies(userStrategies, { buffer: watch, thread }, cohorts);
  return buildWorld(scenario, { seed, bars, strategies: [...registry, ...own] });
}

/** Opens the accounts, runs the loop, and ends the deciders. */
function runLoop(job: MarketJob, world: World, log: EventLog): Omit<MarketOutcome, 'metadata' | 'logHash'> {
  world.open();
  const loop = new WindowLoop(world, {
    parallel: job.ports.length > 0,
    check: job.check,
    untilMicros: job.untilMicros,
    inlineDueMax: job.inlineDueMax,
  });
  const wallBefore = performance.now();
  const cpuBefore = process.cpuUsage();
  const result = loop.run();
  world.close(result.micros);
  log.flush();
  const cpu = process.cpuUsage(cpuBefore);
  const wallSeconds = (performance.now() - wallBefore) / 1000;
  world.barrier.exit();
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  return { figures: summarise(world, result), wallSeconds, cpuSeconds };
}

function finish(file: LogFile, log: EventLog): string {
  const hash = log.hash.hex();
  file.finish(hash);
  return hash;
}

/** Waits for the next message; the other side's death closes the port. */
async function receive<T>(port: MessagePort): Promise<T> {
  const gone = once(port, 'close').then(() => {
    throw new Error('the run was aborted by another thread');
  });
  const message = once(port, 'message') as Promise<[T]>;
  return Promise.race([message.then(([value]) => value), gone]);
}

function plantInMarket(world: World, failure: PlantedFailure): void {
  const match = world.market.match.bind(world.market);
  world.market.match = (window) => {
    failFrom(window, failure);
    return match(window);
  };
}

function plantInDecider(side: DecidingSide, failure: PlantedFailure): void {
  for (const shard of side.shards) {
    const decide = shard.decide.bind(shard);
    shard.decide = (window, published) => {
      failFrom(window, failure);
      decide(window, published);
    };
  }
}

function failFrom(window: number, failure: PlantedFailure): void {
  if (window < failure.window) return;
  if (failure.how === 'exit') process.exit(1);
  throw new Error(`planted failure at window ${window}`);
}
