import { describe, expect, it, vi } from 'vitest';
import { bytes, commands, completionScript, price, progressText, short, span, whole } from '../../scenarios/cli/index.js';
import { parseCommandLine, reportError } from '../../scenarios/cli/index.js';
import { UserError } from '../../sim/kernel/index.js';

describe('the table of commands', () => {
  it('describes every command, positional and option, with examples', () => {
    for (const command of commands) {
      expect(command.doc, command.name).toMatch(/^[A-Z].{10,}/);
      expect(command.examples.length, command.name).toBeGreaterThan(0);
      for (const one of [...command.positionals, ...command.options]) {
        expect(one.doc, `${command.name} ${one.name}`).toMatch(/^.{8,}/);
      }
      for (const one of command.options) {
        if (one.kind !== 'flag') expect(one.value, `${command.name} --${one.name}`).toBeTruthy();
      }
      for (const [line] of command.examples) expect(line.split(' ')[0]).toBe(command.name);
    }
  });

  it('has the commands the documentation names', () => {
    expect(commands.map((one) => one.name)).toEqual([
      'run', 'verify', 'why', 'counterfactual', 'check', 'break', 'compare', 'sweep', 'merge', 'worker', 'queue', 'analyze', 'query',
      'export', 'rare', 'validate', 'serve', 'scenarios', 'studies', 'strategies', 'metrics', 'probe', 'schema', 'bench', 'doctor', 'completion',
    ]);
  });

  it('completes every command, option and name', () => {
    const script = completionScript(commands, false);
    for (const command of commands) {
      expect(script).toContain(`    ${command.name}) words="`);
      for (const one of command.options) expect(script).toContain(`--${one.name}`);
    }
    expect(script).toContain('black-thursday-2020');
    expect(script).toContain('volatility-target');
    expect(script).toContain('    metrics) words="reproductionNumber ');
    expect(script).toContain('    bench) words="book decide barrier ');
    expect(completionScript(commands, true)).toContain('bashcompinit');
  });
});

describe('the parser', () => {
  const parse = (line: string) => parseCommandLine(line.split(' '), commands);

  it('keeps words as text and a hyphen as a hyphen', async () => {
    const parsed = await parse('run - --seed 007 --set a=1 --set b=2 --json --no-color');
    expect(parsed?.command.name).toBe('run');
    expect(parsed?.args).toMatchObject({
      scenario: '-', seed: '007', set: ['a=1', 'b=2'], json: true, color: false,
    });
  });

  it('takes what stands after -- for arguments', async () => {
    expect((await parse('run --json -- calm'))?.args).toMatchObject({ scenario: 'calm', json: true });
    expect((await parse('run -- --quiet'))?.args).toMatchObject({ scenario: '--quiet' });
    expect((await parse('run --seed 3 -- -'))?.args).toMatchObject({ scenario: '-', seed: '3' });
  });

  it.each([
    ['rum', 'usage/command', 'did you mean "run"?'],
    ['run --sed 4', 'usage/option', 'did you mean "--seed"?'],
    ['run --sed=4', 'usage/option', '--sed=4 is not an option of run'],
    ['run -x', 'usage/option', '-x is not an option of run'],
    ['run --seed', 'usage/value', '--seed needs a value'],
    ['run calm calm', 'usage/argument', '"calm" is one argument too many'],
    ['verify', 'usage/argument', '<run> is missing'],
    ['--json', 'usage/command', 'no command was given'],
    ['--nope', 'usage/option', '--nope is not an option'],
    ['--hepl', 'usage/option', 'did you mean "--help"?'],
    ['run calm --json=maybe', 'usage/value', '--json takes no value, was given "maybe"'],
    ['run calm --quiet=no', 'usage/value', '--quiet takes no value'],
    ['run calm --check false', 'usage/value', '--check takes no value'],
    ['run calm --no-color=x', 'usage/value', '--color takes no value'],
    ['run -- calm --quiet', 'usage/argument', '"--quiet" is one argument too many'],
    ['run --seed -- calm', 'usage/value', '--seed needs a value'],
  ])('refuses "%s" with %s', async (line, code, text) => {
    await expect(parse(line)).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
      code: expect.stringContaining(code),
      message: expect.stringContaining(text),
    });
  });
});

describe('numbers for people', () => {
  it('groups, shortens and names units', () => {
    expect([0, 999, 1234567].map(whole)).toEqual(['0', '999', '1,234,567']);
    expect([0, 9999, 12345, 999_600, 1.516e9, -2.5e6, 0.1234].map(short)).toEqual([
      '0', '9,999', '12.3 k', '1.00 M', '1.52 B', '-2.50 M', '0.123',
    ]);
    expect([1.25, 65, 3600, 172_800].map(span)).toEqual(['1.25 s', '1 min 05 s', '1 h 00 min', '48 h 00 min']);
    expect([512, 2048, 3e8, 4e9].map(bytes)).toEqual(['512 B', '2 KiB', '286 MiB', '3.73 GiB']);
    expect([7990, 0.9999, 56.125].map(price)).toEqual(['7,990', '0.99990', '56.125']);
  });

  it('tells progress with the time left', () => {
    const sample = {
      simulatedMicros: 3.6e9, durationMicros: 1.44e10, windows: 20_000, liquidations: 1234,
      orderActions: 0, wallSeconds: 2, isWriting: false,
    };
    expect(progressText(sample)).toBe('1 h 00 min of 4 h 00 min, 10.0 k windows/s, 1,234 liquidations, 6 s left');
    expect(progressText({ ...sample, isWriting: true })).toContain('writing');
  });
});

describe('errors', () => {
  const told = (error: unknown, about?: string): { code: number; text: string } => {
    const spy = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const code = reportError(error, about);
      return { code, text: spy.mock.calls.map(([text]) => String(text)).join('') };
    } finally {
      spy.mockRestore();
    }
  };

  it('that the user can mend: at most three lines, the code, its exit code', () => {
    expect(told(new UserError('a/b', 'one\ntwo\nthree\nfour'))).toEqual({
      code: 2,
      text: 'error: one\ntwo\nthree [a/b]\n',
    });
    expect(told(new UserError('disk/full', 'no room', 6)).code).toBe(6);
  });

  it('of ours: one paragraph with version and seed, no stack', () => {
    const { code, text } = told(new Error('shard 0 failed: worker exited with code: 1'), 'calm, seed 3');
    expect(code).toBe(1);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(text).toMatch(/shard 0 failed.*stampede 0\.1\.0.*calm, seed 3.*report/);
    expect(text).not.toContain('    at ');
  });
});
