/** What `stampede check` refuses, through the real binary: one line, exit 2, nothing left. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contents, remove, scratchFolder, stampede } from '../support/cli-process.js';
import { TINY_SCENARIO } from '../support/small-scenario.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  remove(folder);
});

async function refused(words: string[], message: RegExp): Promise<void> {
  const before = contents(folder);
  const { code, stdout, stderr } = await stampede(['check', ...words], folder);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(contents(folder)).toEqual(before);
}

const ASK = ['calm', '--assert'];
const HOLDS = [...ASK, 'badDebtQuote max <= 0'];

it.each<[string[], RegExp]>([
  [[...ASK, 'badDebtQuote p999 <= 0'], /^error: --assert "badDebtQuote p999 <= 0": column 14: was "p999", must be mean, median, min, max or p0\.1 to p99\.9 \[assertion\/syntax\]\n$/],
  [[...ASK, 'badDebtQuot p99 <= 0'], /column 1: metric was "badDebtQuot".*did you mean "badDebtQuote"\?\) \[metric\/unknown\]/],
  [[...ASK, 'recovery.halfLife p90 < 600'], /column 25: was 600, must be a duration such as 10m.*\[assertion\/unit\]/],
  [[...ASK, 'badDebtQuote p90 < 10m'], /column 20: was 10m, must be a number: the unit of badDebtQuote is quote/],
  [[...ASK, 'badDebtQuote\np90'], /column 17: was the end, must be <, <=, > or >=/],
  [[...ASK, 'x'.repeat(400)], /column 301: was 400 characters, must be at most 300/],
  [['calm'], /scenario calm asserts nothing; give --assert/],
  [[...HOLDS, '--seeds', '0'], /--seeds was 0, must be a whole number in 1 to 1000000/],
  [[...HOLDS, '--budget', '1e3'], /--budget was 1e3, must be a whole number/],
  [[...HOLDS, '--seeds', '9', '--budget', '9'], /--budget was given, must be left out with --seeds/],
  [[...HOLDS, '--confidence', '95'], /--confidence was 95, must be in 0\.5 to 0\.9999/],
  [[...HOLDS, '--confidence', '95%'], /--confidence was "95%", must be a number/],
  [[...HOLDS, '--seed', '9007199254740990'], /--seed was 9007199254740990, must be at most 9007199254739992 with 1000 runs/],
  [[...HOLDS, '--junit', 'no/where.xml'], /--junit no\/where\.xml: was in a folder that does not exist/],
  [[...HOLDS, '--junit', '.'], /--junit \.: was a folder/],
  [[...HOLDS, '--set', 'dials.shock=-1'], /--set dials\.shock=-1: dials\.shock: was -1/],
  [['clam', '--assert', 'badDebtQuote max <= 0'], /did you mean "calm"/],
  [[], /<scenario> is missing/],
])('%o', async (words, message) => {
  await refused(words, message);
});

it.each<[string, RegExp]>([
  ['- liquidations.count p999 < 1', /^error: my\.yaml:20:24 assertions\[0\]: was "p999", must be mean/],
  ['- "liquidations.count mean ! 1"', /^error: my\.yaml:20:30 assertions\[0\]: was "!", must be </],
  ['- { assert: liquidations.count maxi < 1 }', /^error: my\.yaml:20:34 assertions\[0\]\.assert: was "maxi"/],
  ['- liquidations.cont mean < 1', /^error: my\.yaml:20:5 assertions\[0\]: metric was "liquidations\.cont".*did you mean/],
  ['- 3', /^error: my\.yaml:20:5 assertions\[0\]: was 3, must be text such as/],
  ['- { assert: badDebtQuote max <= 0, because: x }', /assertions\[0\]\.because: unknown key/],
])('in a file: %s', async (line, message) => {
  writeFileSync(join(folder, 'my.yaml'), `${TINY_SCENARIO}assertions:\n  ${line}\n`);
  await refused(['my.yaml'], message);
});
