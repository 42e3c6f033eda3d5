import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Calendar,
  LocalMemory,
  sortByKey,
  TickIndex,
  TimingWheel,
} from '../../sim/kernel/index.js';

/** A TickIndex as a map from tick to a list. */
class NaiveTickIndex {
  readonly lists = new Map<number, number[]>();

  readonly ticksMax: number;

  constructor(ticksMax: number) {
    this.ticksMax = ticksMax;
  }

  insert(item: number, tick: number): void {
    const clamped = Math.min(Math.max(tick, 0), this.ticksMax - 1);
    this.lists.set(clamped, [...(this.lists.get(clamped) ?? []), item]);
  }

  remove(item: number): void {
    const tick = this.tickOf(item);
    if (tick < 0) return;
    const left = (this.lists.get(tick) as number[]).filter((other) => other !== item);
    if (left.length === 0) this.lists.delete(tick);
    else this.lists.set(tick, left);
  }

  tickOf(item: number): number {
    for (const [tick, items] of this.lists) if (items.includes(item)) return tick;
    return -1;
  }

  ticks(): number[] {
    return [...this.lists.keys()].sort((a, b) => a - b);
  }
}

describe('TickIndex', () => {
  it('does what a map of lists does', () => {
    const command = fc.record({
      kind: fc.constantFrom('insert', 'insert', 'insert', 'remove', 'clear'),
      item: fc.nat({ max: 39 }),
      tick: fc.oneof(fc.integer({ min: -40, max: 3100 }), fc.integer({ min: 0, max: 40 })),
      clears: fc.nat({ max: 30 }),
    });
    const run = fc.property(
      fc.constantFrom(1, 32, 33, 1024, 3000),
      fc.array(command, { maxLength: 120 }),
      (ticksMax, commands) => {
        const index = new TickIndex(new LocalMemory(), 't', 40, ticksMax);
        const naive = new NaiveTickIndex(ticksMax);
        for (const { kind, item, tick, clears } of commands) {
          if (kind === 'insert') {
            index.remove(item);
            naive.remove(item);
            index.insert(item, tick);
            naive.insert(item, tick);
          } else if (kind === 'remove') {
            index.remove(item);
            naive.remove(item);
          } else if (clears === 0) {
            index.clear();
            naive.lists.clear();
          }
          const ticks = naive.ticks();
          expect(index.lowest()).toBe(ticks[0] ?? -1);
          expect(index.highest()).toBe(ticks[ticks.length - 1] ?? -1);
          expect(index.nextAbove(tick)).toBe(ticks.find((other) => other > tick) ?? -1);
          expect(index.nextBelow(tick)).toBe(ticks.filter((other) => other < tick).pop() ?? -1);
          expect(index.has(item)).toBe(naive.tickOf(item) >= 0);
          expect(index.tickOf(item)).toBe(naive.tickOf(item));
        }
        let count = 0;
        for (const [tick, items] of naive.lists) {
          const listed: number[] = [];
          for (let item = index.first(tick); item >= 0; item = index.next(item)) listed.push(item);
          expect(listed).toEqual(items);
          count += items.length;
        }
        expect(index.count()).toBe(count);
        index.check();
      },
    );
    fc.assert(run, { seed: 11, numRuns: 1500 });
  });
});

/** A TimingWheel as a map from item to time. */
class NaiveWheel {
  readonly times = new Map<number, number>();
  base = 0;

  readonly windowMicros: number;

  constructor(windowMicros: number) {
    this.windowMicros = windowMicros;
  }

  windowOf(item: number): number {
    return Math.max(Math.floor((this.times.get(item) as number) / this.windowMicros), this.base);
  }

  collect(window: number): number[] {
    const due = [...this.times]
      .filter(([, time]) => Math.floor(time / this.windowMicros) <= window)
      .map(([item]) => item)
      .sort((a, b) => a - b);
    for (const item of due) this.times.delete(item);
    this.base = window + 1;
    return due;
  }

  nextWindow(): number {
    return Math.min(Infinity, ...[...this.times.keys()].map((item) => this.windowOf(item)));
  }
}

describe('TimingWheel', () => {
  /** Distances in windows: within a slot, across levels, and jumps of millions and billions. */
  const distance = fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 600 }),
    fc.integer({ min: 0, max: 200_000 }),
    fc.integer({ min: 0, max: 50_000_000 }),
    fc.integer({ min: 0, max: 20_000_000_000 }),
  );
  const command = fc.record({
    kind: fc.constantFrom(
      'schedule',
      'schedule',
      'schedule',
      'collect',
      'again',
      'cancel',
      'next',
      'batch',
    ),
    item: fc.nat({ max: 79 }),
    distance,
    fraction: fc.nat({ max: 99 }),
    late: fc.nat({ max: 9 }),
  });

  it('does what a map of times does', () => {
    const run = fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      const items = 80;
      const windowMicros = 100;
      const wheel = new TimingWheel(new LocalMemory(), 'w', items, windowMicros);
      const naive = new NaiveWheel(windowMicros);
      const out = new Int32Array(items);
      const collect = (window: number): void => {
        const count = wheel.collect(window, out);
        expect(Array.from(out.subarray(0, count)).sort((a, b) => a - b)).toEqual(
          naive.collect(window),
        );
        wheel.check();
      };
      const schedule = (item: number, time: number): void => {
        wheel.schedule(item, time);
        if (time === Infinity) naive.times.delete(item);
        else naive.times.set(item, time);
      };
      for (const { kind, item, distance, fraction, late } of commands) {
        const time = (naive.base + distance) * windowMicros + fraction;
        if (kind === 'schedule') {
          schedule(item, late === 0 ? Math.max(0, naive.base * windowMicros - fraction * 7) : time);
        } else if (kind === 'batch') {
          // Many items in one slot, so that chunks fill, split and empty.
          for (let i = 0; i < 70; i++) schedule(i, time + (i % (late + 1)) * windowMicros);
        } else if (kind === 'collect') {
          collect(naive.base + distance);
        } else if (kind === 'again') {
          if (naive.base > 0) collect(naive.base - 1);
        } else if (kind === 'cancel') {
          wheel.cancel(item);
          naive.times.delete(item);
        } else if (naive.nextWindow() !== Infinity) {
          collect(naive.nextWindow());
        }
        expect(wheel.nextWindow()).toBe(naive.nextWindow());
        expect(wheel.timeOf(item)).toBe(naive.times.get(item) ?? Infinity);
        expect(wheel.count()).toBe(naive.times.size);
        for (const ahead of [0, 5, distance]) {
          const window = naive.base + ahead;
          let due = 0;
          for (const other of naive.times.keys()) if (naive.windowOf(other) <= window) due++;
          if (ahead <= 5 && (naive.base & 255) < 250) expect(wheel.dueCount(window)).toBe(due);
          else expect(wheel.dueCount(window)).toBeGreaterThanOrEqual(due);
        }
      }
      wheel.check();
    });
    fc.assert(run, { seed: 12, numRuns: 2000 });
  });
});

describe('Calendar', () => {
  it('does what a map of lists does', () => {
    const command = fc.record({
      kind: fc.constantFrom('push', 'push', 'push', 'push', 'release', 'next'),
      distance: fc.nat({ max: 40 }),
      many: fc.integer({ min: 1, max: 6 }),
    });
    const run = fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(command, { maxLength: 100 }),
      (horizonWindows, fields, commands) => {
        const capacity = 60;
        const calendar = new Calendar(new LocalMemory(), 'c', { fields, capacity, horizonWindows });
        const naive = new Map<number, number[]>();
        let released = -1;
        let total = 0;
        let serial = 0;
        const nextWindow = (): number => Math.min(Infinity, ...naive.keys());
        const release = (window: number): void => {
          calendar.release(window);
          total -= naive.get(window)?.length ?? 0;
          naive.delete(window);
          released = window;
        };
        for (const { kind, distance, many } of commands) {
          if (kind === 'push') {
            const window = released + 1 + (distance % horizonWindows);
            for (let i = 0; i < many; i++) {
              if (total === capacity) {
                expect(() => calendar.push(window)).toThrow(/is full/);
                break;
              }
              const offset = calendar.push(window);
              for (let field = 0; field < fields; field++) {
                calendar.records[offset + field] = serial + field / 8;
              }
              naive.set(window, [...(naive.get(window) ?? []), serial]);
              serial++;
              total++;
            }
          } else if (kind === 'next') {
            if (total > 0) release(nextWindow());
          } else {
            // As far as nothing is lost, jumps beyond the horizon included.
            release(Math.min(nextWindow(), released + 1 + distance * distance * 1000));
          }
          expect(calendar.nextWindow()).toBe(nextWindow());
          expect(calendar.total()).toBe(total);
          for (let window = released; window <= released + horizonWindows + 1; window++) {
            const serials: number[] = [];
            for (let at = calendar.first(window); at >= 0; at = calendar.next(at)) {
              for (let field = 0; field < fields; field++) {
                expect(calendar.records[at + field]).toBe(calendar.records[at] + field / 8);
              }
              serials.push(calendar.records[at]);
            }
            expect(serials).toEqual(naive.get(window) ?? []);
            expect(calendar.count(window)).toBe(serials.length);
          }
          calendar.check();
        }
      },
    );
    fc.assert(run, { seed: 13, numRuns: 500 });
  });
});

describe('sortByKey', () => {
  it('sorts stably, as Array.prototype.sort does', () => {
    const key = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.double({ noNaN: true }),
      fc.constantFrom(Infinity, -Infinity, -0, 0),
    );
    const run = fc.property(fc.array(key, { maxLength: 400 }), fc.nat(), (values, rotation) => {
      const keys = Float64Array.from(values);
      const order = new Int32Array(values.length + 1);
      for (let i = 0; i < values.length; i++) order[i] = (i + rotation) % values.length;
      order[values.length] = -7;
      const wanted = Array.from(order.subarray(0, values.length)).sort((a, b) =>
        keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0,
      );
      sortByKey(keys, order, values.length);
      expect(Array.from(order.subarray(0, values.length))).toEqual(wanted);
      expect(order[values.length]).toBe(-7);
    });
    fc.assert(run, { seed: 14, numRuns: 3000 });
  });

  it('sorts 100,000 items, sorted, reversed and equal runs included', () => {
    const n = 100_000;
    for (const keyOf of [
      (i: number) => i,
      (i: number) => -i,
      () => 1,
      (i: number) => (i * 7919) % 1000,
    ]) {
      const keys = Float64Array.from({ length: n }, (_, i) => keyOf(i));
      const order = Int32Array.from({ length: n }, (_, i) => i);
      sortByKey(keys, order, n);
      for (let i = 1; i < n; i++) {
        const before = keys[order[i - 1]];
        const after = keys[order[i]];
        if (before > after || (before === after && order[i - 1] >= order[i])) {
          expect.fail(`out of order at ${i}`);
        }
      }
    }
  });
});
