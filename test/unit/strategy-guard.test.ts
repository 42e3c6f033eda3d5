/** The guard around rules nobody vouches for: what it lets pass unchanged, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { defineStrategy } from '../../agents/author/index.js';
import { registry } from '../../agents/index.js';
import { buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { runInMemory } from '../../sim/engine/index.js';
import { acceptStrategy, guardStrategy } from '../../sim/guard/index.js';
import { Probe } from '../../sim/probe/index.js';
import { AgentField, WakeOn } from '../../sim/strategy/index.js';
import type { DecisionBatch, RowOffsets, Strategy } from '../../sim/strategy/index.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

type At = RowOffsets<'size' | 'note' | 'ring'>;
type Rule = (batch: DecisionBatch, i: number, at: At) => void;

/** A rule on a bar clock that does `rule` from its second bar on. */
function makeStrategy(rule: Rule, style: 'sizing' | 'quoting' = 'sizing'): Strategy {
  return defineStrategy({
    name: 'mine', family: 'scaling', doc: 'A test.', source: 'a test', gainSign: 0, exitTrigger: 'none',
    params: { size: { doc: 'A size', unit: '1', min: 0, max: 9, default: 1, source: 'assumption' } },
    state: {
      note: { doc: 'A note', unit: '1', initial: 0 },
      ring: { doc: 'Some notes', unit: '1', initial: 0, count: 3 },
    },
    style, orderSlots: 3, wakeOn: WakeOn.none,
    start(batch) {
      for (let i = 0; i < batch.count; i++) batch.wakeAt[i] = 0;
    },
    decide(batch, at) {
      for (let i = 0; i < batch.count; i++) {
        batch.wakeAt[i] = batch.time[i] + batch.rows[batch.row[i] + AgentField.periodMicros];
        if (batch.time[i] > 0) rule(batch, i, at);
      }
    },
  });
}

function walk(strategy: Strategy, barMicros = 86_400e6) {
  const probe = new Probe({ strategy, startPrice: 100, priceMax: 110, barMicros });
  return [100, 101, 110, 99].map((price) => probe.step(price));
}

/** The refusal of a rule: its code, and its line. */
function refusal(rule: Rule, style?: 'sizing' | 'quoting'): { code: string; message: string } {
  try {
    walk(guardStrategy(makeStrategy(rule, style)));
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(message).not.toContain('\n');
    expect(message).toMatch(/^strategy "mine", agent 0 at 24:00:00\.000000: /);
    return { code, message: message.replace(/^.*?000000: /, '') };
  }
  return { code: 'none', message: '' };
}

describe('a guarded strategy decides as it did', () => {
  it('in a market with every shipped style: the same hash', () => {
    const scenario = resolveScenario(
      parseScenario(SMALL_SCENARIO.replace('duration: 5m', 'duration: 2m'), 'small.yaml'),
    );
    const plain = runInMemory(buildWorld(scenario, { seed: 3 }));
    const strategies = registry.map((strategy) => guardStrategy(strategy));
    const guarded = runInMemory(buildWorld(scenario, { seed: 3, strategies }), { shards: 2 });
    expect(plain.trades).toBeGreaterThan(100);
    expect(guarded.hash).toBe(plain.hash);
  });

  it('on a path, for every shipped strategy', () => {
    for (const strategy of registry) {
      expect(walk(guardStrategy(strategy), 60e6), strategy.name).toEqual(walk(strategy, 60e6));
    }
  });

  it('passes on what was not written as not written', () => {
    const seen: number[] = [];
    const strategy = makeStrategy((batch, i) => {
      seen.push(batch.target[i]);
    });
    expect(walk(guardStrategy(strategy)).map((step) => step.orderUnits)).toEqual([0, 0, 0, 0]);
    expect(seen.every((value) => Number.isNaN(value))).toBe(true);
  });

  it('tells a watch of every call, the failing one too', () => {
    const told: string[] = [];
    const watch = {
      enter: (strategy: string, _high: number, ordinal: number, time: number) => {
        told.push(`${strategy} ${ordinal} ${time}`);
      },
      leave: () => told.push('left'),
    };
    expect(() => walk(guardStrategy(makeStrategy(() => { throw new Error('x'); }), { watch }))).toThrow('x');
    expect(told.slice(-2)).toEqual(['mine 0 86400000000', 'left']);
    expect(told.filter((text) => text === 'left')).toHaveLength(told.length / 2);
  });
});

describe('what a rule must not do', () => {
  let outside = 0;
  const cases: [string, Rule, string, string][] = [
    ['throw', () => { throw new Error('boom\nand more'); }, 'threw', 'threw "boom"'],
    ['throw what is no error', () => { throw null; }, 'threw', 'threw "null"'],
    ['write NaN to its target', (b, i) => { b.target[i] = NaN; }, 'nan', 'wrote NaN to target'],
    ['write undefined to an alert', (b, i) => { b.alertBelow[i] = b.rows[1e9]; }, 'nan', 'NaN to alertBelow'],
    ['write NaN to its clock', (b, i) => { b.wakeAt[i] = NaN; }, 'nan', 'NaN to wakeAt'],
    ['write an infinite target', (b, i) => { b.target[i] = 1 / 0; }, 'nan', 'Infinity to target'],
    ['read beside its row', (b, i) => { b.target[i] = b.rows[b.row[i] - 1]; }, 'nan', 'NaN to target'],
    ['keep NaN', (b, i, at) => { b.rows[b.row[i] + at.note] = NaN; }, 'nan', 'NaN to state.note'],
    ['keep NaN in an array', (b, i, at) => { b.rows[b.row[i] + at.ring + 2] = 0 / 0; }, 'nan', 'state.ring[2]'],
    ['write past its array', (b, i, at) => { b.rows[b.row[i] + at.ring + 3] = 1; }, 'state', 'outside its row'],
    ['write before its row', (b, i) => { b.rows[b.row[i] - 1] = NaN; }, 'state', 'outside its row'],
    ['write to a parameter', (b, i, at) => { b.rows[b.row[i] + at.size] = 2; }, 'state', 'wrote to size'],
    ['write to its account', (b, i) => { b.rows[b.row[i] + AgentField.wallet] = 1e9; }, 'state', 'AgentField.wallet'],
    ['feign pending orders', (b, i) => { b.rows[b.row[i] + AgentField.pending] = 5; }, 'state', 'AgentField.pending'],
    ['draw backwards', (b, i) => { b.rows[b.row[i] + AgentField.draws] = -1; }, 'state', 'draw counter'],
    ['use an undeclared name', (b, i, at) => {
      b.rows[b.row[i] + (at as Record<string, number>).notes] = 1;
    }, 'undeclared', '"notes" is not declared; declared are size, note, ring'],
    ['count outside its row', (b, i) => { b.target[i] = ++outside; }, 'impure', 'gave another target'],
    ['keep what it counted', (b, i, at) => { b.rows[b.row[i] + at.note] = ++outside; }, 'impure', 'another state.note'],
    ['be urgent by chance', (b, i) => { b.urgency[i] = ++outside & 1; }, 'impure', 'another urgency'],
    ['wake at once', (b, i) => { b.wakeAt[i] = b.time[i]; }, 'wake', 'must be later than now'],
    ['send orders', (b, i) => { b.orders.market(i, 0, 1, -1, 0); }, 'order', 'style "quoting"'],
    ['send orders and hide it', (b, i) => {
      try { b.orders.cancelAll(i); } catch { b.target[i] = 0; }
    }, 'order', 'style "quoting"'],
    ['set other bits', (b, i) => { b.urgency[i] = 4; }, 'order', 'urgency to 4'],
  ];
  it.each(cases)('%s', (_what, rule, code, text) => {
    const { code: found, message } = refusal(rule);
    expect(message).toContain(text);
    expect(found).toBe(`strategy/${code}`);
  });

  const quoting: [string, Rule, string, string][] = [
    ['quote NaN', (b, i) => { b.orders.limit(i, 0, NaN, 1, 0); }, 'order', 'limit with NaN'],
    ['quote on no side', (b, i) => { b.orders.limit(i, 2, 99, 1, 0); }, 'order', 'side 2'],
    ['cancel no slot', (b, i) => { b.orders.cancel(i, 3); }, 'order', 'slot 3, must be in 0..2'],
    ['size a target', (b, i) => { b.target[i] = 1; }, 'order', 'style "sizing"'],
    ['quote by chance', (b, i) => { b.orders.limit(i, 0, 90 + (++outside & 1), 1, 0); }, 'impure', 'other orders'],
    ['quote once', (b, i) => { if (++outside & 1) b.orders.limit(i, 0, 90, 1, 0); }, 'impure', 'other orders'],
  ];
  it('lets a quoting rule stand down, which leaves a target of 0, and tells of whatever is thrown', () => {
    expect(refusal((b, i) => { b.target[i] = 0; }, 'quoting').code).toBe('none');
    const { code, message } = refusal(() => { throw Object.create(null); });
    expect(code).toBe('strategy/threw');
    expect(message).toContain('a value that has no text');
  });

  it.each(quoting)('when it quotes: %s', (_what, rule, code, text) => {
    const { code: found, message } = refusal(rule, 'quoting');
    expect(message).toContain(text);
    expect(found).toBe(`strategy/${code}`);
  });

  it('keep the same thing in its module for all agents, which a twin does not share', () => {
    const make = (): Strategy => {
      let peak = 0;
      return makeStrategy((b, i) => {
        peak = Math.max(peak, b.price[i]);
        b.target[i] = b.price[i] < peak ? 1 : 2;
      });
    };
    const path = Array.from({ length: 400 }, (_, k) => 100 + ((k * 37) % 61) / 10 + (k % 7 === 0 ? 3 : 0));
    const run = (strategy: Strategy) => {
      const probe = new Probe({ strategy, startPrice: 100, priceMax: 1000 });
      for (const [k, price] of path.entries()) probe.step(price + k / 10);
    };
    expect(() => run(guardStrategy(make()))).not.toThrow();
    expect(() => run(guardStrategy(make(), { twin: make() }))).toThrow(/gave another target when it was asked/);
    const rule = makeStrategy((b, i) => { b.target[i] = b.price[i]; });
    expect(() => run(guardStrategy(rule, { twin: rule }))).not.toThrow();
  });

  it('changes nothing that others see', () => {
    const probe = new Probe({
      strategy: guardStrategy(makeStrategy((b) => { b.market.fill(1); b.price.fill(1); })),
      startPrice: 100, priceMax: 110,
    });
    probe.step(100);
    const before = probe.market.slice();
    probe.step(100);
    expect(probe.market.slice(1)).toEqual(before.slice(1));
    expect(probe.batch.price[0]).toBe(100);
  });
});

describe('what is no strategy', () => {
  const good = makeStrategy(() => {});
  it.each([
    ['nothing', undefined],
    ['a number', 3],
    ['a declaration that defineStrategy has not seen', { name: 'x', family: 'scaling', decide() {} }],
    ['a row shorter than its state', { ...good, rowLength: good.rowLength - 1 }],
    ['offsets of another declaration', { ...good, at: { ...good.at, note: 3 } }],
  ])('%s is refused', (_what, value) => {
    expect(() => acceptStrategy(value, 'mine.ts')).toThrow(/^mine\.ts: the default export was /);
  });

  it('a family that there is not is named', () => {
    expect(() => acceptStrategy({ ...good, family: 'scalping' }, 'mine.ts')).toThrow(/family was "scalping"/);
    expect(acceptStrategy(good, 'mine.ts')).toBe(good);
  });

  it('a declaration says which part is missing', () => {
    const declared = { name: 'mine', family: 'scaling' } as unknown as Parameters<typeof defineStrategy>[0];
    expect(() => defineStrategy(declared)).toThrow('mine.doc: was missing, must be a string');
  });

  const size = { doc: 'A size', unit: '1', min: 0, max: 9, default: 1, source: 'assumption' };
  it.each<[string, object, string]>([
    ['a parameter', { params: { size: null } }, 'mine.params.size: was null, must be { doc, unit,'],
    ['a part of one', { params: { size: { ...size, unit: undefined } } }, 'size.unit: was missing'],
    ['its bounds', { params: { size: { ...size, min: 10 } } }, 'size.min: was 10, must be at most max, 9'],
    ['its whole default', { params: { size: { ...size, default: 1.5, integer: true } } }, 'a whole number'],
    ['a state variable', { state: { note: 5 } }, 'mine.state.note: was 5, must be { doc, unit, initial }'],
    ['a list of examples', { examples: [5] }, 'mine.examples.0: must be { doc:'],
    ['a sign', { gainSign: 5 }, 'mine.gainSign: was 5, must be -1, 0 or 1'],
    ['enough slots', { orderSlots: 1 }, 'mine.orderSlots: was 1, must be at least 2'],
  ])('a declaration says what is wrong with %s', (_what, part, text) => {
    const declared = {
      name: 'mine', family: 'scaling', doc: 'A test.', source: 'a test', gainSign: 0, exitTrigger: 'none',
      params: { size }, state: {}, style: 'sizing', orderSlots: 2, wakeOn: 0, start() {}, decide() {}, ...part,
    } as unknown as Parameters<typeof defineStrategy>[0];
    expect(() => defineStrategy(declared)).toThrow(text);
  });
});
