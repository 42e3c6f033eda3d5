import { describe, expect, it } from 'vitest';
import {
  assert,
  Calendar,
  Hash64,
  LocalMemory,
  type Memory,
  SharedMemory,
  TickIndex,
  TimingWheel,
  UserError,
} from '../../sim/kernel/index.js';

describe('Memory', () => {
  for (const [kind, make] of [
    ['local', (): Memory => new LocalMemory()],
    ['shared', (): Memory => new SharedMemory()],
  ] as const) {
    it(`${kind}: hands out zeroed arrays and the same ones again`, () => {
      const memory = make();
      const first = memory.int32('a', 4);
      expect(Array.from(first)).toEqual([0, 0, 0, 0]);
      first[2] = 7;
      expect(memory.int32('a', 4)[2]).toBe(7);
      expect(memory.float64('b', 2).length).toBe(2);
      expect(() => memory.int32('a', 5)).toThrow(/"a" has 16 bytes, asked for 20/);
    });
  }

  it('shared: the same buffers give the same memory', () => {
    const memory = new SharedMemory();
    memory.float64('x', 3)[1] = 1.5;
    const elsewhere = new SharedMemory(memory.buffers);
    expect(elsewhere.float64('x', 3)[1]).toBe(1.5);
    expect(memory.buffers.x).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('a second instance over the same buffers', () => {
  it('sees and continues the contents of a TickIndex', () => {
    const memory = new SharedMemory();
    const first = new TickIndex(memory, 't', 100, 5000);
    for (let item = 0; item < 60; item++) first.insert(item, (item * 37) % 5000);
    const second = new TickIndex(new SharedMemory(memory.buffers), 't', 100, 5000);
    expect(second.count()).toBe(60);
    expect(second.highest()).toBe(first.highest());
    second.remove(0);
    second.insert(99, 4999);
    expect(first.has(0)).toBe(false);
    expect(first.highest()).toBe(4999);
    second.check();
    first.check();
  });

  it('sees and continues the contents of a TimingWheel', () => {
    const memory = new SharedMemory();
    const first = new TimingWheel(memory, 'w', 500, 1000);
    const out = new Int32Array(500);
    for (let item = 0; item < 500; item++) first.schedule(item, item * item * 777);
    first.collect(40, out);
    first.schedule(3, 5);
    const second = new TimingWheel(new SharedMemory(memory.buffers), 'w', 500, 1000);
    second.check();
    expect(second.nextWindow()).toBe(41);
    expect(second.count()).toBe(first.count());
    expect(second.timeOf(200)).toBe(200 * 200 * 777);
    const collected = second.collect(10_000, out);
    expect(first.count()).toBe(500 - 8 + 1 - collected);
    first.check();
  });

  it('sees and continues the contents of a Calendar', () => {
    const memory = new SharedMemory();
    const options = { fields: 3, capacity: 50, horizonWindows: 20 };
    const first = new Calendar(memory, 'c', options);
    first.release(99);
    for (let i = 0; i < 30; i++) first.records[first.push(100 + (i % 7))] = i;
    const second = new Calendar(new SharedMemory(memory.buffers), 'c', options);
    second.check();
    expect(second.nextWindow()).toBe(100);
    expect(second.records[second.first(103)]).toBe(3);
    second.release(100);
    expect(first.total()).toBe(25);
    first.check();
  });

  it('has the same hash', () => {
    const memory = new SharedMemory();
    const first = new TickIndex(memory, 't', 10, 100);
    first.insert(3, 50);
    first.insert(1, 50);
    const hash = (index: TickIndex): string => {
      const h = new Hash64();
      index.hash(h);
      return h.hex();
    };
    const second = new TickIndex(memory, 't', 10, 100);
    expect(hash(second)).toBe(hash(first));
    const swapped = new TickIndex(new LocalMemory(), 't', 10, 100);
    swapped.insert(1, 50);
    swapped.insert(3, 50);
    expect(hash(swapped)).not.toBe(hash(first));
  });
});

describe('check', () => {
  it('notices damage', () => {
    const memory = new SharedMemory();
    const index = new TickIndex(memory, 't', 10, 100);
    index.insert(3, 50);
    memory.int32('t.rows', 40)[12] = 52;
    expect(() => index.check()).toThrow(/assertion failed/);

    const wheel = new TimingWheel(memory, 'w', 10, 1000);
    wheel.schedule(4, 5000);
    memory.float64('w.rows', 20)[8] = 6000;
    expect(() => wheel.check()).toThrow(/assertion failed/);

    const calendar = new Calendar(memory, 'c', { fields: 1, capacity: 4, horizonWindows: 4 });
    calendar.push(2);
    memory.float64('c.scalars', 4)[1] = 2;
    expect(() => calendar.check()).toThrow(/assertion failed/);
  });
});

describe('errors', () => {
  it('assert throws only when false', () => {
    assert(true, 'never');
    expect(() => assert(false, 'reason')).toThrow('assertion failed: reason');
  });

  it('UserError carries its code and exit code', () => {
    const error = new UserError('input/price', 'price was -1');
    expect(error).toBeInstanceOf(Error);
    expect([error.code, error.message, error.exitCode]).toEqual(['input/price', 'price was -1', 2]);
    expect(new UserError('disk/full', 'no space', 6).exitCode).toBe(6);
  });
});
