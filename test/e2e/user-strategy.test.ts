/** A user's own strategy through the real binary: it runs in every thread, and its mistakes are one line. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { loadStrategies, startRun } from '../../scenarios/runtime/index.js';
import { contents, remove, scratchFolder, stampede } from '../support/cli-process.js';
import { strategyFile, TRADING_BODY, USER_SCENARIO } from '../support/user-strategy.js';

const RUN = ['run', 'own.yaml', '--strategy', './mine.ts', '--quiet'];
let folder: string;

beforeEach(() => {
  folder = scratchFolder();
  writeFileSync(join(folder, 'own.yaml'), USER_SCENARIO);
});
afterEach(() => {
  remove(folder);
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

describe('a run with a strategy of the user', () => {
  it('gives one hash on 1, 2 and 3 threads that share every window', async () => {
    write('mine.ts', strategyFile(TRADING_BODY));
    const userStrategies = await loadStrategies([join(folder, 'mine.ts')]);
    const known = [...registry, ...userStrategies.map((one) => one.strategy)];
    const scenario = resolveScenario(parseScenario(USER_SCENARIO, 'own.yaml', known), known);
    const results = [];
    for (const threads of [1, 2, 3]) {
      const inputs = { scenario, seed: 5, userStrategies, inlineDueMax: 0 };
      results.push(await startRun({ ...inputs, threads, out: null }).result);
    }
    expect(results[1].parallelWindows).toBeGreaterThan(100);
    expect(new Set(results.map((one) => one.hash)).size).toBe(1);
    expect(results[0].trades).toBeGreaterThan(100);
  });

  it('keeps the rule in its folder, from which it verifies; a change of the rule is found', async () => {
    write('mine.ts', strategyFile(TRADING_BODY));
    const made = await stampede([...RUN, '--json', '--out', 'made'], folder);
    expect(made.code, made.stderr).toBe(0);
    const manifest = JSON.parse(readFileSync(join(folder, 'made/manifest.json'), 'utf8'));
    expect(manifest.digests).toEqual({ 'strategies/mine.js': expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(manifest.files.map((one: { name: string }) => one.name)).toContain('strategies/mine.js');
    // Whatever becomes of the file.
    write('mine.ts', 'gone');
    const verified = await stampede(['verify', 'made', '--threads', '2'], folder);
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified.stdout).toMatch(/^✓ /);
    expect(verified.stderr).toContain('runs the code of strategy mine that is kept in the folder');
    const kept = join(folder, 'made/strategies/mine.js');
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('* 50', '* 51'));
    const changed = await stampede(['verify', 'made'], folder);
    expect(changed).toMatchObject({ code: 2, stdout: '' });
    expect(changed.stderr).toMatch(/made\/strategies\/mine\.js: was changed.*\[trace\/damaged\]\n$/);
  });

  it('says what another rule is called when a scenario names one that no file has', async () => {
    write('mine.ts', strategyFile(TRADING_BODY, { name: 'mines' }));
    const without = await stampede(['run', 'own.yaml'], folder);
    expect(without.stderr).toMatch(/was "mine".*a strategy of your own needs its file: --strategy <file>/);
    const other = await stampede(RUN, folder);
    expect(other.stderr).toMatch(/was "mine".*did you mean "mines"/);
    expect([without.code, other.code]).toEqual([2, 2]);
    const unused = await stampede(['run', 'calm', '--set', 'time.duration=1m', '--strategy', 'mine.ts'], folder);
    expect(unused.code).toBe(0);
    expect(unused.stderr).toContain('warning: mine.ts: no cohort of the scenario names strategy "mines"');
  });
});

describe('a strategy that fails ends the run with one line, exit code 2, and leaves nothing', () => {
  const decided = /strategy "mine", agent \d+ of cohort "crowd" at 00:01:0\d\.\d+: /;
  it.each([
    ['throws', strategyFile("throw new Error('boom');"), 'threw', decided],
    ['writes NaN', strategyFile('target[i] = equity[i] / 0 - equity[i] / 0;'), 'nan', decided],
    ['writes beyond its state', strategyFile('rows[r + at.seen + 4] = 1;'), 'state', decided],
    ['keeps count outside its row', strategyFile('target[i] = calls++;', { head: 'let calls = 0;' }), 'impure', decided],
    ['reads a clock', strategyFile('target[i] = Date.now();'), 'impure', decided],
    ['takes tan from Math', strategyFile('const { tan } = Math; target[i] = tan(1);'), 'impure', decided],
    ['decides later', strategyFile('').replace('  decide(', '  async decide('), 'async', /agent \d+ of cohort "crowd" at 00:00:0/],
    ['throws while it is loaded', strategyFile('', { head: "throw new Error('early');" }), 'module', /threw "early" while it was loaded/],
    ['is not TypeScript', 'export default {{', 'syntax', /mine\.ts:1:\d+: /],
    ['is no strategy', 'export default 3;', 'default', /default export was a number/],
    ['has a name that is taken', strategyFile('', { name: 'momentum' }), 'name-taken', /"momentum" ships with stampede/],
    ['declares a default out of range', strategyFile('').replace('default: 2', 'default: -2'), 'default', /mine\.leverage: default was -2/],
    ['ends its thread in a decision', strategyFile("globalThis['process'].exit(0);"), 'exit', decided],
    ['has too long a name', strategyFile('', { name: 'a'.repeat(61) }), 'name', /61 characters, must be at most 60/],
    ['decides in a generator', strategyFile('').replace('  decide(', '  *decide('), 'async', /returned an object/],
    ['keeps a peak of all agents', strategyFile('peak = Math.max(peak, mark); target[i] = equity[i] * (mark < peak ? 1 : 2);', { head: 'let peak = 0;' }), 'impure', /strategy "mine", agent \d+ of cohort "crowd"/],
    ['ends its thread', strategyFile('', { head: "globalThis['process'].exit(0);" }), 'exit', /ended its thread/],
  ])('%s', async (_what, text, code, line) => {
    write('mine.ts', text);
    const { code: exit, stdout, stderr } = await stampede([...RUN, '--threads', '2'], folder);
    expect({ exit, stdout }, stderr).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr).toContain(`[strategy/${code}]`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(contents(folder)).toEqual(['mine.ts', 'own.yaml']);
  });

  it.each(['1', '2'])('loops for ever, on %s threads: within the limit and 2 s', async (threads) => {
    const timed = async (text: string) => {
      write('mine.ts', text);
      const words = [...RUN, '--threads', threads, '--strategy-timeout', '1s'];
      const begun = performance.now();
      const done = await stampede(words, folder);
      return { ...done, millis: performance.now() - begun };
    };
    const thrown = await timed(strategyFile("throw new Error('x');"));
    const { code, stderr, millis } = await timed(strategyFile('for (;;) target[i] = 1;'));
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(decided);
    expect(stderr).toContain('did not return within 1 s; endless loop?');
    expect(stderr).toContain('[strategy/timeout]');
    expect(millis - thrown.millis).toBeLessThan(3000);
    expect(contents(folder)).toEqual(['mine.ts', 'own.yaml']);
  });

  it('loops for ever while it is loaded', async () => {
    write('mine.ts', strategyFile('', { head: 'for (;;);' }));
    const { code, stderr } = await stampede([...RUN, '--strategy-timeout', '500ms'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/strategy "mine\.ts": did not finish loading within 0\.5 s.*\[strategy\/timeout\]\n$/);
  });

  it('fills the memory, and one file is given twice', async () => {
    write('mine.ts', strategyFile('', { head: 'const all: unknown[] = []; for (;;) all.push(new Array(1000).fill(0.5));' }));
    const full = await stampede([...RUN, '--strategy-timeout', '1m'], folder);
    expect(full.stderr).toMatch(/^error: strategy "mine\.ts": ran out of memory; .*\[strategy\/memory\]\n$/);
    write('mine.ts', strategyFile(''));
    const twice = await stampede([...RUN, '--strategy', 'mine.ts'], folder);
    expect(twice.stderr).toMatch(/^error: strategy file "mine\.ts" was given twice; .*\[strategy\/file\]\n$/);
    expect([full.code, twice.code]).toEqual([2, 2]);
    expect(contents(folder)).toEqual(['mine.ts', 'own.yaml']);
  });

  it('two files with one name, and a limit that is no duration', async () => {
    write('mine.ts', strategyFile(''));
    write('other.js', strategyFile('').replace(': number', ''));
    const two = await stampede([...RUN, '--strategy', 'other.js'], folder);
    expect(two.stderr).toMatch(/^error: other\.js: "mine" is also the name in mine\.ts.*\[strategy\/name-taken\]\n$/);
    const limit = await stampede([...RUN, '--strategy-timeout', '5'], folder);
    expect(limit.stderr).toMatch(/--strategy-timeout was 5, must be a duration in 100ms to 1h/);
    expect([two.code, limit.code]).toEqual([2, 2]);
  });
});

describe('the scaffold', () => {
  let scaffold: string;
  beforeAll(async () => {
    scaffold = scratchFolder();
    const { code, stderr } = await stampede(['strategies', 'new', 'dip-buyer'], scaffold);
    expect(code, stderr).toBe(0);
  });
  afterAll(() => {
    remove(scaffold);
  });

  it('holds a rule, a scenario, and the commands that use them', () => {
    expect(contents(join(scaffold, 'dip-buyer'))).toEqual(['README.md', 'dip-buyer.ts', 'dip-buyer.yaml']);
    const readme = readFileSync(join(scaffold, 'dip-buyer/README.md'), 'utf8');
    for (const word of ['run', 'probe', 'strategies test', 'serve']) expect(readme).toContain(`stampede ${word} `.trim());
    expect(readme).not.toContain('my-strategy');
  });

  it('runs as its own text says, in the folder it was written to', async () => {
    const text = readFileSync(join(scaffold, 'dip-buyer/dip-buyer.ts'), 'utf8');
    const commands = [...text.matchAll(/^ \* {3}stampede ((?:strategies test|run) .*?)(?: {2,}.*)?$/gm)];
    expect(commands.map(([, words]) => words)).toEqual([
      'strategies test dip-buyer/dip-buyer.ts',
      'run dip-buyer/dip-buyer.yaml --strategy dip-buyer/dip-buyer.ts',
    ]);
    const outputs: string[] = [];
    for (const [, words] of commands) {
      const { code, stdout, stderr } = await stampede(words.split(' '), scaffold);
      expect(code, stderr).toBe(0);
      outputs.push(stdout);
    }
    expect(outputs[0]).toContain('✓ example: Enters above the average');
    expect(outputs[1]).toMatch(/hash +[0-9a-f]{16}/);
    expect(outputs[1]).toContain('✓ 0 quanta');
  });

  it('is refused where something stands, and for names that cannot be', async () => {
    const again = await stampede(['strategies', 'new', 'dip-buyer'], scaffold);
    expect(again.stderr).toMatch(/"dip-buyer" exists already.*\[strategy\/exists\]\n$/);
    for (const [name, code] of [['Dip', 'name'], ['momentum', 'name-taken'], ['test', 'name']]) {
      const { stderr, code: exit } = await stampede(['strategies', 'new', name], scaffold);
      expect(stderr).toContain(`[strategy/${code}]`);
      expect(exit).toBe(2);
    }
    expect(contents(scaffold).filter((name) => name !== 'runs')).toEqual(['dip-buyer']);
  });

  it('goes where it is told, and its commands follow', async () => {
    const { stdout } = await stampede(['strategies', 'new', 'own-rule', '--out', 'deep/er', '--json'], folder);
    expect(JSON.parse(stdout).files).toEqual(['deep/er/own-rule.ts', 'deep/er/own-rule.yaml', 'deep/er/README.md']);
    expect(readFileSync(join(folder, 'deep/er/README.md'), 'utf8')).toContain(
      'stampede run deep/er/own-rule.yaml --strategy deep/er/own-rule.ts',
    );
  });

  it('quotes a folder with a space in its commands', async () => {
    const { stdout } = await stampede(['strategies', 'new', 'own-rule', '--out', 'my rules'], folder);
    const command = "stampede run 'my rules/own-rule.yaml' --strategy 'my rules/own-rule.ts'";
    expect(stdout).toContain(command);
    expect(readFileSync(join(folder, 'my rules/README.md'), 'utf8')).toContain(command);
  });

  it('a wrong example is told with its numbers; exit code 3', async () => {
    mkdirSync(join(folder, 'changed'));
    cpSync(join(scaffold, 'dip-buyer'), join(folder, 'changed'), { recursive: true });
    const file = join(folder, 'changed/dip-buyer.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('[0, 0, 2, 2, 0, 0, 0]', '[0, 0, 3, 2, 0, 0, 0]'));
    const { code, stdout } = await stampede(['strategies', 'test', 'changed/dip-buyer.ts'], folder);
    expect(stdout).toContain('    step 2 targetLeverage: was 2, must be 3\n');
    expect(code).toBe(3);
  });
});
