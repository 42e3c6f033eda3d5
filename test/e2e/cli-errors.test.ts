/** Bad input, one case at a time, through the real binary: one clear line, its code, nothing left. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BINARY, contents, remove, scratchFolder, stampede } from '../support/cli-process.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  remove(folder);
});

/** Runs a command that must fail and leave only its input files. */
async function refused(
  words: string[],
  files: Record<string, string | Uint8Array>,
  code: string,
  text: string | RegExp,
): Promise<void> {
  for (const [name, body] of Object.entries(files)) writeFileSync(join(folder, name), body);
  const before = contents(folder);
  const { code: exit, stdout, stderr } = await stampede(words, folder);
  expect({ exit, stdout }, stderr).toEqual({ exit: 2, stdout: '' });
  // A code that ends in a slash names its family.
  expect(stderr).toContain(code.endsWith('/') ? `[${code}` : `[${code}]`);
  if (typeof text === 'string') expect(stderr).toContain(text);
  else expect(stderr).toMatch(text);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(3);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toContain('    at ');
  expect(contents(folder)).toEqual(before);
}

const set = (setting: string): string[] => ['run', 'calm', '--set', setting];

describe('command lines', () => {
  it.each<[string, string[], string, string | RegExp]>([
    ['unknown command', ['rum'], 'usage/command', 'did you mean "run"?'],
    ['unknown option', ['run', 'calm', '--sed', '4'], 'usage/option', 'did you mean "--seed"?'],
    ['no threads', ['run', 'calm', '--threads', '0'], 'usage/value', '--threads was 0'],
    ['threads not a number', ['run', 'calm', '--threads', 'two'], 'usage/value', '--threads was two'],
    ['negative seed', ['run', 'calm', '--seed', '-1'], 'usage/value', '--seed was -1'],
    ['seed beyond 2^53', ['run', 'calm', '--seed', '9007199254740992'], 'usage/value', '--seed was 90'],
    ['option twice', ['run', 'calm', '--seed', '1', '--seed', '2'], 'usage/value', 'give it once'],
    ['unknown scenario', ['run', 'clam'], 'scenario/unknown', 'did you mean "calm"?'],
    ['missing file', ['run', 'mine.yaml'], 'scenario/unknown', 'file "mine.yaml" does not exist'],
    ['a folder', ['run', '.'], 'scenario/file', 'is not a file'],
    ['unknown strategy', ['strategies', 'momentun'], 'strategy/unknown', 'did you mean "momentum"?'],
    ['unknown metric', ['metrics', 'reproductionNumbr'], 'metric/unknown', 'did you mean "reproductionNumber"?'],
    ['not a run', ['verify', 'nowhere'], 'trace/missing', 'is it a run folder?'],
    ['nothing to serve', ['serve', 'nowhere'], 'serve/missing', 'make a run first'],
    ['unknown benchmark', ['bench', 'books'], 'bench/unknown', 'did you mean "book"?'],
    ['port not a number', ['run', 'calm', '--port', 'x'], 'usage/value', '--port was x'],
    ['negative port', ['run', 'calm', '--port', '-1'], 'usage/value', '--port was -1'],
    ['port beyond 65535', ['run', 'calm', '--port', '99999'], 'usage/value', '--port was 99999'],
    ['near a strategy', ['strategies', 'cpi'], 'strategy/unknown', 'did you mean "cppi"?'],
    ['unlike any strategy', ['strategies', 'xyzzyqwk'], 'strategy/unknown', /^(?!.*did you mean)/],
    ['unknown schema', ['schema', 'studys'], 'usage/argument', 'must be scenario or study'],
  ])('%s', async (_name, words, code, text) => {
    await refused(words, {}, code, text);
  });
});

describe('paths', () => {
  const long = `${'x'.repeat(300)}.csv`;

  it.each<[string, string, string]>([
    ['ENOTDIR', 'file/below', 'ENOTDIR'],
    ['ENAMETOOLONG', long, 'ENAMETOOLONG'],
    ['ELOOP', 'loop', 'ELOOP'],
    ['a folder', '.', 'is not a file'],
  ])('%s as scenario and as index', async (_name, path, text) => {
    symlinkSync('loop', join(folder, 'loop'));
    await refused(['run', path], { file: '' }, 'scenario/file', text);
    await refused(['run', 'calm', '--index', path], {}, 'index/missing', text);
  });

  it('a folder on standard input', () => {
    const command = `node ${BINARY} run - < ${folder}`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', cwd: folder });
    expect(stderr).toBe('error: standard input cannot be read (EISDIR) [scenario/file]\n');
    expect(status).toBe(2);
  });

  it('a file to serve', async () => {
    await refused(['serve', 'manifest.json'], { 'manifest.json': '{}' }, 'serve/folder', 'is not a folder');
  });

  it('a full disk under stdout is one line, exit code 6', () => {
    if (!existsSync('/dev/full')) return;
    const command = `node ${BINARY} schema > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', cwd: folder });
    expect(stderr).toBe('error: the result cannot be written to stdout (ENOSPC) [disk/full]\n');
    expect(status).toBe(6);
  });
});

describe('scenarios', () => {
  it.each<[string, string, string, string | RegExp]>([
    ['too many traders', 'dials.traders=1001', 'scenario/range', 'was 1001, must be a number in (0, 1000]'],
    ['NaN', 'dials.leverage=NaN', 'scenario/', 'dials.leverage: was'],
    ['.nan', 'dials.leverage=.nan', 'scenario/', 'dials.leverage: was NaN'],
    ['out of range', 'dials.crowding=1.5', 'scenario/range', 'was 1.5, must be a number in [0, 1]'],
    ['wrong unit', 'time.duration=3 parsecs', 'scenario/', 'must be a duration'],
    ['unknown key', 'dials.levrage=2', 'scenario/key', 'did you mean "leverage"?'],
    ['unknown enum value', 'venue.liquidation.policy=stepdown', 'scenario/', 'did you mean "stepDown"?'],
    ['unknown strategy', 'population[0].strategy=momentun', 'scenario/', 'did you mean "momentum"?'],
    ['no value', 'dials.leverage', 'scenario/setting', 'must be path=value'],
  ])('--set %s', async (_name, setting, code, text) => {
    await refused(set(setting), {}, code, text);
  });

  it('YAML syntax, with line and column', async () => {
    const body = SMALL_SCENARIO.replace('time: {', 'time: [{');
    await refused(['run', 'bad.yaml'], { 'bad.yaml': body }, 'scenario/syntax', /bad\.yaml:\d+:\d+ YAML/);
  });

  it('a value in a file, with line and column', async () => {
    const body = SMALL_SCENARIO.replace('count: 300', 'count: -3');
    await refused(['run', 'bad.yaml'], { 'bad.yaml': body }, 'scenario/range', /bad\.yaml:\d+:\d+ population\[1\]\.count/);
  });

  it('on standard input', async () => {
    const { code, stderr } = await stampede(['run', '-'], folder, { input: 'name: 3' });
    expect(code).toBe(2);
    expect(stderr).toContain('stdin:1:');
    expect(contents(folder)).toEqual([]);
  });
});

describe('price files', () => {
  const header = 'ts_ms,open,high,low,close,volume';
  const row = (minute: number, text = '100,101,99,100,5') => `${1_600_000_000_000 + 60_000 * minute},${text}`;
  const file = (...rows: string[]): string => `${[header, ...rows].join('\n')}\n`;

  it.each<[string, string, string, string | RegExp]>([
    ['duplicate rows', file(row(0), row(1), row(1)), 'index/duplicate', 'prices.csv:4'],
    ['unsorted rows', file(row(0), row(2), row(1)), 'index/unsorted', 'prices.csv:4'],
    ['a negative price', file(row(0), row(1, '100,101,-99,100,5')), 'index/range', 'low was -99'],
    ['a word', file(row(0), row(1, '100,101,99,many,5')), 'index/number', 'close was "many"'],
    ['a wrong header', `a,b,c\n${row(0)}\n${row(1)}\n`, 'index/header', 'prices.csv:1'],
    ['a single row', file(row(0)), 'index/short', 'one bar'],
    ['no rows', '', 'index/empty', 'empty'],
  ])('%s', async (_name, body, code, text) => {
    await refused(['run', 'calm', '--index', 'prices.csv'], { 'prices.csv': body }, code, text);
  });

  it('truncated gzip', async () => {
    const whole = gzipSync(file(...Array.from({ length: 500 }, (_, i) => row(i))));
    const body = whole.subarray(0, whole.length / 2);
    await refused(['run', 'calm', '--index', 'p.csv.gz'], { 'p.csv.gz': body }, 'index/gzip', 'truncated');
  });

  it('text named .gz', async () => {
    const body = file(row(0), row(1));
    await refused(['run', 'calm', '--index', 'p.csv.gz'], { 'p.csv.gz': body }, 'index/gzip', 'is not gzip');
  });

  it('a missing file', async () => {
    await refused(['run', 'calm', '--index', 'none.csv'], {}, 'index/missing', 'does not exist');
  });

  it('missing minutes are bridged with one warning that counts them', async () => {
    writeFileSync(join(folder, 's.yaml'), SMALL_SCENARIO);
    writeFileSync(join(folder, 'p.csv'), file(row(0), row(1), row(4), row(5)));
    const { code, stdout, stderr } = await stampede(
      ['run', 's.yaml', '--index', 'p.csv', '--json', '--threads', '1'],
      folder,
    );
    expect(code, stderr).toBe(0);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^warning: p\.csv: 2 of 6 bars were missing/);
    expect(JSON.parse(stdout)).toMatchObject({ simulatedSeconds: 360 });
  });

  it('bars below one tick are held there with one warning that counts them', async () => {
    writeFileSync(join(folder, 's.yaml'), SMALL_SCENARIO);
    const times = [0, 1, 2, 3].map((i) => 1.6e12 + 60_000 * i);
    const lows = [100, 100, 1e-6, 1e-6];
    const rows = times.map((time, i) => `${time},100,100,${lows[i]},100,5`);
    writeFileSync(join(folder, 'p.csv'), `ts_ms,open,high,low,close,volume\n${rows.join('\n')}\n`);
    const { code, stderr } = await stampede(
      ['run', 's.yaml', '--index', 'p.csv', '--json', '--threads', '1'],
      folder,
    );
    expect(code, stderr).toBe(0);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^warning: p\.csv: 2 of 4 bars were below one tick \(/);
  });
});

describe('output folders', () => {
  it('that exist', async () => {
    mkdirSync(join(folder, 'there'));
    await refused(['run', 'calm', '--out', 'there'], {}, 'run/exists', 'exists already');
  });

  it('below a file', async () => {
    await refused(['run', 'calm', '--out', 'file/run'], { file: '' }, 'run/unwritable', 'choose another folder');
  });

  it('that cannot be made', async () => {
    const isRoot = process.getuid?.() === 0;
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    const target = isRoot ? '/proc/stampede-run' : join(locked, 'run');
    await refused(['run', 'calm', '--out', target], {}, 'run/unwritable', 'cannot be written');
    const words = ['strategies', 'new', 'mine', '--out', join(target, 'mine')];
    await refused(words, {}, 'strategy/unwritable', 'cannot be written');
    rmSync(locked, { recursive: true });
  });
});
