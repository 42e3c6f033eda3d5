/** Sweeps through a queue: the rows of a sweep on this machine, however the work is shared. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createPostgresBackend, Queue, withBackend, Worker } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageVersion } from '../../dist/scenarios/runtime/index.js';
import { remove, scratchFolder, stampede, start } from '../support/cli-process.js';
import {
  coordinate,
  dataOf,
  endAll,
  pause,
  serverIn,
  servers,
  startWorker,
  sweepHere,
  type TestWorker,
  writeStudies,
} from '../support/cluster.js';
import { freePort, type TestServer } from '../support/queue-server.js';
import { writeStudy } from '../support/tiny-study.js';

let folder: string;
beforeAll(async () => {
  folder = scratchFolder();
  writeStudies(folder);
  await sweepHere(folder, 'flat.yaml', 'flat');
  await sweepHere(folder, 'market.yaml', 'market');
});
afterAll(() => remove(folder));

describe.each(servers)('a sweep through %s', (name, startServer) => {
  let server: TestServer;
  let own: string;
  let workers: TestWorker[] = [];
  beforeAll(async () => {
    own = scratchFolder();
    server = await serverIn(own, startServer);
  });
  afterAll(async () => {
    await endAll(workers);
    await server.stop();
    remove(own);
  });
  const out = (what: string): string => `${what}-${name}`;

  it('has the rows of a local one: workers join and leave, results come back or by a shared folder', async () => {
    workers.push(startWorker(server.url));
    const flat = coordinate(folder, 'flat.yaml', out('flat'), ['--queue', server.url]);
    const command = start(['worker', '--queue', server.url, '--jobs', '1', '--until-idle', '1s', '--json'], folder);
    expect(await flat.finished).toMatchObject({ code: 0, stderr: '' });
    expect(dataOf(folder, out('flat'))).toBe(dataOf(folder, 'flat'));
    workers.push(startWorker(server.url));
    const market = coordinate(folder, 'market.yaml', out('market'), ['--queue', server.url, '--results', 'shared']);
    await workers[1].ready;
    await pause(300);
    workers[0].process.kill('SIGTERM');
    expect(await market.finished).toMatchObject({ code: 0, stderr: '' });
    expect(dataOf(folder, out('market'))).toBe(dataOf(folder, 'market'));
    // Nothing came back: every result stands in a log of a worker.
    const logs = readdirSync(join(folder, out('market'), 'results'));
    expect(logs.filter((log) => log.includes(`-${market.process.pid}-`))).toEqual([]);
    expect(await workers[0].exited).toBe(0);
    expect(JSON.parse((await command.finished).stdout)).toMatchObject({ failed: 0 });
    const { stdout } = await stampede(['queue', server.url, '--json'], folder);
    expect(JSON.parse(stdout)).toMatchObject({ waiting: 0, active: 0, completed: 0, dead: [] });
    await endAll(workers);
    workers = [];
  });

  it('makes dead letters of runs that end their workers, lists them, puts them back, drops them', async () => {
    const text = 'name: deadly\nbase: { function: morris-toy }\nfactors: [{ name: x1, path: x1, values: [1, 2] }]\ndesign: { kind: grid, levels: 2 }\nreplicates: 1\n';
    writeStudy(folder, text, 'deadly.yaml');
    const words = ['--queue', server.url, '--json'];
    // A worker that takes jobs and never says a word: its locks run out again and again.
    const hung = hangingWorker(server.url);
    const first = coordinate(folder, 'deadly.yaml', out('deadly'), words);
    const { code, stdout } = await first.finished;
    await hung.close(true);
    expect(code).toBe(5);
    expect(JSON.parse(stdout).failures[0].reason).toMatch(/^queue\/dead-letter: .*stalled/);
    const listed = JSON.parse((await stampede(['queue', server.url, '--json'], folder)).stdout);
    expect(listed.dead.map((one: { reason: string }) => one.reason)).toEqual([
      expect.stringMatching(/^its workers died or fell silent/),
      expect.stringMatching(/^its workers died or fell silent/),
    ]);
    expect(listed.dead[0].runs[0].settings).toHaveProperty('x1');
    // Put back, they have all their attempts again; nobody makes them, and they die once more.
    expect((await stampede(['queue', server.url, '--retry'], folder)).stdout).toContain('2 put back');
    expect(JSON.parse((await stampede(['queue', server.url, '--json'], folder)).stdout)).toMatchObject({ waiting: 2, dead: [] });
    const again = hangingWorker(server.url);
    await coordinate(folder, 'deadly.yaml', out('deadly'), words).finished;
    await again.close(true);
    // Dropped, their runs are in the data with the reason, and are not made again.
    expect((await stampede(['queue', server.url, '--drop'], folder)).stdout).toContain('2 dropped');
    const dropped = await coordinate(folder, 'deadly.yaml', out('dropped'), words).finished;
    expect(JSON.parse(dropped.stdout)).toMatchObject({ runs: { failed: 2, present: 2 } });
    expect(JSON.parse(dropped.stdout).failures[0].reason).toMatch(/^run\/dropped: .*stalled/);
    // The other folder still lacks them: its coordinator sends them anew.
    const worker = startWorker(server.url);
    workers.push(worker);
    expect((await coordinate(folder, 'deadly.yaml', out('deadly'), words).finished).code).toBe(0);
    await sweepHere(folder, 'deadly.yaml', 'deadly');
    expect(dataOf(folder, out('deadly'))).toBe(dataOf(folder, 'deadly'));
    await endAll(workers);
    workers = [];
  });

  it('ends on Ctrl-C: a coordinator takes back what nobody has begun, a worker leaves', async () => {
    const sweep = coordinate(folder, 'flat.yaml', out('stopped'), ['--queue', server.url]);
    await sweep.shows('no worker takes runs');
    sweep.process.kill('SIGINT');
    const { code, stderr } = await sweep.finished;
    expect(code).toBe(130);
    expect(stderr).toContain(`to go on: stampede sweep flat.yaml --resume --out ${out('stopped')} --queue ${server.url.split(':')[0]}://127.0.0.1`);
    expect(stderr).not.toContain('stampede-secret');
    const { stdout } = await stampede(['queue', server.url, '--json'], folder);
    expect(JSON.parse(stdout)).toMatchObject({ waiting: 0, active: 0 });
    const worker = start(['worker', '--queue', server.url, '--jobs', '1'], folder);
    await worker.shows('Ctrl-C leaves');
    worker.process.kill('SIGINT');
    expect(await worker.finished).toMatchObject({ code: 0, stdout: '0 runs in 0 jobs made, 0 failed\n' });
  });

  it('leaves jobs of another version to workers of that version', async () => {
    const { Queue: QueueOf, options } = libraryOf(server.url);
    const payloads = new QueueOf('stampede-payloads', options as never);
    const runs = new QueueOf('stampede-runs-9.9.9', options as never);
    await payloads.add('head', { version: '9.9.9', pieces: 0, storedAt: Date.now() }, { jobId: 'f'.repeat(64) });
    await runs.add('runs', {});
    const { stderr, code } = await stampede(['worker', '--queue', server.url, '--until-idle', '1s', '--jobs', '1'], folder);
    expect(code).toBe(0);
    expect(stderr).toContain('jobs of stampede 9.9.9 are waiting; this is');
    expect(await runs.getWaitingCount()).toBe(1);
    await payloads.close();
    await runs.close();
  });
});

describe('a queue that cannot be', () => {
  it('is told in one line, quickly, without its password, before a folder is made', async () => {
    const port = await freePort();
    for (const url of [`redis://me:hidden-word@127.0.0.1:${port}`, `postgres://me:hidden-word@127.0.0.1:${port}/x`]) {
      const begun = performance.now();
      const { code, stderr } = await stampede(['sweep', 'flat.yaml', '--queue', url, '--out', 'never'], folder);
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
      expect(stderr).toMatch(/out of reach: .*ECONNREFUSED.*\[queue\/unreachable\]/);
      expect(stderr).not.toContain('hidden-word');
      expect(existsSync(join(folder, 'never'))).toBe(false);
    }
  });

  it.each([
    [['worker', '--queue', 'http://me:hidden-word@host'], /was a http:\/\/ URL.*\[queue\/url\]/],
    [['worker', '--queue', 'hidden-word'], /was no URL.*\[queue\/url\]/],
    [['worker'], /--queue was missing.*\[queue\/url\]/],
    [['sweep', 'flat.yaml', '--results', 'shared'], /without --queue.*\[usage\/value\]/],
    [['sweep', 'flat.yaml', '--queue', 'redis://x', '--results', 'mailed'], /must be back or shared.*\[usage\/value\]/],
    [['sweep', 'flat.yaml', '--queue', 'redis://x', '--jobs', '2'], /give it to "stampede worker".*\[usage\/value\]/],
    [['worker', '--queue', 'redis://x', '--lock', '1ms'], /must be a duration of 2s to 1h.*\[usage\/value\]/],
    [['queue', 'redis://x', '--retry', '--drop'], /give one.*\[usage\/value\]/],
  ])('%j', async (words, message) => {
    const { code, stderr } = await stampede(words, folder, { env: { STAMPEDE_QUEUE: '' } });
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('hidden-word');
  });
});

/** The classes of a server, with the options that the program itself uses. */
function libraryOf(url: string) {
  if (url.startsWith('redis')) {
    return { Queue, Worker, options: { connection: { url, maxRetriesPerRequest: null }, prefix: 'stampede' } };
  }
  const classes = withBackend(createPostgresBackend) as unknown as { Queue: typeof Queue; Worker: typeof Worker };
  return { ...classes, options: { connection: { connectionString: url, schema: 'stampede', migrate: true } } };
}

function hangingWorker(url: string): Worker {
  const { Worker: WorkerOf, options } = libraryOf(url);
  const never = (): Promise<unknown> => new Promise(() => {});
  const hasty = { skipLockRenewal: true, lockDuration: 200, stalledInterval: 100, maxStalledCount: 2, concurrency: 100 };
  return new WorkerOf(`stampede-runs-${packageVersion}`, never, { ...options, ...hasty } as never);
}
