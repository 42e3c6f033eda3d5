/** The server: what it lists, what it hands out, and what it refuses. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../viz/server/index.js';
import { createServer } from '../../viz/server/index.js';
import { writeSyntheticRun } from '../support/synthetic-run.js';

const parent = mkdtempSync(join(tmpdir(), 'stampede-serve-'));
const runs = join(parent, 'runs');
const site = join(parent, 'site');
let server: RunningServer;
let film: Buffer;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A request with the path exactly as written: `fetch` would tidy it. */
function get(
  path: string,
  headers: Record<string, string> = {},
  port = server.port,
): Promise<Answer> {
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        });
      });
    });
    sent.on('error', fail);
    sent.end();
  });
}

const json = (answer: Answer) => JSON.parse(answer.body.toString('utf8'));

beforeAll(async () => {
  const old = writeSyntheticRun(runs, 'older', { samples: 200 });
  utimesSync(join(old, 'manifest.json'), 1_600_000_000, 1_600_000_000);
  const directory = writeSyntheticRun(runs, 'newer', { samples: 200 });
  film = readFileSync(join(directory, 'replay.bin'));
  mkdirSync(join(runs, '.stampede-half-1.partial'));
  writeFileSync(join(runs, '.stampede-half-1.partial', 'manifest.json'), '{}');
  mkdirSync(join(runs, 'broken'));
  writeFileSync(join(runs, 'broken', 'manifest.json'), '{ not json');
  utimesSync(join(runs, 'broken', 'manifest.json'), 1_500_000_000, 1_500_000_000);
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(site, 'assets', 'app-1.js'), 'export {};'.repeat(400));
  writeFileSync(join(parent, 'secret.json'), '{"secret":true}');
  writeFileSync(join(parent, 'manifest.json'), '{"secret":true}');
  server = await createServer({ runs, port: 0, site });
});

afterAll(async () => {
  await server.close();
  rmSync(parent, { recursive: true, force: true });
});

describe('the list', () => {
  it('has the runs, newest first, without unfinished folders', async () => {
    const answer = json(await get('/api/runs'));
    expect(answer.runs.map((run: { id: string }) => run.id)).toEqual(['newer', 'older', 'broken']);
    expect(answer.runs[0]).toMatchObject({
      scenario: 'synthetic',
      seed: 7,
      hash: '00c0ffee00c0ffee',
      replayBytes: film.length,
      liquidations: 39,
    });
  });

  it('is empty for a folder that does not exist', async () => {
    const empty = await createServer({ runs: join(parent, 'nothing'), port: 0, site });
    expect(json(await get('/api/runs', {}, empty.port))).toEqual({ runs: [] });
    await empty.close();
  });

  it('has one entry when a single run is served', async () => {
    const single = await createServer({ runs: join(runs, 'newer'), port: 0, site });
    const listed = json(await get('/api/runs', {}, single.port));
    expect(listed.runs.map((run: { id: string }) => run.id)).toEqual(['newer']);
    expect((await get('/api/runs/newer/summary', {}, single.port)).status).toBe(200);
    expect((await get('/api/runs/older/summary', {}, single.port)).status).toBe(404);
    await single.close();
  });
});

describe('the files of a run', () => {
  it('hands out manifest and summary', async () => {
    expect(json(await get('/api/runs/newer/manifest')).id).toBe('newer');
    expect(json(await get('/api/runs/newer/summary')).seed).toBe(7);
  });

  it('hands out the whole film, and any part of it', async () => {
    const whole = await get('/api/runs/newer/replay.bin');
    expect(whole.status).toBe(200);
    expect(whole.headers['accept-ranges']).toBe('bytes');
    expect(whole.body.equals(film)).toBe(true);
    const part = await get('/api/runs/newer/replay.bin', {
      Range: 'bytes=100-299',
      'Accept-Encoding': 'gzip',
    });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 100-299/${film.length}`);
    expect(part.headers['content-encoding']).toBeUndefined();
    expect(part.body.equals(film.subarray(100, 300))).toBe(true);
    const tail = await get('/api/runs/newer/replay.bin', {
      Range: `bytes=${film.length - 5}-${film.length + 900}`,
    });
    expect(tail.body.equals(film.subarray(film.length - 5))).toBe(true);
  });

  it('answers 416 behind the end', async () => {
    const answer = await get('/api/runs/newer/replay.bin', { Range: `bytes=${film.length + 1}-` });
    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe(`bytes */${film.length}`);
    expect(json(answer).error.code).toBe('serve/range');
  });

  it('says what is wrong with a damaged manifest', async () => {
    const answer = await get('/api/runs/broken/manifest');
    expect(answer.status).toBe(422);
    expect(json(answer).error).toEqual({
      code: 'run/damaged',
      message: 'manifest.json of run broken is not valid JSON',
    });
  });

  it.each([
    '/api/runs/nothing/manifest',
    '/api/runs/newer/events.log',
    '/api/runs/..%2f..%2fsecret.json/manifest',
    '/api/runs/../manifest',
    '/api/runs/%2e%2e/manifest',
    '/api/runs/..%5c..%5c/manifest',
    '/api/runs/newer%2f..%2f..%2f/manifest',
    '/api/runs/.stampede-half-1.partial/manifest',
    '/api/runs/%00/manifest',
    '/api/runs/%E0%A4%A/manifest',
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/api/nothing',
  ])('refuses %s in JSON', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body.toString()).not.toContain('"secret":true');
    expect(json(answer).error.message).toMatch(/\w/);
  });
});

describe('the page', () => {
  it('is served with a content policy that allows no inline script', async () => {
    const answer = await get('/');
    expect(answer.status).toBe(200);
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-powered-by']).toBeUndefined();
  });

  it('compresses assets and lets them be kept', async () => {
    const answer = await get('/assets/app-1.js', { 'Accept-Encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.headers['cache-control']).toContain('immutable');
  });
});

describe('the port', () => {
  it('is refused in one line when it is taken', async () => {
    const failure = createServer({ runs, port: server.port, site });
    await expect(failure).rejects.toMatchObject({ code: 'serve/port', exitCode: 2 });
    await expect(failure).rejects.toThrow(/in use; choose another with --port$/);
  });

  it('is free again after closing', async () => {
    const first = await createServer({ runs, port: 0, site });
    await first.close();
    const second = await createServer({ runs, port: first.port, site });
    expect(second.url).toBe(`http://127.0.0.1:${first.port}/`);
    await second.close();
  });
});
