/** The parts of the page that need no browser: commands, addresses, the clock, the cache. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandNamed, commands, keyText, tooltipOf } from '../../viz/app/commands.js';
import type { ReplayActions } from '../../viz/app/commands.js';
import { Playback, speedText } from '../../viz/app/playback.js';
import { formatRoute, parseRoute } from '../../viz/app/route.js';
import type { Route } from '../../viz/app/route.js';
import { ChunkCache } from '../../viz/data/chunk-cache.js';

describe('the command table', () => {
  it('binds no key twice and names every command once', () => {
    const keys = commands.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
    const ids = commands.map((command) => command.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const command of commands) {
      expect(command.title).toMatch(/^[A-Z0-9]/);
      expect(command.keys.length).toBeGreaterThan(0);
    }
  });

  it('has the keys of a player', () => {
    const done: string[] = [];
    const actions = new Proxy({} as ReplayActions, {
      get:
        (_target, name) =>
        (...args: unknown[]) =>
          done.push(`${String(name)}(${args.join()})`),
    });
    const press = (key: string) => commands.find((one) => one.keys.includes(key))?.run(actions);
    for (const key of [' ', 'k', 'j', 'l', ',', '.', '7', 'w', 's', 'a', 'd', 'f', 'g', '?', 't'])
      press(key);
    expect(done).toEqual([
      'togglePlay()',
      'togglePlay()',
      'changeSpeed(-1)',
      'changeSpeed(1)',
      'stepLiquidation(-1)',
      'stepLiquidation(1)',
      'seekFraction(0.7)',
      'zoom(0.5)',
      'zoom(2)',
      'pan(-0.25)',
      'pan(0.25)',
      'fit()',
      'openGoTo()',
      'openHelp()',
      'openTable()',
    ]);
  });

  it('writes keys as they are printed', () => {
    expect(keyText(' ')).toBe('Space');
    expect(keyText('shift+arrowleft')).toBe('Shift \u2190');
    expect(tooltipOf(commandNamed('play'))).toBe('Play or pause [Space]');
    expect(() => commandNamed('nonsense')).toThrow();
  });
});

describe('the address', () => {
  it('comes back as it went', () => {
    const micros = fc.integer({ min: 0, max: 10 ** 12 });
    const route: fc.Arbitrary<Route> = fc.oneof(
      fc.constant<Route>({ screen: 'runs' }),
      fc.record({
        screen: fc.constant('here' as const),
        scenario: fc.string({ minLength: 1 }),
        seed: fc.nat(),
      }),
      fc.record({
        screen: fc.constant('again' as const),
        runId: fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
      }),
      fc.record({
        screen: fc.constant('replay' as const),
        runId: fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        timeMicros: fc.option(micros),
        view: fc.option(fc.tuple(micros, micros).filter(([a, b]) => a < b)),
        selectedId: fc.option(fc.nat()),
        testing: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(route, (one) => {
        expect(parseRoute(formatRoute(one))).toEqual(one);
      }),
      { seed: 31, numRuns: 1000 },
    );
  });

  it.each([
    ['', 'runs'],
    ['#/nonsense', 'runs'],
    ['#/replay/', 'runs'],
    ['#/here', 'here'],
    ['#/here?run=', 'here'],
    ['#/here?run=calm-0-1a2b3c4d', 'again'],
  ])('%s leads to %s', (hash, screen) => {
    expect(parseRoute(hash).screen).toBe(screen);
  });

  it('passes over what it cannot read', () => {
    expect(parseRoute('#/replay/a?t=-5&x=9:3&sel=liq:x')).toEqual({
      screen: 'replay',
      runId: 'a',
      timeMicros: null,
      view: null,
      selectedId: null,
      testing: false,
    });
    expect(parseRoute('#/replay/%E0%A4%A').screen).toBe('runs');
  });
});

describe('the clock', () => {
  it('runs at its speed, stops at the end, and starts over', () => {
    const clock = new Playback(60_000_000);
    clock.changeSpeed(-99);
    clock.toggle();
    clock.advance(500);
    expect(clock.timeMicros).toBe(500_000);
    clock.changeSpeed(3);
    clock.advance(1000);
    expect(clock.timeMicros).toBe(10_500_000);
    clock.changeSpeed(99);
    clock.advance(1000);
    expect([clock.timeMicros, clock.playing]).toEqual([60_000_000, false]);
    clock.advance(1000);
    expect(clock.timeMicros).toBe(60_000_000);
    clock.toggle();
    expect([clock.timeMicros, clock.playing]).toEqual([0, true]);
  });

  it('holds a time inside the film and whole', () => {
    const clock = new Playback(1000);
    clock.seek(-5);
    expect(clock.timeMicros).toBe(0);
    clock.seek(12.6);
    expect(clock.timeMicros).toBe(13);
    clock.seek(1e9);
    expect(clock.timeMicros).toBe(1000);
  });

  it('starts at a speed that shows a film in one to four minutes', () => {
    for (const hours of [1, 2, 6, 24, 48]) {
      const seconds = (hours * 3600) / new Playback(hours * 3.6e9).speed;
      expect(seconds).toBeGreaterThanOrEqual(60);
      expect(seconds).toBeLessThanOrEqual(240);
    }
    expect(speedText(1800)).toBe('30 min/s');
    expect(speedText(7200)).toBe('2 h/s');
  });
});

describe('the cache of chunks', () => {
  it('drops the least recently used and keeps within its bytes', () => {
    const cache = new ChunkCache(100);
    for (const chunk of [1, 2, 3]) cache.put(chunk, new Map(), 30);
    expect(cache.use(1)).not.toBeNull();
    cache.put(4, new Map(), 30);
    expect([1, 2, 3, 4].map((chunk) => cache.peek(chunk) !== null)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(cache.bytes).toBe(90);
    cache.put(4, new Map(), 50);
    expect(cache.bytes).toBeLessThanOrEqual(100);
    cache.put(5, new Map(), 500);
    expect(cache.peek(5)).not.toBeNull();
    expect(cache.bytes).toBe(500);
  });
});
