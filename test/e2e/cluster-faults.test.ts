/**
 * Faults at random moments: whatever dies, freezes or fills up, the final dataset is that of a sweep nobody
 * disturbed, every run once. STAMPEDE_TRIALS multiplies the trials: a longer swarm, run by hand.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import { remove, scratchFolder, type Running } from '../support/cli-process.js';
import {
  coordinate,
  dataOf,
  endAll,
  LOCK_MILLIS,
  pause,
  serverIn,
  servers,
  startWorker,
  sweepHere,
  type TestWorker,
  writeStudies,
} from '../support/cluster.js';
import type { TestServer } from '../support/queue-server.js';

const TIMES = Math.max(1, Number(process.env.STAMPEDE_TRIALS ?? 1));
const stream = new RandomSource(2026).stream('faults');
const STUDIES = ['flat', 'market'] as const;

let folder: string;
beforeAll(async () => {
  folder = scratchFolder();
  writeStudies(folder);
  for (const study of STUDIES) await sweepHere(folder, `${study}.yaml`, study);
});
afterAll(() => remove(folder));

/** Draws of one trial, each in [0, 1). */
function drawsOf(trial: number): () => number {
  let draw = 0;
  return () => (stream.words(trial, draw++, 0)[0] >>> 0) / 2 ** 32;
}

function expectUndisturbed(study: string, out: string): void {
  expect(dataOf(folder, out) === dataOf(folder, study), `${out} is ${study}, row for row`).toBe(true);
}

async function killed({ process: child, finished }: Running): Promise<void> {
  child.kill('SIGKILL');
  await finished;
}

describe('on one machine', () => {
  const trials = (count: number): number[] => Array.from({ length: count * TIMES }, (_, trial) => trial);

  it.each(trials(6))('a thread that dies with any batch takes no run with it, trial %i', async (trial) => {
    const study = STUDIES[trial % 2];
    const out = `thread-${trial}`;
    await sweepHere(folder, `${study}.yaml`, out, Math.floor(drawsOf(trial)() * 8));
    expectUndisturbed(study, out);
  });

  it.each(trials(3))('a coordinator that is killed at any moment is gone on with, trial %i', async (trial) => {
    const draw = drawsOf(1000 + trial);
    const out = `killed-${trial}`;
    for (let kills = 0; kills <= trial % 2; kills++) {
      const sweep = coordinate(folder, 'market.yaml', out, ['--jobs', '1']);
      await Promise.race([pause(300 + draw() * 2000), sweep.finished]);
      await killed(sweep);
    }
    expect((await coordinate(folder, 'market.yaml', out, ['--jobs', '1']).finished).code).toBe(0);
    expectUndisturbed('market', out);
  });

  it('a disk that is full is told, and the sweep goes on when there is room', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    // Without the right to mount, the writers' own tests stand for this one.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0) return;
    try {
      const full = await coordinate(folder, 'flat.yaml', 'disk/out', []).finished;
      expect([full.code, full.stderr]).toEqual([6, expect.stringMatching(/\[disk\/full\]/)]);
      spawnSync('mount', ['-o', 'remount,size=16m', disk]);
      expect((await coordinate(folder, 'flat.yaml', 'disk/out', []).finished).code).toBe(0);
      expectUndisturbed('flat', 'disk/out');
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

const FAULTS = ['coordinator', 'worker', 'server', 'freeze', 'two on one folder', 'two folders'] as const;

describe.each(servers)('through %s', (name, startServer) => {
  let server: TestServer;
  let own: string;
  const workers: TestWorker[] = [];
  beforeAll(async () => {
    own = scratchFolder();
    server = await serverIn(own, startServer);
    workers.push(startWorker(server.url), startWorker(server.url));
  });
  afterAll(async () => {
    await endAll(workers);
    await server.stop();
    remove(own);
  });

  /** Does what a fault is, at a moment of its own, and returns the coordinators that go on to the end. */
  async function disturb(fault: (typeof FAULTS)[number], start: (out: string) => Running, out: string, draw: () => number): Promise<Running[]> {
    const first = start(out);
    if (fault.startsWith('two')) {
      await pause(draw() * 600);
      return [first, start(fault === 'two folders' ? `${out}-other` : out)];
    }
    const begun = async (): Promise<void> => {
      while (!existsSync(join(folder, out)) && first.process.exitCode === null) await pause(20);
    };
    await begun();
    await pause(draw() * 1500);
    const k = Math.floor(draw() * workers.length);
    if (fault === 'coordinator') {
      await killed(first);
      await pause(draw() * 500);
      return [start(out)];
    }
    if (fault === 'worker') {
      workers[k].process.kill('SIGKILL');
      await pause(draw() * 500);
      workers[k] = startWorker(server.url);
    } else if (fault === 'freeze') {
      workers[k].process.kill('SIGSTOP');
      await pause(LOCK_MILLIS * (2 + 2 * draw()));
      workers[k].process.kill('SIGCONT');
    } else {
      await server.kill();
      await pause(draw() * 500);
      await server.start();
    }
    return [first];
  }

  const trials = Array.from({ length: FAULTS.length * TIMES }, (_, trial) => trial);
  it.each(trials.map((trial) => [FAULTS[trial % FAULTS.length], trial] as const))('%s, trial %i', async (fault, trial) => {
    const draw = drawsOf(5000 + trial + (name === 'Redis' ? 500 : 0));
    const isShared = draw() < 0.5;
    const out = `${name}-${trial}`;
    const words = ['--queue', server.url, ...(isShared ? ['--results', 'shared'] : [])];
    const running = await disturb(fault, (to) => coordinate(folder, 'market.yaml', to, words), out, draw);
    for (const { finished } of running) {
      const { code, stderr } = await finished;
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    }
    expectUndisturbed('market', out);
    if (fault === 'two folders') expectUndisturbed('market', `${out}-other`);
    if (fault === 'server') for (const { talk } of workers) await expect.poll(talk, { timeout: 10_000 }).toMatch(/is away \([\s\S]*is back/);
    for (const { process: child, talk } of workers) expect(child.exitCode, talk()).toBe(null);
  });
});
