/** `stampede probe` and `strategies` through the real binary: results, files, refusals. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';

let folder: string;

beforeAll(() => {
  folder = scratchFolder();
  writeFileSync(join(folder, 'plain.txt'), '100\n\n110\r\n95\n');
  writeFileSync(join(folder, 'closes.csv'), 'date,open,close\nmon,99,100\ntue,100,110\nwed,110,95\n');
  writeFileSync(join(folder, 'newest-first.csv'), 'unix,price\n3,95\n2,110\n1,100\n');
  writeFileSync(join(folder, 'packed.csv.gz'), gzipSync('price\n100\n110\n95\n'));
  writeFileSync(join(folder, 'broken.csv'), 'date,close\nmon,100\ntue,?\n');
  writeFileSync(join(folder, 'columns.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'empty.csv'), '\n');
});
afterAll(() => {
  remove(folder);
});

async function json(...words: string[]) {
  const { code, stdout, stderr } = await stampede([...words, '--json'], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('probe', () => {
  it('prints exactly what it promises, unrounded', async () => {
    const found = await json('probe', 'leverage-target', '--equity', '100', '--set', 'slices=1');
    expect(Object.keys(found)).toEqual(['strategy', 'params', 'steps']);
    expect(found.params).toEqual({ leverage: 3, slices: 1, windowFraction: 0.1 });
    expect(found.steps.length).toBe(10);
    expect(Object.keys(found.steps[0])).toEqual([
      'step', 'price', 'equityQuote', 'targetPositionUnits', 'targetNotionalQuote', 'targetLeverage',
      'orderUnits', 'state',
    ]);
    // Trades of a three-times fund, from its definition: 6 A r.
    let worth = 100;
    for (let k = 1; k < 10; k++) {
      const { price, orderUnits, equityQuote } = found.steps[k];
      const r = price / found.steps[k - 1].price - 1;
      expect(orderUnits * price).toBeCloseTo(6 * worth * r, 9);
      worth *= 1 + 3 * r;
      expect(equityQuote).toBeCloseTo(worth, 9);
    }
    expect(worth).toBeCloseTo(108.028476, 6);
  });

  it('measures gains, starts from a position, rounds to lots, looks at an index', async () => {
    const [{ steps }, lots, index] = await Promise.all([
      json('probe', 'leverage-target', '--prices', '100', '--equity', '100', '--gain'),
      json('probe', 'leverage-target', '--prices', '100,103', '--position', '-2.5', '--entry', '90', '--lot', '10'),
      json('probe', 'value', '--prices', '100,100', '--index', '100,110'),
    ]);
    expect(Object.keys(steps[0].gain)).toEqual(['down', 'up', 'closedDown', 'closedUp']);
    expect(steps[0].gain.down).toBeCloseTo(600, 6);
    expect(lots.steps[0]).toMatchObject({ equityQuote: 100_000, orderUnits: 3002.5 });
    expect(lots.steps[1].orderUnits % 10).toBe(0);
    expect(index.steps[0].orderUnits).toBe(0);
    expect(index.steps[1].orderUnits).toBeGreaterThan(0);
  });

  it('takes durations, and quoting rules', async () => {
    const [day, minutes, maker] = await Promise.all([
      json('probe', 'volatility-target', '--prices', '100,101'),
      json('probe', 'volatility-target', '--prices', '100,101', '--set', 'period=5m'),
      json('probe', 'market-maker', '--prices', '100,101', '--set', 'levels=2'),
    ]);
    expect(minutes.steps[0].state.variance * 288).toBeCloseTo(day.steps[0].state.variance, 12);
    expect(maker.steps[0].orders.length).toBe(4);
    expect(maker.steps[0].orders[0]).toEqual({
      kind: 'limit', side: 'buy', priceQuote: expect.any(Number), sizeUnits: 100,
    });
  });

  it.each(['plain.txt', 'closes.csv', 'newest-first.csv', 'packed.csv.gz'])('reads %s', async (file) => {
    const { steps } = await json('probe', 'momentum', '--prices', file);
    expect(steps.map((step: { price: number }) => step.price)).toEqual([100, 110, 95]);
  });

  it('prints a table for people', async () => {
    const { code, stdout } = await stampede(['probe', 'value', '--prices', '100,110', '--gain'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^value\nstep +price +equity +target +notional +leverage +order +gain down/);
    expect(stdout).toMatch(/^ +1 +110 +100000/m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(130);
  });

  it('shows its help', async () => {
    const { stdout } = await stampede(['probe', '--help'], folder);
    await expect(stdout).toMatchFileSnapshot('../golden/help-probe.txt');
  });

  const refusals: [string[], RegExp][] = [
    [['nope'], /strategy was "nope", must be one of .*\[strategy\/unknown\]/],
    [['volatility-targt'], /did you mean "volatility-target"\?/],
    [['value', '--prices', ''], /--prices was empty.*\[usage\/value\]/],
    [['value', '--prices', '100,,2'], /--prices 2 was nothing, must be a number above 0 \[probe\/prices\]/],
    [['value', '--prices', '100,NaN'], /--prices 2 was "NaN"/],
    [['value', '--prices', 'Infinity'], /--prices 1 was "Infinity"/],
    [['value', '--prices=-5,3'], /--prices 1 was "-5"/],
    [['value', '--prices', '0'], /--prices 1 was "0"/],
    [['value', '--prices', 'none.csv'], /--prices file "none.csv" does not exist \[index\/missing\]/],
    [['value', '--prices', '.'], /--prices "." is not a file/],
    [['value', '--prices', 'broken.csv'], /broken.csv:3: price was "\?"/],
    [['value', '--prices', 'columns.csv'], /columns.csv:1: was "a,b", must be one price a line, or CSV with/],
    [['value', '--prices', 'empty.csv'], /empty.csv is empty/],
    [['value', '--prices', '1,1e9'], /must stay within a factor of 1000000 \[probe\/price\]/],
    [['value', '--index', '1,2'], /2 index prices, must be 10, one for each price \[probe\/index\]/],
    [['value', '--set', 'levrage=2'], /name was "levrage".*\(did you mean "leverage"\?\) \[probe\/setting\]/],
    [['value', '--set', 'leverage'], /--set was "leverage", must be name=value/],
    [['value', '--set', 'leverage=much'], /value was "much", must be a number/],
    [['value', '--set', 'leverage=1e9'], /value.leverage was 1000000000, must be in \[0, 100\] \[leverage\] \[probe\/range\]/],
    [['leverage-target', '--set', 'slices=1.5'], /slices was 1.5, must be a whole number in \[1, 100\]/],
    [['value', '--set', 'period=soon'], /must be a duration such as 1d or 5m/],
    [['value', '--set', 'crowding=2'], /crowding was 2, must be in \[0, 1\]/],
    [['value', '--outcomes', '1,0'], /value places no bets; give it --prices \[probe\/outcomes\]/],
    [['value', '--outcomes', '1,2'], /must be a list of 1 \(won\) and 0 \(lost\)/],
    [['value', '--outcomes', '1', '--prices', '1'], /--outcomes and --prices exclude each other/],
    [['market-maker', '--gain'], /market-maker quotes: .* no gain \[probe\/gain\]/],
    [['value', '--equity', 'rich'], /--equity was "rich", must be a number/],
    [['value', '--lot', '-1'], /--lot was -1, must be at least 0/],
    [['value', '--entry', '5'], /--entry was 5, needs a --position/],
    [['value', '--position', '1', '--entry', '-5'], /entry was -5, must be a number above 0/],
    [['value', '--seed', '-1'], /--seed was -1/],
  ];

  it('refuses bad input in one line', async () => {
    const found = await Promise.all(refusals.map(([words]) => stampede(['probe', ...words], folder)));
    found.forEach(({ code, stdout, stderr }, k) => {
      const [words, pattern] = refusals[k];
      expect({ words, code, stdout, lines: stderr.split('\n').length }).toEqual({
        words, code: 2, stdout: '', lines: 2,
      });
      expect(stderr).toMatch(pattern);
    });
  });
});

describe('strategies', () => {
  it('gives an array of one for a name, with every field of its parameters', async () => {
    const [only, ...others] = await json('strategies', 'volatility-target');
    expect(others).toEqual([]);
    expect(Object.keys(only)).toEqual([
      'name', 'family', 'doc', 'source', 'params', 'state', 'gainSign', 'exitTrigger',
    ]);
    for (const parameter of Object.values(only.params)) {
      expect(Object.keys(parameter as object)).toEqual([
        'doc', 'unit', 'min', 'max', 'default', 'integer', 'source', 'provenance',
      ]);
    }
    expect(only.params.decayDaily.provenance).toBe('literature');
    expect(only.params.direction.provenance).toBe('assumption');
  });

  it('describes one with its provenance tags, gain and examples, and lists all by family', async () => {
    const one = await stampede(['strategies', 'leverage-target'], folder);
    expect(one.stdout).toContain('gain      beta (beta - 1) A');
    expect(one.stdout).toMatch(/^slices +6 in \[1, 100\] 1, whole {2}\[assumption\]$/m);
    expect(one.stdout).toContain('  stampede probe leverage-target --equity 100 --set slices=1');
    const { stdout } = await stampede(['strategies'], folder);
    const listed = stdout.split('\n').filter((line) => line !== '').map((line) => line.split(/ +/));
    expect(listed.map(([name]) => name).sort()).toEqual(registry.map((strategy) => strategy.name));
    const families = listed.map(([, family]) => family);
    // Each family stands together.
    expect(families.filter((family, k) => family !== families[k - 1])).toEqual([...new Set(families)]);
  });
});
