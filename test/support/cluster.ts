/** Coordinators and workers of a cluster on this machine, and what their studies come to undisturbed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadStudy, openStudyFolder, planStudy, readManifest, RunPool, startSweep } from '../../dist/scenarios/experiment/index.js';
import { start, type Running } from './cli-process.js';
import { startPostgres } from './postgres.js';
import { freePort, type TestServer } from './queue-server.js';
import { hasRedis, startRedis } from './redis.js';
import { SMALL_SCENARIO } from './small-scenario.js';
import { writeStudy } from './tiny-study.js';

/** The lock of a test's worker: a worker that is gone is missed after about twice that, milliseconds. */
export const LOCK_MILLIS = 500;
const WORKER = fileURLToPath(new URL('./cluster-worker.mjs', import.meta.url));

/** A thousand runs that take no time. */
export const FLAT_STUDY = `name: flat
base: { function: ishigami }
factors:
  - { name: x1, path: x1, range: [-3, 3] }
  - { name: x2, path: x2, range: [-3, 3] }
  - { name: x3, path: x3, range: [-3, 3] }
design: { kind: random, points: 250 }
replicates: 4
primary: [{ metric: y }]
`;

/** Forty runs of a market, about twenty milliseconds each. */
export const MARKET_STUDY = `name: market
base: { scenario: small.yaml, set: { time.duration: 5s } }
factors: [{ name: leverage, path: dials.leverage, range: [0.5, 2] }]
design: { kind: random, points: 5 }
replicates: 4
variants: [{ name: base }, { name: poor, set: { venue.insuranceFund: 10 } }]
primary: [{ metric: liquidations.count }]
tables: [episodes]
`;

/** A server's maker. */
export type StartServer = (folder: string, port: number) => Promise<TestServer>;
/** The servers that this machine can start: PostgreSQL always, Redis where it is installed. */
export const servers: readonly (readonly [name: string, start: StartServer])[] = [
  ['PostgreSQL', startPostgres],
  ...(hasRedis ? [['Redis', startRedis] as const] : []),
];

/** Starts a server on a free port; its folder can be read by the user it runs as. */
export async function serverIn(folder: string, startServer: StartServer): Promise<TestServer> {
  chmodSync(folder, 0o755);
  return startServer(join(folder, 'server'), await freePort());
}

/** Writes the studies of this file into a folder. */
export function writeStudies(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeStudy(folder, SMALL_SCENARIO, 'small.yaml');
  writeStudy(folder, FLAT_STUDY, 'flat.yaml');
  writeStudy(folder, MARKET_STUDY, 'market.yaml');
}

/** Sweeps on threads of this process, undisturbed or with a thread that dies. */
export async function sweepHere(folder: string, study: string, out: string, dieAtBatch = -1): Promise<void> {
  const plan = planStudy(await loadStudy(join(folder, study)));
  const opened = openStudyFolder(plan, join(folder, out), true);
  const executor = new RunPool({ subjects: [plan.subject], threads: 1, dieAtBatch });
  await startSweep({ plan, folder: opened, executor, place: study }).result;
}

/** Every run of a folder, as bytes; its manifest must hold. */
export function dataOf(folder: string, out: string): string {
  const manifest = readManifest(join(folder, out));
  if (!manifest.complete || manifest.runs.present !== manifest.runs.planned) throw new Error(`${out} lacks runs`);
  const named = manifest.files.filter(({ name }) => name.endsWith('.parquet') && name !== 'timings.parquet');
  return named.map(({ name }) => readFileSync(join(folder, out, name)).toString('base64')).join(' ');
}

/** Starts a coordinator. */
export function coordinate(folder: string, study: string, out: string, words: readonly string[]): Running {
  return start(['sweep', study, '--out', out, '--resume', '--quiet', ...words], folder);
}

/** A worker as a process. */
export interface TestWorker {
  process: ChildProcess;
  /** Resolves when it has said that it is there. */
  ready: Promise<void>;
  exited: Promise<number | null>;
  talk(): string;
}

/** Starts a worker of one thread and a short lock. */
export function startWorker(url: string, lockMillis = LOCK_MILLIS, idleMillis?: number): TestWorker {
  const words = [WORKER, url, String(lockMillis), ...(idleMillis === undefined ? [] : [String(idleMillis)])];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  let talk = '';
  const ready = new Promise<void>((done) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      talk += text;
      if (talk.includes('ready')) done();
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    talk += text;
  });
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  return { process: child, ready, exited, talk: () => talk };
}

/** Ends processes that are still there, and waits for it. */
export async function endAll(workers: readonly TestWorker[]): Promise<void> {
  for (const { process: child } of workers) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all(workers.map((one) => one.exited));
}

export const pause = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis));
