/** Whole runs through the real binary. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BINARY, contents, remove, scratchFolder, stampede, start } from '../support/cli-process.js';
import { LONG_SCENARIO, SMALL_SCENARIO } from '../support/small-scenario.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
  writeFileSync(join(folder, 'small.yaml'), SMALL_SCENARIO);
  writeFileSync(join(folder, 'long.yaml'), LONG_SCENARIO);
});
afterEach(() => {
  remove(folder);
});

const FILES = ['cohorts.parquet', 'events.log', 'events.parquet', 'manifest.json', 'replay.bin', 'series.parquet', 'summary.json'];
const INPUTS = ['long.yaml', 'small.yaml'];

/** Waits until a partial folder holds an event log that grows. */
async function writing(parent: string): Promise<string> {
  for (;;) {
    const name = existsSync(parent) ? readdirSync(parent).find((one) => one.endsWith('.partial')) : undefined;
    const log = name === undefined ? '' : join(parent, name, 'events.log');
    if (log !== '' && existsSync(log) && readFileSync(log).length > 2_000_000) return join(parent, name ?? '');
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('run', () => {
  it('prints one object with every key, and files the run', async () => {
    const { code, stdout, stderr } = await stampede(['run', 'small.yaml', '--json', '--seed', '3'], folder);
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const result = JSON.parse(stdout);
    for (const key of [
      'windows', 'simulatedSeconds', 'wallSeconds', 'cpuSeconds', 'exportSeconds', 'peakRssBytes',
      'threads', 'traders', 'wakes', 'orderActions', 'trades', 'badDebtQuote', 'limitOrders',
      'marketOrders', 'cancels',
    ]) {
      expect(typeof result[key], key).toBe('number');
    }
    expect(result).toMatchObject({
      scenario: 'small',
      seed: 3,
      version: '0.1.0',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      simulatedSeconds: 300,
      partial: false,
      conservationErrorQuanta: 0,
      liquidations: { count: expect.any(Number), notionalQuote: expect.any(Number), largestCascade: expect.any(Number) },
      price: { startQuote: 8000, minQuote: expect.any(Number), endQuote: expect.any(Number), maxDrawdownFraction: expect.any(Number) },
      index: { minQuote: expect.any(Number), maxDrawdownFraction: expect.any(Number) },
      insuranceFund: { startQuote: 100000, minQuote: expect.any(Number), endQuote: expect.any(Number) },
      autoDeleveraging: { count: expect.any(Number), notionalQuote: expect.any(Number) },
    });
    expect(result.orderActions).toBeGreaterThan(5000);
    expect(result.out).toMatch(/^runs\/small-3-[0-9a-f]{8}$/);
    expect(contents(join(folder, result.out))).toEqual(FILES);
    const summary = JSON.parse(readFileSync(join(folder, result.out, 'summary.json'), 'utf8'));
    expect(summary).toEqual(result);
  });

  it('prints a summary of at most 20 lines without colour in a pipe, and repeats in place', async () => {
    const first = await stampede(['run', 'small.yaml', '--quiet'], folder);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stderr).toBe('');
    expect(first.stdout).not.toContain('\u001b');
    const lines = first.stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(first.stdout).toMatch(/hash +[0-9a-f]{16}\n/);
    expect(lines.at(-1)).toMatch(/repeat +stampede run small\.yaml --seed 0$/);
    const again = await stampede(['run', 'small.yaml', '--quiet', '--threads', '1'], folder);
    const hash = (text: string) => /hash +(\w+)/.exec(text)?.[1];
    expect(hash(again.stdout)).toBe(hash(first.stdout));
    expect(contents(join(folder, 'runs'))).toHaveLength(1);
  });

  it('colours on request and obeys NO_COLOR', async () => {
    const script = (env: Record<string, string>) =>
      spawnSync('script', ['-qec', `node ${BINARY} scenarios`, '/dev/null'], {
        cwd: folder, env: { PATH: process.env.PATH, TERM: 'xterm', ...env }, encoding: 'utf8',
      });
    const coloured = script({});
    if (coloured.error !== undefined) return; // No script(1) here.
    expect(coloured.stdout).toContain('\u001b[1m');
    expect(script({ NO_COLOR: '1' }).stdout).not.toContain('\u001b[1m');
  });

  it('ends quietly when the reader of its pipe leaves', () => {
    const { stderr, stdout } = spawnSync('sh', ['-c', `node ${BINARY} schema | head -n 1`], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe('{\n');
  });
});

describe('verify', () => {
  let made: string;

  beforeAll(async () => {
    made = scratchFolder();
    writeFileSync(join(made, 'small.yaml'), SMALL_SCENARIO);
    await stampede(['run', 'small.yaml', '--out', 'made', '--threads', '1'], made);
  });
  beforeEach(() => {
    cpSync(join(made, 'made'), join(folder, 'made'), { recursive: true });
  });
  afterAll(() => {
    remove(made);
  });

  it('agrees with a run on real prices, which it keeps', async () => {
    const rows = Array.from({ length: 4 }, (_, i) => `${1.6e12 + 60_000 * i},100,101,99,100,5`);
    writeFileSync(join(folder, 'p.csv'), `ts_ms,open,high,low,close,volume\n${rows.join('\n')}\n`);
    await stampede(['run', 'small.yaml', '--index', 'p.csv', '--out', 'real'], folder);
    expect(contents(join(folder, 'real'))).toContain('index.csv');
    const { code, stdout } = await stampede(['verify', 'real'], folder);
    expect(stdout).toMatch(/^✓ [0-9a-f]{16} after 4 min 00 s\n$/);
    expect(code).toBe(0);
  });

  it('finds a change of the inputs and the first row that differs: exit code 4', async () => {
    const file = join(folder, 'made', 'manifest.json');
    const manifest = readFileSync(file, 'utf8');
    writeFileSync(file, manifest.replace('"count": 300', '"count": 299'));
    const { code, stdout } = await stampede(['verify', 'made', '--threads', '1'], folder);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^✗ hash was [0-9a-f]{16}, is [0-9a-f]{16}\nfirst difference: row \d+ at/);
    const asJson = await stampede(['verify', 'made', '--json', '--threads', '1'], folder);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ agrees: false, divergence: { row: expect.any(Number) } });
  });

  it.each<[string, string, (bytes: Buffer) => Buffer]>([
    ['trace/truncated', 'shortened', (bytes) => bytes.subarray(0, bytes.length - 1000)],
    ['trace/damaged', 'changed', (bytes) => {
      bytes[bytes.length >> 1] ^= 1;
      return bytes;
    }],
  ])('refuses a damaged trace: %s', async (code, _name, damage) => {
    const log = join(folder, 'made', 'events.log');
    writeFileSync(log, damage(readFileSync(log)));
    const found = await stampede(['verify', 'made'], folder);
    expect(found.code).toBe(2);
    expect(found.stderr).toContain(`[${code}]`);
    expect(found.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });

  it('names every damaged file on a line of its own: exit code 2', async () => {
    for (const name of ['replay.bin', 'series.parquet']) {
      const file = join(folder, 'made', name);
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(file, bytes);
    }
    const { code, stderr } = await stampede(['verify', 'made'], folder);
    expect(code).toBe(2);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('replay.bin: was changed');
    expect(lines[1]).toMatch(/series\.parquet: was changed.*\[trace\/damaged\]$/);
  });

  it('refuses a manifest without digests', async () => {
    const file = join(folder, 'made', 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    for (const one of manifest.files) if (one.name === 'replay.bin') delete one.sha256;
    writeFileSync(file, JSON.stringify(manifest));
    const { code, stderr } = await stampede(['verify', 'made'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('holds no SHA-256 of replay.bin');
  });

  it('notices an edited summary, even under a digest of its own: exit code 4', async () => {
    const file = join(folder, 'made', 'summary.json');
    const summary = JSON.parse(readFileSync(file, 'utf8'));
    const text = JSON.stringify({ ...summary, trades: summary.trades + 1 });
    writeFileSync(file, text);
    const manifestFile = join(folder, 'made', 'manifest.json');
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    const listed = manifest.files.find((one: { name: string }) => one.name === 'summary.json');
    listed.bytes = text.length;
    writeFileSync(manifestFile, JSON.stringify(manifest));
    expect((await stampede(['verify', 'made'], folder)).code).toBe(2);
    listed.sha256 = createHash('sha256').update(text).digest('hex');
    writeFileSync(manifestFile, JSON.stringify(manifest));
    const { code, stdout } = await stampede(['verify', 'made', '--threads', '2'], folder);
    expect(stdout).toBe(
      `✗ summary.json: trades was ${summary.trades + 1}, is ${summary.trades}\n`,
    );
    expect(code).toBe(4);
  });
});

describe('interruptions', () => {
  it('Ctrl-C keeps a partial run that verifies; exit code 130', async () => {
    const run = start(['run', 'long.yaml', '--json'], folder);
    await writing(join(folder, 'runs'));
    run.process.kill('SIGINT');
    // npm passes the terminal's signal on a second time; it is one Ctrl-C all the same.
    run.process.kill('SIGINT');
    const { code, stdout, stderr } = await run.finished;
    expect(code, stderr).toBe(130);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ partial: true, conservationErrorQuanta: 0 });
    expect(result.simulatedSeconds).toBeGreaterThan(0);
    expect(result.simulatedSeconds).toBeLessThan(30 * 86_400);
    expect(stderr).toContain('stampede run long.yaml --seed 0');
    const manifest = JSON.parse(readFileSync(join(folder, result.out, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ complete: false, hash: result.hash });
    const verified = await stampede(['verify', result.out], folder);
    expect(verified.code, verified.stderr + verified.stdout).toBe(0);
    expect(verified.stdout).toContain('a partial run');
  });

  it('Ctrl-C while a whole run is written says so and lets it end; exit code 0', async () => {
    const words = ['run', 'zi-1k', '--set', 'time.duration=20m', '--json', '--out', 'kept/run'];
    const run = start(words, folder);
    const partial = await writing(join(folder, 'kept'));
    while (!existsSync(join(partial, 'events.parquet'))) {
      await new Promise((done) => setTimeout(done, 10));
    }
    run.process.kill('SIGINT');
    const { code, stdout, stderr } = await run.finished;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('the run is complete and is being written');
    expect(stderr).not.toContain('stopping');
    expect(JSON.parse(stdout)).toMatchObject({ partial: false, out: 'kept/run' });
  });

  it('Ctrl-C twice keeps nothing; exit code 130', async () => {
    const run = start(['run', 'long.yaml'], folder);
    await writing(join(folder, 'runs'));
    run.process.kill('SIGINT');
    run.process.kill('SIGTERM');
    const { code, stderr } = await run.finished;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('[run/interrupted]');
    expect(contents(folder)).toEqual(INPUTS);
  });

  it('SIGTERM finishes the window too', async () => {
    const run = start(['run', 'long.yaml', '--json', '--out', 'kept'], folder);
    await writing(folder);
    run.process.kill('SIGTERM');
    const { code, stdout } = await run.finished;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ partial: true, out: 'kept' });
  });

  it('kill -9 leaves no run under its name, and the next run sweeps', async () => {
    const run = start(['run', 'long.yaml', '--out', 'made/run'], folder);
    const partial = await writing(join(folder, 'made'));
    run.process.kill('SIGKILL');
    await run.finished;
    expect(existsSync(join(folder, 'made', 'run'))).toBe(false);
    expect(existsSync(partial)).toBe(true);
    const { code } = await stampede(['run', 'small.yaml', '--out', 'made/next'], folder);
    expect(code).toBe(0);
    expect(contents(join(folder, 'made'))).toEqual(['next']);
  });
});

describe('a full disk', () => {
  it('is one line, exit code 6, and leaves nothing', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    // Without the right to mount, the writer's own tests cover ENOSPC through /dev/full.
    if (mounted.status !== 0) return;
    try {
      const { code, stdout, stderr } = await stampede(['run', 'long.yaml', '--out', 'disk/run'], folder);
      expect({ code, stdout }, stderr).toEqual({ code: 6, stdout: '' });
      expect(stderr).toContain('[disk/full]');
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(contents(disk)).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
