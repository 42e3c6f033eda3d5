import { describe, expect, it } from 'vitest';
import {
  Bitmap,
  Calendar,
  LocalMemory,
  TickIndex,
  TimingWheel,
  UserError,
} from '../../sim/kernel/index.js';

describe('TickIndex', () => {
  it('keeps the order of arrival within a tick', () => {
    const index = new TickIndex(new LocalMemory(), 't', 8, 1000);
    for (const item of [5, 2, 7]) index.insert(item, 400);
    index.remove(2);
    index.insert(2, 400);
    const listed: number[] = [];
    for (let item = index.first(400); item >= 0; item = index.next(item)) listed.push(item);
    expect(listed).toEqual([5, 7, 2]);
    expect([index.highest(), index.lowest(), index.count()]).toEqual([400, 400, 3]);
  });

  it('clamps ticks beyond its ends', () => {
    const index = new TickIndex(new LocalMemory(), 't', 4, 100);
    index.insert(0, -5);
    index.insert(1, 100);
    index.insert(2, 4e9);
    expect([index.tickOf(0), index.tickOf(1), index.tickOf(2), index.tickOf(3)]).toEqual([
      0, 99, 99, -1,
    ]);
    expect([
      index.nextAbove(0),
      index.nextBelow(99),
      index.nextAbove(99),
      index.nextBelow(0),
    ]).toEqual([99, 0, -1, -1]);
    expect([index.nextAbove(-10), index.nextBelow(1e6)]).toEqual([0, 99]);
    index.check();
  });

  it('is empty after clear, and usable', () => {
    const index = new TickIndex(new LocalMemory(), 't', 100, 70_000);
    for (let item = 0; item < 100; item++) index.insert(item, item * 650);
    index.clear();
    index.check();
    expect([index.count(), index.highest(), index.lowest(), index.has(5)]).toEqual([
      0,
      -1,
      -1,
      false,
    ]);
    index.remove(5);
    index.insert(5, 3);
    expect(index.lowest()).toBe(3);
    index.check();
  });

  it('works with one tick and one item', () => {
    const index = new TickIndex(new LocalMemory(), 't', 1, 1);
    index.insert(0, 7);
    expect([index.highest(), index.tickOf(0), index.nextAbove(-1)]).toEqual([0, 0, 0]);
    index.remove(0);
    index.remove(0);
    expect(index.highest()).toBe(-1);
    index.check();
  });
});

describe('Bitmap', () => {
  it('walks all its members in both directions at every size of hierarchy', () => {
    for (const length of [1, 31, 32, 33, 1024, 1025, 32_768, 32_769, 1_100_000]) {
      const bitmap = new Bitmap(new LocalMemory(), 'b', length);
      const members = [
        ...new Set([0, 1, 31, 32, 63, 1023, 1024, 32_767, 32_768, length - 2, length - 1]),
      ]
        .filter((member) => member >= 0 && member < length)
        .sort((a, b) => a - b);
      for (const member of members) bitmap.add(member);
      const up: number[] = [];
      for (let at = bitmap.atOrAbove(-3); at >= 0; at = bitmap.atOrAbove(at + 1)) up.push(at);
      const down: number[] = [];
      for (let at = bitmap.atOrBelow(length + 3); at >= 0; at = bitmap.atOrBelow(at - 1))
        down.push(at);
      expect(up).toEqual(members);
      expect(down.reverse()).toEqual(members);
      for (const member of members) bitmap.remove(member);
      expect(bitmap.atOrAbove(0)).toBe(-1);
      bitmap.check();
    }
  });
});

describe('TimingWheel', () => {
  const wheelOf = (items: number, windowMicros = 100): TimingWheel =>
    new TimingWheel(new LocalMemory(), 'w', items, windowMicros);
  const collected = (wheel: TimingWheel, window: number): number[] => {
    const out = new Int32Array(wheel.itemsMax);
    return Array.from(out.subarray(0, wheel.collect(window, out))).sort((a, b) => a - b);
  };

  it('collects by window and writes from an offset', () => {
    const wheel = wheelOf(4);
    wheel.schedule(0, 99);
    wheel.schedule(1, 100);
    wheel.schedule(2, 199.5);
    const out = new Int32Array(6).fill(-1);
    expect(wheel.collect(0, out, 2)).toBe(1);
    expect(Array.from(out)).toEqual([-1, -1, 0, -1, -1, -1]);
    expect(collected(wheel, 1)).toEqual([1, 2]);
    expect([wheel.nextWindow(), wheel.count(), wheel.timeOf(1)]).toEqual([Infinity, 0, Infinity]);
    expect([wheel.lastTimeOf(0), wheel.lastTimeOf(1), wheel.lastTimeOf(2)]).toEqual([99, 100, 199.5]);
  });

  it('returns a late timer when its window is collected again, or with the next', () => {
    const wheel = wheelOf(3);
    expect(collected(wheel, 10)).toEqual([]);
    wheel.schedule(0, 1050);
    wheel.schedule(1, 20);
    expect([wheel.nextWindow(), wheel.dueCount(10), wheel.dueCount(11)]).toEqual([11, 2, 2]);
    expect(collected(wheel, 10)).toEqual([0, 1]);
    wheel.schedule(2, 1050);
    expect(collected(wheel, 11)).toEqual([2]);
    expect(() => wheel.collect(9, new Int32Array(3))).toThrow(/ascend/);
  });

  it('jumps over millions of empty windows and finds the next one exactly', () => {
    const wheel = wheelOf(5, 1);
    const times = [3, 255, 256, 2 ** 32 + 5, 2 ** 53 - 1];
    for (const [item, time] of times.entries()) wheel.schedule(item, time);
    for (const [item, time] of times.entries()) {
      expect(wheel.nextWindow()).toBe(time);
      if (time > 3) expect(collected(wheel, time - 1)).toEqual([]);
      wheel.check();
      expect(collected(wheel, time)).toEqual([item]);
      wheel.check();
    }
    expect(wheel.nextWindow()).toBe(Infinity);
  });

  it('replaces, cancels, and takes Infinity for a cancel', () => {
    const wheel = wheelOf(3);
    wheel.schedule(0, 5000);
    wheel.schedule(0, 300);
    wheel.schedule(1, 70_000);
    wheel.schedule(1, Infinity);
    wheel.schedule(2, 800_000);
    wheel.cancel(2);
    wheel.cancel(2);
    expect([wheel.count(), wheel.nextWindow(), wheel.timeOf(0)]).toEqual([1, 3, 300]);
    wheel.check();
  });

  it('holds a million timers in few bytes and gives every one back', () => {
    const items = 1_000_000;
    let bytes = 0;
    const inner = new LocalMemory();
    const wheel = new TimingWheel(
      {
        int32: (name, length) => {
          bytes += length * 4;
          return inner.int32(name, length);
        },
        float64: (name, length) => {
          bytes += length * 8;
          return inner.float64(name, length);
        },
      },
      'w',
      items,
      100_000,
    );
    expect(bytes / items).toBeLessThanOrEqual(32);
    for (let item = 0; item < items; item++)
      wheel.schedule(item, ((item * 7919) % 3_600_000) * 1000);
    const out = new Int32Array(items);
    let total = 0;
    let before = -1;
    for (let window = wheel.nextWindow(); window !== Infinity; window = wheel.nextWindow()) {
      const count = wheel.collect(window, out);
      if (window <= before || count === 0)
        expect.fail(`window ${window} after ${before}: ${count}`);
      total += count;
      before = window;
    }
    expect(total).toBe(items);
    wheel.check();
  });
});

describe('Calendar', () => {
  const calendarOf = (capacity: number, horizonWindows: number, fields = 2): Calendar =>
    new Calendar(new LocalMemory(), 'messages', { fields, capacity, horizonWindows });

  it('refuses windows outside the horizon', () => {
    const calendar = calendarOf(10, 5);
    calendar.push(0);
    calendar.push(4);
    expect(() => calendar.push(5)).toThrow(/takes windows 0\.\.4, was 5/);
    expect(() => calendar.push(-1)).toThrow(/was -1/);
    calendar.release(0);
    calendar.push(5);
    expect(() => calendar.push(0)).toThrow(/takes windows 1\.\.5/);
    expect([calendar.first(0), calendar.first(6), calendar.count(9)]).toEqual([-1, -1, 0]);
    calendar.check();
  });

  it('throws a UserError when full, and recovers when records are released', () => {
    const calendar = calendarOf(3, 8);
    for (let i = 0; i < 3; i++) calendar.push(i);
    try {
      calendar.push(3);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).code).toBe('capacity/messages');
    }
    calendar.check();
    calendar.release(0);
    expect(calendar.push(3)).toBeGreaterThanOrEqual(0);
    calendar.check();
  });

  it('never drops records silently: releasing past them throws', () => {
    const calendar = calendarOf(10, 8);
    calendar.push(3);
    calendar.release(2);
    calendar.release(2);
    expect(() => calendar.release(4)).toThrow(/past a window with records/);
    expect(() => calendar.release(0)).toThrow(/out of order/);
  });

  it('jumps its horizon far ahead when nothing waits', () => {
    const calendar = calendarOf(4, 3);
    calendar.release(5_000_000_000);
    expect(calendar.nextWindow()).toBe(Infinity);
    const offset = calendar.push(5_000_000_003);
    calendar.records[offset] = 9;
    expect([calendar.nextWindow(), calendar.records[calendar.first(5_000_000_003)]]).toEqual([
      5_000_000_003, 9,
    ]);
    calendar.check();
  });
});
