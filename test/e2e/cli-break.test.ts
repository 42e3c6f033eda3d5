/** `stampede break`, as it is called. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cascadeLaw } from '../../sim/metrics/index.js';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

/** Parts that no fall of the price needs, and what is asserted. */
const BYSTANDERS = `  - name: bystanders
    strategy: buy-and-hold-levered
    count: 3
    equity: 1000
    params: { leverage: 0 }
faults:
  - { kind: halt, from: 9900ms, until: 10s }
exogenous:
  - { name: late, side: buy, notional: 1, from: 9950ms }
assertions:
  - price.maxDrawdownFraction p99 < 0.15
`;

describe('stampede break', () => {
  let folder = '';
  const breaking = (...words: string[]) => stampede(['break', ...words], folder);
  const replay = (command: string) => stampede([...command.split(' ').slice(1), '--json'], folder);

  beforeAll(() => {
    folder = scratchFolder();
    const short = SMALL_SCENARIO.replace('duration: 5m', 'duration: 10s');
    writeFileSync(join(folder, 'small.yaml'), short + BYSTANDERS);
  });
  afterAll(() => remove(folder));

  it('brackets where cascades of a flat book run away with probability .05', async () => {
    const words = ['flat-book', '--dial', 'flat.R', '--assert', 'liquidations.count < 1000'];
    const { code, stdout } = await breaking(...words, '--out', 'flat.yaml', '--json');
    expect(code).toBe(0);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ verdict: 'found', direction: 'rising', dial: 'flat.R', alpha: 0.05, countsOnly: true });
    expect(found.assertions).toEqual(['liquidations.count < 1000']);
    // The law: 1.000.
    const law = (R: number) => cascadeLaw({ theta: 2, R }).pAtLeast(1000);
    expect(law(found.low)).toBeLessThan(0.05);
    expect(law(found.high)).toBeGreaterThan(0.05);
    expect(found.low).toBeLessThan(1);
    expect(found.high).toBeGreaterThan(1);
    expect(found.high / found.low).toBeLessThanOrEqual(1.0501);
    expect(found.breaking.value).toBe(found.high);
    const again = await replay(found.breaking.replay);
    expect(JSON.parse(again.stdout).liquidations.count).toBe(1000);
  });

  it('brackets probability one half, where the law says 1.228', async () => {
    const words = ['flat-book', '--dial', 'flat.R', '--assert', 'liquidations.count < 1000', '--alpha', '0.5'];
    const range = ['--from', '1', '--to', '1.6', '--precision', '0.2', '--seed', '1000'];
    const { code, stdout } = await breaking(...words, ...range, '--out', 'half.yaml', '--json');
    expect(code).toBe(0);
    const found = JSON.parse(stdout);
    expect(found.low).toBeLessThan(1.228);
    expect(found.high).toBeGreaterThan(1.228);
  });

  it('writes the least scenario, which breaks as it says, the same on any number of threads', async () => {
    const words = ['small.yaml', '--dial', 'leverage', '--alpha', '0.5', '--from', '1', '--to', '8', '--precision', '0.5'];
    const one = await breaking(...words, '--threads', '1', '--out', 'one.yaml', '--json');
    const two = await breaking(...words, '--threads', '2', '--out', 'two.yaml', '--json');
    expect(one.code).toBe(0);
    expect(two.stdout).toBe(one.stdout.replaceAll('one.yaml', 'two.yaml'));
    const { breaking: found, verdict } = JSON.parse(one.stdout);
    expect(verdict).toBe('found');
    expect(found.violated).toEqual(['price.maxDrawdownFraction p99 < 0.15']);
    const removed = found.removed.map((part: { name: string }) => part.name);
    expect(removed).toEqual(expect.arrayContaining(['bystanders', 'faults[0]', 'late']));
    expect(found.isMinimal).toBe(true);
    const text = readFileSync(join(folder, 'one.yaml'), 'utf8');
    expect(text).toContain(`# ${found.replay}\n`);
    for (const name of removed) expect(text).not.toContain(`name: ${name}\n`);
    const again = await replay(found.replay);
    expect(JSON.parse(again.stdout).price.maxDrawdownFraction).toBeGreaterThanOrEqual(0.15);
  });

  it('says that nothing breaks, and that the budget was spent', async () => {
    const calm = ['small.yaml', '--dial', 'leverage', '--from', '0.5', '--to', '1', '--alpha', '0.5'];
    const { code, stdout } = await breaking(...calm, '--assert', 'price.maxDrawdownFraction < 0.99', '--out', 'no.yaml');
    expect(code).toBe(0);
    expect(stdout).toMatch(/not broken up to dials.leverage = 1: violated in less than 50.0 % of the runs/);
    expect(existsSync(join(folder, 'no.yaml'))).toBe(false);
    const poor = ['flat-book', '--dial', 'flat.R', '--assert', 'liquidations.count < 1000', '--budget', '400'];
    const spent = await breaking(...poor, '--precision', '0.01', '--json');
    expect(spent.code).toBe(7);
    const known = JSON.parse(spent.stdout);
    expect(known).toMatchObject({ verdict: 'undecided', breaking: null });
    expect(known.runs).toBeLessThanOrEqual(400);
    expect(known.high ?? Infinity).toBeGreaterThan(1);
  });

  it('refuses what it cannot do, in one line, and overwrites nothing', async () => {
    writeFileSync(join(folder, 'mine.yaml'), 'mine');
    const refused = async (words: string[], text: RegExp) => {
      const { code, stdout, stderr } = await breaking(...words);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(text);
    };
    await refused(['small.yaml'], /--dial is missing/);
    await refused(['small.yaml', '--dial', 'shok'], /--dial was "shok".*did you mean "shock"/);
    await refused(['small.yaml', '--dial', 'shock', '--out', 'mine.yaml'], /mine.yaml: exists already/);
    await refused(['small.yaml', '--dial', 'shock', '--to', '50'], /--to 50: dials.shock: was 50, must be a number in \[0, 20\]/);
    await refused(['calm', '--dial', 'shock', '--assert', 'badDebtQuot <= 0'], /did you mean "badDebtQuote"/);
    expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('mine');
  });
});
