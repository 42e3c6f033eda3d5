/** The commands that list and check, and the server, through the real binary. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { contents, remove, scratchFolder, stampede, start } from '../support/cli-process.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  remove(folder);
});

/** Runs a command that must succeed and leave nothing. */
async function out(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await stampede(words, folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(contents(folder)).toEqual([]);
  return stdout;
}

describe('lists', () => {
  it('scenarios, as a table, as JSON, and one as YAML that the schema accepts', async () => {
    expect(await out('scenarios')).toMatch(/^black-thursday-2020 +48h +[\d,]+ traders/m);
    const listed = JSON.parse(await out('scenarios', '--json'));
    expect(listed.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['black-thursday-2020', 'calm', 'flash-crash', 'zi-1k']),
    );
    for (const one of listed) expect(one).toMatchObject({ doc: expect.any(String), traders: expect.any(Number) });
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(await out('schema')));
    const written = parse(await out('scenarios', 'calm'));
    expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...written, name: 3 })).toBe(false);
  });

  it('strategies, as a table, as JSON, and one with its parameters', async () => {
    expect(await out('strategies')).toMatch(/^market-maker +liquidity +Quotes/m);
    const facts = JSON.parse(await out('strategies', '--json'));
    expect(facts.length).toBeGreaterThanOrEqual(11);
    for (const one of facts) {
      expect(Object.keys(one)).toEqual([
        'name', 'family', 'doc', 'source', 'params', 'state', 'gainSign', 'exitTrigger',
      ]);
    }
    expect(await out('strategies', 'volatility-target')).toContain('feedback');
  });

  it('metrics, as a table, as JSON, and one with its definition', async () => {
    expect(await out('metrics')).toMatch(/^cascade\nreproductionNumber +liquidations per liquidation +How/m);
    const infos = JSON.parse(await out('metrics', '--json'));
    expect(infos.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['cascade.largest', 'generations.max', 'contagionShare', 'tail.hill']),
    );
    const text = await out('metrics', 'contagionShare');
    expect(text).toMatch(/^contagionShare \(cascade, from one run's trace\)\n/);
    for (const key of ['formula', 'unit', 'estimator', 'interval', 'source', 'tested by']) {
      expect(text).toMatch(new RegExp(`^${key} +\\S`, 'm'));
    }
    expect(JSON.parse(await out('metrics', 'contagionShare', '--json'))).toEqual(
      infos.filter((one: { name: string }) => one.name === 'contagionShare'),
    );
  });

  it('help of everything, and nothing but help', async () => {
    expect(await out()).toBe(await out('--help'));
    await expect(await out('--help')).toMatchFileSnapshot('../golden/help.txt');
    await expect(await out('run', '--help')).toMatchFileSnapshot('../golden/help-run.txt');
    expect(await out('--version')).toBe('0.1.0\n');
    expect(await out('completion', 'bash')).toContain('complete -o default -F _stampede stampede');
  });
});

describe('doctor', () => {
  it('finds everything in order and leaves nothing', async () => {
    const { code, stdout, stderr } = await stampede(['doctor', '--json'], folder);
    const { findings } = JSON.parse(stdout);
    const names = findings.map((one: { name: string }) => one.name);
    expect(names).toEqual([
      'node', 'build', 'replay page', 'cores', 'free memory', 'shared memory', 'this folder', 'free disk', 'self-test',
    ]);
    expect(findings.at(-1), stderr).toMatchObject({ ok: true, found: expect.stringMatching(/^[0-9a-f]{16} on/) });
    expect(code).toBe(findings.every((one: { ok: boolean }) => one.ok) ? 0 : 1);
    expect(contents(folder)).toEqual([]);
  });
});

describe('serve', () => {
  it('after a run prints the address of its replay, and ends with Ctrl-C', async () => {
    writeFileSync(join(folder, 'small.yaml'), SMALL_SCENARIO);
    const run = start(['run', 'small.yaml', '--serve', '--port', '0', '--quiet'], folder);
    await run.shows('Ctrl-C');
    run.process.kill('SIGINT');
    const { code, stdout, stderr } = await run.finished;
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/replay +http:\/\/127\.0\.0\.1:\d+\/#\/replay\/small-0-[0-9a-f]{8}/);
  });

  it('serves a folder of runs', async () => {
    writeFileSync(join(folder, 'small.yaml'), SMALL_SCENARIO);
    await stampede(['run', 'small.yaml', '--out', 'runs/one', '--threads', '1'], folder);
    const server = start(['serve', '--port', '0'], folder);
    await server.shows('Ctrl-C');
    const url = /http:\S+/.exec(server.stdout())?.[0] ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { runs } = (await (await fetch(`${url}api/runs`)).json()) as { runs: { id: string }[] };
    expect(runs.map((one) => one.id)).toEqual(['one']);
    const page = await (await fetch(url)).text();
    expect(page).toContain('<title>');
    server.process.kill('SIGTERM');
    expect((await server.finished).code).toBe(0);
  });

  it('says that a folder has no runs yet, and serves it', async () => {
    const server = start(['serve', '.', '--port', '0'], folder);
    await server.shows('no runs in . yet');
    await server.shows('Ctrl-C');
    const url = /http:\S+/.exec(server.stdout())?.[0] ?? '';
    expect(await (await fetch(`${url}api/runs`)).json()).toEqual({ runs: [] });
    server.process.kill('SIGINT');
    expect((await server.finished).code).toBe(0);
  });

  it('refuses a port that is taken before it simulates', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await stampede(['run', 'calm', '--serve', '--port', String(port)], folder);
    other.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: port \d+ on 127\.0\.0\.1 is in use.*\[serve\/port\]\n$/);
    expect(contents(folder)).toEqual([]);
  });
});
