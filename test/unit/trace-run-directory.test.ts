import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';
import {
  ByteSink,
  LogFile,
  RunDirectory,
  type WriteSync,
  exportTrace,
  firstDivergence,
  readLog,
  readRun,
} from '../../scenarios/runtime/trace/index.js';
import { runTrace, traceLogBytes, traceMetadata } from '../support/trace-run.js';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stampede-trace-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function errorOf(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('nothing was thrown');
}

/** A pid that was in use and no longer is. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '0']).pid;
}

describe('RunDirectory', () => {
  it('appears whole, at the commit', () => {
    const target = path.join(folder, 'runs', 'a');
    const run = new RunDirectory(target);
    run.writeJson('summary.json', { seed: 1 });
    fs.writeFileSync(run.file('events.log'), 'x');
    expect(fs.existsSync(target)).toBe(false);
    expect(path.basename(run.path)).toBe(`.stampede-a-${process.pid}.partial`);
    run.commit();
    expect(fs.readdirSync(path.join(folder, 'runs'))).toEqual(['a']);
    expect(fs.readdirSync(target).sort()).toEqual(['events.log', 'summary.json']);
    expect(JSON.parse(fs.readFileSync(path.join(target, 'summary.json'), 'utf8'))).toEqual({
      seed: 1,
    });
    run.discard();
    expect(fs.existsSync(target)).toBe(true);
  });

  it('leaves nothing behind when it is discarded, made parents included', () => {
    const run = new RunDirectory(path.join(folder, 'deep', 'deeper', 'a'));
    run.writeJson('manifest.json', {});
    run.discard();
    expect(fs.readdirSync(folder)).toEqual([]);
    const kept = new RunDirectory(path.join(folder, 'deep', 'a'));
    fs.writeFileSync(path.join(folder, 'deep', 'other'), '');
    kept.discard();
    expect(fs.readdirSync(path.join(folder, 'deep'))).toEqual(['other']);
  });

  it('refuses a target that exists, even empty, even as a dangling link', () => {
    fs.mkdirSync(path.join(folder, 'empty'));
    fs.symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'link'));
    fs.writeFileSync(path.join(folder, 'file'), '');
    for (const name of ['empty', 'link', 'file']) {
      const error = errorOf(() => new RunDirectory(path.join(folder, name)));
      expect(error.code).toBe('run/exists');
      expect(error.exitCode).toBe(2);
      expect(error.message).toContain(path.join(folder, name));
    }
    expect(fs.readdirSync(folder).sort()).toEqual(['empty', 'file', 'link']);
  });

  it('refuses at the commit when another run took the place meanwhile', () => {
    const target = path.join(folder, 'a');
    const run = new RunDirectory(target);
    fs.mkdirSync(target);
    fs.writeFileSync(path.join(target, 'theirs'), '');
    expect(errorOf(() => run.commit()).code).toBe('run/exists');
    run.discard();
    expect(fs.readdirSync(target)).toEqual(['theirs']);
    expect(fs.readdirSync(folder)).toEqual(['a']);
  });

  it('replaces an earlier run at the commit and not before, when asked to', () => {
    const target = path.join(folder, 'a');
    fs.mkdirSync(target);
    fs.writeFileSync(path.join(target, 'old'), '');
    const discarded = new RunDirectory(target, { replace: true });
    discarded.discard();
    expect(fs.readdirSync(target)).toEqual(['old']);
    const run = new RunDirectory(target, { replace: true });
    run.writeJson('new', 1);
    expect(fs.readdirSync(target)).toEqual(['old']);
    run.commit();
    expect(fs.readdirSync(target)).toEqual(['new']);
    expect(fs.readdirSync(folder)).toEqual(['a']);
  });

  it('says in one line when it cannot write', () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    const parents = [
      path.join(folder, 'file'),
      path.join(folder, 'file', 'deeper'),
      '/proc/stampede',
    ];
    for (const parent of parents) {
      const error = errorOf(() => new RunDirectory(path.join(parent, 'a')));
      expect(error.code).toBe('run/unwritable');
      expect(error.exitCode).toBe(2);
      expect(error.message).not.toContain('\n');
    }
    expect(fs.readdirSync(folder)).toEqual(['file']);
  });

  it('sweeps partial folders of dead processes of this machine, and no others', () => {
    const mine = path.join(folder, `.stampede-x-${deadPid()}.partial`);
    const elsewhere = path.join(folder, `.stampede-y-${deadPid()}.partial`);
    const living = path.join(folder, `.stampede-z-${process.ppid}.partial`);
    const unrelated = path.join(folder, '.stampede-notes');
    for (const made of [mine, elsewhere, living, unrelated]) fs.mkdirSync(made);
    fs.writeFileSync(path.join(mine, '.owner'), os.hostname());
    fs.writeFileSync(path.join(mine, 'events.log'), 'half');
    fs.writeFileSync(path.join(elsewhere, '.owner'), `not-${os.hostname()}`);
    fs.writeFileSync(path.join(living, '.owner'), os.hostname());
    new RunDirectory(path.join(folder, 'a')).commit();
    expect(fs.readdirSync(folder).sort()).toEqual(
      ['a', ...[elsewhere, living, unrelated].map((made) => path.basename(made))].sort(),
    );
  });

  it('survives kill -9 in the middle: no run appears and the next one cleans up', () => {
    const script = `
      import { mkdirSync, writeFileSync } from 'node:fs';
      import { hostname } from 'node:os';
      const at = process.argv[1] + '/.stampede-a-' + process.pid + '.partial';
      mkdirSync(at); writeFileSync(at + '/.owner', hostname()); writeFileSync(at + '/events.log', 'x');
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, folder]);
    expect(child.signal).toBe('SIGKILL');
    expect(fs.readdirSync(folder)).toHaveLength(1);
    new RunDirectory(path.join(folder, 'a')).commit();
    expect(fs.readdirSync(folder)).toEqual(['a']);
  });
});

describe('LogFile', () => {
  it('writes what readers verify', () => {
    const { bytes, run } = traceLogBytes();
    const file = path.join(folder, 'events.log');
    const log = new LogFile(file, run.metadata);
    const events = new EventLog(log.onChunk, 300);
    runTrace(events);
    log.finish(events.hash.hex());
    expect(Buffer.compare(fs.readFileSync(file), bytes)).toBe(0);
    let rows = 0;
    const footer = readLog(file, (reader) => {
      rows += reader.rows;
    });
    expect(rows).toBe(run.log.rows());
    expect(footer.hash).toBe(run.log.hash.hex());
  });

  it('is told from a whole log when it was not finished', () => {
    const file = path.join(folder, 'events.log');
    const log = new LogFile(file, traceMetadata());
    runTrace(new EventLog(log.onChunk, 300));
    log.abandon();
    const error = errorOf(() => readLog(file, () => {}));
    expect(error.code).toBe('trace/truncated');
    expect(error.message).toContain(file);
  });

  it('writes on when the system takes less than it was given', () => {
    const file = path.join(folder, 'events.log');
    const stutter: WriteSync = (fd, bytes, offset, length) =>
      fs.writeSync(fd, bytes, offset, Math.min(length, 1000));
    const log = new LogFile(file, traceMetadata(), stutter);
    const events = new EventLog(log.onChunk);
    runTrace(events);
    log.finish(events.hash.hex());
    expect(readLog(file, () => {}).hash).toBe(events.hash.hex());
  });

  it.each(['ENOSPC', 'EDQUOT'])(
    'ends with disk/full and exit code 6 at %s, wherever it strikes',
    (code) => {
      for (const after of [0, 1, 3]) {
        let calls = 0;
        const failing: WriteSync = (fd, bytes, offset, length) => {
          calls += 1;
          if (calls > after) throw Object.assign(new Error('write'), { code });
          return fs.writeSync(fd, bytes, offset, length);
        };
        const error = errorOf(() => {
          const log = new LogFile(path.join(folder, 'events.log'), traceMetadata(), failing);
          const events = new EventLog(log.onChunk, 300);
          runTrace(events);
          log.finish(events.hash.hex());
        });
        expect([error.code, error.exitCode]).toEqual(['disk/full', 6]);
      }
    },
  );

  it('meets a device that is always full', () => {
    const error = errorOf(() => new LogFile('/dev/full', traceMetadata()));
    expect([error.code, error.exitCode]).toEqual(['disk/full', 6]);
    expect(error.message).toMatch(/^\/dev\/full: no room left on the disk/);
  });

  it('passes other failures of the system on as unwritable', () => {
    const failing: WriteSync = () => {
      throw Object.assign(new Error('write'), { code: 'EIO' });
    };
    const error = errorOf(() =>
      new ByteSink(path.join(folder, 'x'), failing).append(new Uint8Array(1)),
    );
    expect(error.code).toBe('run/unwritable');
    expect(errorOf(() => new ByteSink(path.join(folder, 'no', 'x'))).code).toBe('run/unwritable');
  });
});

/** Mounts a small file system, where the machine allows it. */
function mountSmall(at: string, kibibytes: number): boolean {
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', at]);
  return made.status === 0;
}

describe('a full disk', () => {
  it('ends every stage with disk/full and leaves no folder behind', () => {
    const disk = path.join(folder, 'disk');
    fs.mkdirSync(disk);
    if (!mountSmall(disk, 2048)) {
      // Without the right to mount, the device that is always full stands for the disk.
      expect(errorOf(() => new ByteSink('/dev/full').append(new Uint8Array(1))).code).toBe(
        'disk/full',
      );
      return;
    }
    try {
      const { bytes } = traceLogBytes({ trades: 12_000 });
      let failures = 0;
      for (const ballast of [0, 300, 600, 900, 1200, 1500, 2040]) {
        fs.writeFileSync(path.join(disk, 'ballast'), new Uint8Array(ballast * 1024));
        let run: RunDirectory | undefined;
        try {
          run = new RunDirectory(path.join(disk, 'a'));
          const sink = new ByteSink(run.file('events.log'));
          try {
            sink.append(bytes);
          } finally {
            sink.close();
          }
          exportTrace(run.path);
          run.writeJson('manifest.json', 'x'.repeat(1000));
        } catch (error) {
          failures += 1;
          expect(error).toMatchObject({ code: 'disk/full', exitCode: 6 });
        } finally {
          run?.discard();
        }
        expect(fs.readdirSync(disk)).toEqual(['ballast']);
      }
      expect(failures).toBeGreaterThan(3);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe('readRun', () => {
  function storedRun(): string {
    const target = path.join(folder, 'a');
    const run = new RunDirectory(target);
    fs.writeFileSync(run.file('events.log'), traceLogBytes().bytes);
    run.writeJson('summary.json', { scenario: 'made-up', out: target });
    run.writeJson('manifest.json', {
      format: 'stampede-run',
      formatVersion: 1,
      files: [{ name: 'events.log', bytes: fs.statSync(run.file('events.log')).size }],
    });
    run.commit();
    return target;
  }

  it('opens a run', () => {
    const run = readRun(storedRun());
    expect(run.summary.scenario).toBe('made-up');
    expect(fs.existsSync(run.log)).toBe(true);
  });

  it.each<[string, string, (target: string) => void]>([
    ['no folder', 'trace/missing', (t) => fs.rmSync(t, { recursive: true })],
    ['no manifest', 'trace/missing', (t) => fs.rmSync(path.join(t, 'manifest.json'))],
    ['no summary', 'trace/missing', (t) => fs.rmSync(path.join(t, 'summary.json'))],
    ['no log', 'trace/missing', (t) => fs.rmSync(path.join(t, 'events.log'))],
    ['half a manifest', 'trace/damaged', (t) => fs.truncateSync(path.join(t, 'manifest.json'), 40)],
    ['another JSON', 'trace/damaged', (t) => fs.writeFileSync(path.join(t, 'manifest.json'), '[]')],
    ['half a log', 'trace/truncated', (t) => fs.truncateSync(path.join(t, 'events.log'), 5000)],
    [
      'a newer manifest',
      'trace/version',
      (t) =>
        fs.writeFileSync(
          path.join(t, 'manifest.json'),
          JSON.stringify({ format: 'stampede-run', formatVersion: 2, files: [] }),
        ),
    ],
  ])('says in one line when there is %s', (_, code, harm) => {
    const target = storedRun();
    harm(target);
    const error = errorOf(() => readRun(target));
    expect(error.code).toBe(code);
    expect(error.exitCode).toBe(2);
    expect(error.message).not.toContain('\n');
  });
});

describe('firstDivergence', () => {
  function write(name: string, change?: (bytes: Uint8Array) => void): string {
    const file = path.join(folder, name);
    const { run } = traceLogBytes({ trades: 20_000 });
    const log = new LogFile(file, run.metadata);
    let chunks = 0;
    const events = new EventLog((bytes, rows) => {
      const copy = bytes.slice();
      if (chunks === 1) change?.(copy);
      chunks += 1;
      log.append(copy, rows);
    });
    runTrace(events, { trades: 20_000 });
    log.finish(events.hash.hex());
    return file;
  }

  it('finds nothing between equal logs', () => {
    expect(firstDivergence(write('a'), write('b'))).toBeNull();
  });

  it('finds the first row that differs and says both in words', () => {
    const other = write('b', (bytes) => {
      new DataView(bytes.buffer).setInt32(64 * 5 + 24, 4242, true);
      new DataView(bytes.buffer).setInt32(64 * 9 + 24, 4242, true);
    });
    const found = firstDivergence(write('a'), other);
    expect(found?.row).toBe(16384 + 5);
    expect(found?.a).not.toBe(found?.b);
    expect(found?.b).toContain('4242');
    expect(found?.timeMicros).toBeGreaterThan(0);
  });

  it('says which log ends first', () => {
    const short = path.join(folder, 'short');
    const { run } = traceLogBytes({ trades: 20_000 });
    const log = new LogFile(short, run.metadata);
    const events = new EventLog((bytes, rows) => {
      if (log.rows === 0) log.append(bytes, rows);
    });
    runTrace(events, { trades: 20_000 });
    log.finish('0'.repeat(16));
    const found = firstDivergence(short, write('b'));
    expect(found?.row).toBe(16384);
    expect(found?.a).toBeNull();
    expect(found?.b).not.toBeNull();
  });
});
