import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimOf, judge, runMetrics } from '../../scenarios/experiment/index.js';
import type { Claim } from '../../scenarios/experiment/index.js';
import { assertionText, isFault, parseAssertion } from '../../scenarios/model/index.js';
import type { Amount, Assertion, Comparison, Statistic } from '../../scenarios/model/index.js';
import { UserError } from '../../sim/kernel/index.js';

function read(text: string): Assertion {
  const parsed = parseAssertion(text);
  if (isFault(parsed)) throw new Error(`${text}: column ${parsed.column}: was ${parsed.was}, ${parsed.must}`);
  return parsed.assertion;
}

const plain = (value: number): Amount => ({ value, isDuration: false });
const time = (value: number): Amount => ({ value, isDuration: true });

describe('the text of an assertion', () => {
  it.each<[string, Statistic, Comparison, Amount]>([
    ['x p99 <= 0', { kind: 'quantile', percent: 99 }, '<=', plain(0)],
    ['x p99.9<1', { kind: 'quantile', percent: 99.9 }, '<', plain(1)],
    ['  x   mean  < 1 ', { kind: 'mean' }, '<', plain(1)],
    ['x median >= -2.5e-3', { kind: 'median' }, '>=', plain(-0.0025)],
    ['x max < 250k', { kind: 'max' }, '<', plain(250_000)],
    ['x min > 3M', { kind: 'min' }, '>', plain(3_000_000)],
    ['x max < 1.5B', { kind: 'max' }, '<', plain(1_500_000_000)],
    ['x p5 > 7.3%', { kind: 'quantile', percent: 5 }, '>', plain(0.073)],
    ['x p90 < 10m', { kind: 'quantile', percent: 90 }, '<', time(600e6)],
    ['x p90 < 1h30m', { kind: 'quantile', percent: 90 }, '<', time(5400e6)],
    ['P(x > 0) <= 5%', { kind: 'share', comparison: '>', level: plain(0) }, '<=', plain(0.05)],
    ['P ( x<10ms )>=.5', { kind: 'share', comparison: '<', level: time(10_000) }, '>=', plain(0.5)],
  ])('%s', (text, statistic, comparison, threshold) => {
    expect(read(text)).toEqual({ metric: 'x', statistic, comparison, threshold, definedOnly: false });
    expect(read(`${text} where defined`).definedOnly).toBe(true);
  });

  it('reads a minute and a million apart', () => {
    expect(read('x mean < 10m').threshold).toEqual(time(600e6));
    expect(read('x mean < 10M').threshold).toEqual(plain(10e6));
  });

  it.each<[string, number, string, RegExp]>([
    ['', 1, 'the end', /figure of a run/],
    ['   ', 1, 'the end', /figure of a run/],
    ['badDebtQuote p999 <= 0', 14, '"p999"', /mean, median, min, max or p0\.1 to p99\.9$/],
    ['badDebtQuote p0 <= 0', 14, '"p0"', /p0\.1/],
    ['badDebtQuote p100 <= 0', 14, '"p100"', /p0\.1/],
    ['badDebtQuote medain <= 0', 14, '"medain"', /did you mean "median"/],
    ['badDebtQuote <= 0', 14, '"<="', /mean, median/],
    ['badDebtQuote mean == 0', 19, '"=="', /<, <=, > or >=/],
    ['badDebtQuote mean', 18, 'the end', /<, <=, > or >=/],
    ['badDebtQuote mean <', 20, 'the end', /a number/],
    ['badDebtQuote mean < ten', 21, '"ten"', /a number/],
    ['badDebtQuote mean < 1e999', 21, '"1e999"', /a number/],
    ['badDebtQuote mean < 1e3k', 21, '"1e3k"', /a number/],
    ['badDebtQuote mean < 5 %', 23, '"%"', /the end, or "where defined"/],
    ['badDebtQuote mean < 5 where', 28, 'the end', /"defined"/],
    ['badDebtQuote mean < 5 where defined so', 37, '"so"', /must be the end$/],
    ['bad-debt mean < 5', 1, '"bad-debt"', /figure of a run/],
    ['P(badDebtQuote > 0 <= 5%', 20, '"<="', /"\)"/],
    ['P(badDebtQuote > 0) < 5%', 21, '"<"', /<= or >=/],
    ['P(badDebtQuote > 0) <= 5', 24, '"5"', /share above 0 and below 1/],
    ['P(badDebtQuote > 0) <= 0', 24, '"0"', /assert on max/],
    ['P(badDebtQuote > 0) <= 5m', 24, '"5m"', /share above 0/],
    ['x'.repeat(301), 301, '301 characters', /at most 300/],
  ])('refuses "%s" at column %i', (text, column, was, must) => {
    expect(parseAssertion(text)).toEqual({ column, was, must: expect.stringMatching(must) });
  });

  const word = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9]{0,8}$/);
  const amount = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => plain(value + 0)),
    fc.integer({ min: 0, max: 1e15 }).map(time),
  );
  const comparison = fc.constantFrom<Comparison>('<', '<=', '>', '>=');
  const isShare = (one: Statistic): boolean => one.kind === 'share';
  const assertions = fc
    .record({
      metric: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('.')),
      statistic: fc.oneof(
        fc.constantFrom<Statistic>({ kind: 'mean' }, { kind: 'median' }, { kind: 'min' }, { kind: 'max' }),
        fc.integer({ min: 1, max: 999 }).map((k): Statistic => ({ kind: 'quantile', percent: k / 10 })),
        fc.record({ comparison, level: amount }).map((one): Statistic => ({ kind: 'share', ...one })),
      ),
      comparison,
      threshold: amount,
      share: fc.double({ min: 1e-9, max: 0.999, noNaN: true }),
      definedOnly: fc.boolean(),
    })
    .map(({ share, ...one }): Assertion => {
      if (!isShare(one.statistic)) return one;
      return { ...one, comparison: one.comparison[0] === '<' ? '<=' : '>=', threshold: plain(share) };
    });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(assertions, (assertion) => {
        expect(read(assertionText(assertion))).toEqual(assertion);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  it('is read, or refused at a place within it, whatever it is', () => {
    const pieces = fc.constantFrom('x', ' ', 'P(', ')', '<', '<=', '=', 'p99', 'p9.99', 'mean', '5', '%', 'where', 'defined', '\n', '\u{1f600}');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (words) => {
        const text = words.join('');
        const parsed = parseAssertion(text);
        if (isFault(parsed)) expect(parsed.column).toBeLessThanOrEqual(text.length + 1);
        else expect(read(assertionText(parsed.assertion))).toEqual(parsed.assertion);
      }),
      { seed: 12, numRuns: 3000 },
    );
  });
});

const claim = (text: string): Claim => claimOf({ text, where: (column) => `${column}: ` }, runMetrics);

describe('a claim', () => {
  it.each([
    ['badDebt mean < 1', 'metric/unknown', /^1: metric was "badDebt"/],
    ['liquidations.cont mean < 1', 'metric/unknown', /did you mean "liquidations\.count"/],
    ['recovery.halfLife p90 < 600', 'assertion/unit', /^25: was 600, must be a duration/],
    ['badDebtQuote p90 < 10m', 'assertion/unit', /^20: was 10m, must be a number: the unit of badDebtQuote is quote/],
    ['P(badDebtQuote > 10m) <= 5%', 'assertion/unit', /^18: was 10m/],
  ])('refuses "%s" with %s', (text, code, message) => {
    expect(() => claim(text)).toThrow(UserError);
    expect(() => claim(text)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it('takes no duration for a time of zero', () => {
    expect(claim('recovery.halfLife p90 > 0').claimed.threshold).toBe(0);
  });
});

describe('the judgement of a claim', () => {
  const judged = (text: string, values: readonly (number | null)[]) => judge(claim(text), values, { confidence: 0.95 });
  const times = (n: number, value: number | null) => Array.from({ length: n }, () => value);

  it('needs 299 runs to pass p99 at 95 %', () => {
    expect(judged('badDebtQuote p99 <= 0', times(299, 0)).verdict).toBe('pass');
    expect(judged('badDebtQuote p99 <= 0', times(298, 0))).toMatchObject({ verdict: 'undecided', needs: 299 });
  });

  it('turns a share around when it is bounded above', () => {
    const values = [...times(1, 5), ...times(199, 0)];
    const above = judged('P(badDebtQuote > 0) <= 5%', values);
    expect(above).toMatchObject({ verdict: 'pass', n: 200 });
    expect(above.estimate).toBeCloseTo(0.005, 12);
    expect(above.low).toBeLessThan(0.005);
    // Clopper & Pearson: one of 200, upper bound at 95 %.
    expect(above.high).toBeCloseTo(0.0235, 4);
    const same = judged('P(badDebtQuote <= 0) >= 95%', values);
    expect(same.verdict).toBe('pass');
    expect([1 - same.high, 1 - same.low]).toEqual([above.low, above.high].map((x) => expect.closeTo(x, 12)));
    expect(judged('P(badDebtQuote > 0) <= 5%', [...times(40, 1), ...times(160, 0)]).verdict).toBe('fail');
  });

  it('passes nothing that undefined figures could break, and fails nothing that they could save', () => {
    const text = 'recovery.halfLife p90 < 10m';
    const few = [...times(297, 1e6), ...times(3, null)];
    expect(judged(text, few)).toMatchObject({ verdict: 'pass', n: 300, undefinedRuns: 3 });
    const many = [...times(200, 1e6), ...times(100, null)];
    const open = judged(text, many);
    expect(open).toMatchObject({ verdict: 'undecided', undefinedRuns: 100, estimate: 1e6 });
    expect(open.reason).toMatch(/undefined in 100 of 300 runs.*where defined/);
    expect(judged(`${text} where defined`, many)).toMatchObject({ verdict: 'pass', n: 200 });
    const slow = [...times(200, 9e9), ...times(100, null)];
    expect(judged(text, slow).verdict).toBe('fail');
    const half = [...times(30, 9e9), ...times(270, null)];
    expect(judged(text, half).verdict).toBe('undecided');
  });

  it('leaves undefined figures out of a mean', () => {
    const values = Array.from({ length: 60 }, (_, k) => (k % 2 === 0 ? null : 0.4 + (k % 10) / 100));
    expect(judged('reproductionNumber mean < 1', values)).toMatchObject({ verdict: 'pass', n: 30, undefinedRuns: 30 });
    expect(judged('reproductionNumber mean < 1', times(60, null)).verdict).toBe('undecided');
  });
});
