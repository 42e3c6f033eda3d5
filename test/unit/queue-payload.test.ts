/** What travels through a queue arrives as it was sent, or is refused. */
import { describe, expect, it } from 'vitest';
import { packPayload, unpackPayload } from '../../dist/scenarios/experiment/queue/payload.js';
import { errorText, parseQueueUrl } from '../../dist/scenarios/experiment/queue/queue-url.js';
import { isStall, reasonOf, refusalOf } from '../../dist/scenarios/experiment/queue/dead-letter.js';
import { jobId } from '../../dist/scenarios/experiment/queue/run-job.js';
import { UserError } from '../../dist/sim/kernel/index.js';

describe('a payload', () => {
  /** Numbers that hardly compress: several pieces. */
  const column = Float64Array.from({ length: 100_000 }, (_, i) => Math.sqrt(i + 2));
  const bars = { startMillis: 5, intervalMicros: 60e6, open: column, high: column.map((x) => 2 * x), low: Float64Array.of(-0, 5e-324, Infinity), close: column };
  const scenario = { name: 'x', title: 'é "quoted"', population: [] };
  const subjects = [{ kind: 'scenario', scenario, bars, strategies: [{ name: 'mine', digest: 'd', code: 'let a = `\u0000`;', place: 'p' }] }];

  it('keeps every bit, in pieces that a database takes', () => {
    const packed = packPayload({ subjects: subjects as never, strategyMillisMax: 7 });
    expect(packed.pieces.length).toBeGreaterThan(1);
    for (const piece of packed.pieces) expect(piece.length).toBeLessThanOrEqual(1 << 20);
    // As a queue hands it on.
    const back = unpackPayload(JSON.parse(JSON.stringify(packed)));
    expect(back.subjects).toStrictEqual(subjects);
    expect(back.strategyMillisMax).toBe(7);
    const { low } = (back.subjects[0] as unknown as { bars: typeof bars }).bars;
    expect(Object.is(low[0], -0)).toBe(true);
  });

  it('has one digest for equal contents, and is refused when a character differs', () => {
    const packed = packPayload({ subjects: subjects as never });
    expect(packPayload({ subjects: subjects as never }).digest).toBe(packed.digest);
    expect(packPayload({ subjects: subjects as never, strategyMillisMax: 1 }).digest).not.toBe(packed.digest);
    const [first, ...rest] = packed.pieces;
    const changed = first.slice(0, 40) + (first[40] === 'A' ? 'B' : 'A') + first.slice(41);
    const refuse = (pieces: string[]) => () => unpackPayload({ digest: packed.digest, pieces });
    expect(refuse([changed, ...rest])).toThrow(expect.objectContaining({ code: 'queue/payload' }));
    expect(refuse(rest)).toThrow(expect.objectContaining({ code: 'queue/payload' }));
  });
});

describe('a job', () => {
  const job = { version: '1', study: 's', name: 'n', payload: 'p', runs: '[1]', results: null };
  it('has an id of its batch, its study, its version and its way back, and of nothing else', () => {
    expect(jobId({ ...job, name: 'other', payload: 'q', isDropped: true })).toBe(jobId(job));
    for (const change of [{ version: '2' }, { study: 't' }, { runs: '[2]' }, { results: '/x' }]) {
      expect(jobId({ ...job, ...change })).not.toBe(jobId(job));
    }
  });

  it('carries the refusals that end a sweep, and only these', () => {
    const loop = new UserError('strategy/loop', 'mine did not return');
    expect(refusalOf(reasonOf(loop))).toMatchObject({ code: 'strategy/loop', message: 'mine did not return' });
    expect(refusalOf(reasonOf(new UserError('queue/payload', 'gone')))).toBe(null);
    expect(refusalOf(reasonOf(new Error('x [strategy/loop] y')))).toBe(null);
    expect([isStall('job stalled more than allowable limit'), isStall('gone')]).toEqual([true, false]);
  });
});

it('a URL is shown without user and password, which no message tells either', () => {
  const at = parseQueueUrl('postgres://me:p%40ss-word@db.example:5432/lab?sslmode=disable');
  expect(at).toMatchObject({ kind: 'postgres', shown: 'postgres://db.example:5432/lab' });
  expect(parseQueueUrl('rediss://:tok-en@host').shown).toBe('rediss://host');
  expect(errorText(new Error('bad p@ss-word in p%40ss-word\nmore'), at)).toBe('bad *** in ***');
  const many = Object.assign(new AggregateError([new Error('connect ECONNREFUSED')], ''), { code: 'ECONNREFUSED' });
  expect(errorText(many, at)).toBe('connect ECONNREFUSED');
});
