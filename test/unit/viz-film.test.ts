/** A film read by ranges: what it says of a moment, a view and its liquidations. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Film } from '../../viz/data/index.js';
import {
  DELEVERAGE_MICROS,
  LIQUIDATION_EVERY,
  SAMPLE_MICROS,
  liquidationMicros,
  syntheticMark,
  syntheticNotional,
  syntheticReplay,
} from '../support/synthetic-run.js';

const SAMPLES = 1000;
const DURATION = SAMPLES * SAMPLE_MICROS;
const bytes = syntheticReplay({ samples: SAMPLES });
/** Liquidation 40 would come after the last sample; its row closes the film. */
const LIQUIDATIONS = Math.floor((SAMPLES - 1) / LIQUIDATION_EVERY);

/** A film, and every range it asks for. */
async function openFilm(file = bytes): Promise<{ film: Film; asked: [number, number][] }> {
  const asked: [number, number][] = [];
  const film = await Film.open(async (offset, length) => {
    asked.push([offset, length]);
    return file.slice(offset, offset + length);
  });
  return { film, asked };
}

async function whole(): Promise<Film> {
  const { film } = await openFilm();
  await film.ensure(0, DURATION, () => {});
  return film;
}

describe('a film', () => {
  it('knows its run from the head alone', async () => {
    const { film, asked } = await openFilm();
    expect(asked.length).toBe(1);
    expect(film.info).toMatchObject({
      scenario: 'synthetic',
      seed: 7,
      hash: '00c0ffee00c0ffee',
      complete: true,
      durationMicros: DURATION,
      settlement: 'XBT',
      cohorts: ['longs', 'shorts'],
      traders: 100,
      liquidationSteps: LIQUIDATIONS,
    });
    expect(film.halts).toEqual([
      { fromMicros: 400 * SAMPLE_MICROS, toMicros: 430 * SAMPLE_MICROS },
    ]);
    expect(film.isFine(0, DURATION)).toBe(false);
  });

  it('fetches a chunk once, and only what a view needs', async () => {
    const { film, asked } = await openFilm();
    await Promise.all([
      film.ensureState(5e8),
      film.ensureState(5e8),
      film.ensure(5e8, 5.1e8, () => {}),
    ]);
    await film.ensureState(5.05e8);
    expect(asked.length).toBe(2);
    expect(film.isFine(5e8, 5.1e8)).toBe(true);
    expect(film.isFine(4e8, 5e8)).toBe(false);
  });

  it('fetches neighbours in one request', async () => {
    const { film, asked } = await openFilm();
    await film.ensure(0, DURATION, () => {});
    expect(asked.length).toBe(2);
    expect(film.isFine(0, DURATION)).toBe(true);
  });

  it('tries again after a failed request', async () => {
    let fails = false;
    const film = await Film.open(async (offset, length) => {
      if (fails) throw new Error('gone');
      return bytes.slice(offset, offset + length);
    });
    fails = true;
    await expect(film.ensureState(0)).rejects.toThrow('gone');
    fails = false;
    await film.ensureState(0);
    expect(film.state(0)?.exact).toBe(true);
  });

  it.each([
    ['truncated', bytes.slice(0, 900), 'trace/truncated'],
    ['of something else', new Uint8Array(4000).fill(65), 'trace/damaged'],
  ])('refuses a file that is %s', async (_name, file, code) => {
    await expect(openFilm(file)).rejects.toMatchObject({ code });
  });

  it('refuses a chunk in which a bit flipped', async () => {
    const flipped = bytes.slice();
    flipped[flipped.length - 9] ^= 1;
    const { film } = await openFilm(flipped);
    await expect(film.ensure(0, DURATION, () => {})).rejects.toMatchObject({
      code: 'trace/damaged',
    });
  });
});

describe('the state at a time', () => {
  let film: Film;
  beforeAll(async () => {
    film = await whole();
  });

  it('is the latest sample, with the liquidations since', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DURATION }), (time) => {
        const state = film.state(time);
        const sample = Math.min(SAMPLES - 1, Math.floor(time / SAMPLE_MICROS));
        const due = Math.floor((time - SAMPLE_MICROS / 2) / (LIQUIDATION_EVERY * SAMPLE_MICROS));
        const count = Math.max(0, Math.min(LIQUIDATIONS, due));
        let notional = 0;
        for (let id = 1; id <= count; id += 1) notional += syntheticNotional(id);
        expect(state).toMatchObject({
          exact: true,
          sampleMicros: sample * SAMPLE_MICROS,
          mark: syntheticMark(sample) / 2,
          openInterestQuote: 5_000_000 - sample,
          liquidations: count,
          liquidatedQuote: notional,
          halted: sample >= 400 && sample < 430,
          deleveragings: time >= DELEVERAGE_MICROS ? 1 : 0,
        });
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('is coarse until its chunk is here', async () => {
    const { film: fresh } = await openFilm();
    const coarse = fresh.state(7.7e8);
    expect(coarse?.exact).toBe(false);
    await fresh.ensureState(7.7e8);
    expect(fresh.state(7.7e8)).toEqual(film.state(7.7e8));
  });
});

describe('the points of a view', () => {
  it('keep every extreme, at one point a pixel and a neighbour on each side', async () => {
    const film = await whole();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: DURATION - 20 * SAMPLE_MICROS }),
        fc.integer({ min: 20, max: SAMPLES }),
        fc.integer({ min: 10, max: 1500 }),
        (fromMicros, samples, pixels) => {
          const toMicros = Math.min(DURATION, fromMicros + samples * SAMPLE_MICROS);
          const points = film.points({ fromMicros, toMicros, pixels });
          expect(points.count).toBeLessThanOrEqual(pixels + 2);
          let low = Infinity;
          let high = -Infinity;
          const first = Math.ceil(fromMicros / SAMPLE_MICROS);
          const last = Math.min(SAMPLES - 1, Math.floor(toMicros / SAMPLE_MICROS));
          for (let sample = first; sample <= last; sample += 1) {
            low = Math.min(low, syntheticMark(sample) / 2);
            high = Math.max(high, syntheticMark(sample) / 2);
          }
          const shown = [...points.x.subarray(0, points.count).keys()].filter(
            (i) => points.timeMicros[i] >= fromMicros && points.timeMicros[i] <= toMicros,
          );
          expect(Math.min(...shown.map((i) => points.markLow[i]))).toBeLessThanOrEqual(low);
          expect(Math.max(...shown.map((i) => points.markHigh[i]))).toBeGreaterThanOrEqual(high);
          for (let i = 1; i < points.count; i += 1) {
            expect(points.x[i]).toBeGreaterThan(points.x[i - 1]);
            expect(points.timeMicros[i]).toBeGreaterThan(points.timeMicros[i - 1]);
          }
          if (first > 0) expect(points.x[0]).toBeLessThan(1);
        },
      ),
      { seed: 12, numRuns: 200 },
    );
  });

  it('are the samples themselves when there is room', async () => {
    const film = await whole();
    const view = { fromMicros: 100 * SAMPLE_MICROS, toMicros: 110 * SAMPLE_MICROS, pixels: 1000 };
    const points = film.points(view);
    const inside = [...points.timeMicros.subarray(0, points.count)];
    expect(inside).toEqual(Array.from({ length: 12 }, (_, i) => (99 + i) * SAMPLE_MICROS));
    expect(points.mark[1]).toBe(syntheticMark(100) / 2);
    expect(points.fund[1]).toBe(35_500 - 3);
    expect(points.exposureQuote[0][1]).toBe(2_900_000);
    expect(points.exposureQuote[1][1]).toBe(-2_900_000);
    expect(points.x[1]).toBe(0);
    expect(points.x[2]).toBe(100);
  });

  it('come from the overview at first, and say the same extremes', async () => {
    const { film } = await openFilm();
    const view = { fromMicros: 0, toMicros: DURATION, pixels: 400 };
    const coarse = film.points(view);
    await film.ensure(0, DURATION, () => {});
    const fine = film.points(view);
    const highest = (points: typeof fine) => Math.max(...points.markHigh.subarray(0, points.count));
    expect(coarse.count).toBeGreaterThan(300);
    expect(highest(coarse)).toBe(highest(fine));
  });
});

describe('the liquidations of a film', () => {
  it('add up in bars, by side, whatever the view', async () => {
    const film = await whole();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: DURATION / 2 }),
        fc.integer({ min: 10_000_000, max: DURATION / 2 }),
        fc.integer({ min: 60, max: 1600 }),
        (fromMicros, length, pixels) => {
          const bars = film.bars({ fromMicros, toMicros: fromMicros + length, pixels });
          const untilMicros = bars.fromMicros + bars.count * bars.barMicros;
          let longs = 0;
          let shorts = 0;
          for (let id = 1; id <= LIQUIDATIONS; id += 1) {
            const time = liquidationMicros(id);
            if (time < bars.fromMicros || time >= untilMicros) continue;
            if (id % 3 === 0) shorts += syntheticNotional(id);
            else longs += syntheticNotional(id);
          }
          const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
          expect(sum(bars.longsQuote)).toBe(longs);
          expect(sum(bars.shortsQuote)).toBe(shorts);
          expect(sum(bars.unsplitQuote)).toBe(0);
          expect(bars.fromMicros % bars.barMicros).toBe(0);
          expect(bars.count).toBeLessThanOrEqual(pixels / 5 + 2);
        },
      ),
      { seed: 13, numRuns: 200 },
    );
  });

  it('add up in bars before any chunk is here', async () => {
    const { film } = await openFilm();
    const bars = film.bars({ fromMicros: 0, toMicros: DURATION, pixels: 500 });
    let total = 0;
    for (let id = 1; id < LIQUIDATIONS; id += 1) total += syntheticNotional(id);
    expect(bars.unsplitQuote.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(total);
  });

  it('merge into discs without losing notional', async () => {
    const film = await whole();
    for (const pixels of [40, 400, 1600]) {
      const view = { fromMicros: 0, toMicros: DURATION, pixels };
      const bubbles = film.bubbles(view, {
        priceTop: 6100,
        priceBottom: 5800,
        yTop: 10,
        yBottom: 310,
      });
      let total = 0;
      for (let id = 1; id <= LIQUIDATIONS; id += 1) total += syntheticNotional(id);
      expect(bubbles.reduce((sum, one) => sum + one.notionalQuote, 0)).toBe(total);
      expect(bubbles.reduce((sum, one) => sum + one.count, 0)).toBe(LIQUIDATIONS);
      for (const one of bubbles) {
        expect(one.longsQuote + one.shortsQuote).toBe(one.notionalQuote);
        expect(one.x).toBeGreaterThanOrEqual(0);
        expect(one.x).toBeLessThanOrEqual(pixels);
      }
      if (pixels === 40) expect(bubbles.length).toBeLessThan(LIQUIDATIONS);
    }
  });

  it('are found one after the other from anywhere', async () => {
    const { film } = await openFilm();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: DURATION }), async (time) => {
        const after = await film.liquidationAfter(time);
        const before = await film.liquidationBefore(time);
        const times = Array.from({ length: LIQUIDATIONS }, (_, i) => liquidationMicros(i + 1));
        expect(after).toBe(times.findIndex((one) => one > time));
        expect(before).toBe(times.filter((one) => one < time).length - 1);
      }),
      { seed: 14, numRuns: 100 },
    );
    expect(await film.liquidation(4)).toMatchObject({
      id: 5,
      timeMicros: liquidationMicros(5),
      cohort: 'longs',
      side: 'long',
      stage: 'taken over',
      filled: false,
      price: syntheticMark(125) / 2,
      notionalQuote: syntheticNotional(5),
      maintenanceMargin: 0.006,
    });
    expect((await film.liquidation(5))?.side).toBe('short');
    expect(await film.liquidation(LIQUIDATIONS)).toBeNull();
    expect(await film.liquidation(-1)).toBeNull();
  });

  it('are listed for a stretch, cut at a number', async () => {
    const film = await whole();
    const listed = film.liquidations(0, 200 * SAMPLE_MICROS, 100);
    expect(listed.map((one) => one.id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(film.liquidations(0, DURATION, 3).length).toBe(3);
  });
});

describe('the whole film at a glance', () => {
  it('sums all notional and finds the deepest book', async () => {
    const { film } = await openFilm();
    const { density, marks } = film.summary(100);
    let total = 0;
    for (let id = 1; id < LIQUIDATIONS; id += 1) total += syntheticNotional(id);
    const sum = density.reduce((added, value) => added + value, 0);
    expect(sum).toBeGreaterThanOrEqual(total);
    expect([...marks].every((mark) => mark > 5000)).toBe(true);
    expect(film.depthLotsMax()).toBe(92_000);
  });

  it('shows a deleveraging where it happened, before and after its chunk is here', async () => {
    const { film } = await openFilm();
    const [coarse, ...more] = film.deleveragings(0, DURATION);
    expect(more).toEqual([]);
    expect(Math.abs((coarse?.timeMicros ?? 0) - DELEVERAGE_MICROS)).toBeLessThan(SAMPLE_MICROS);
    await film.ensure(0, DURATION, () => {});
    expect(film.deleveragings(0, DURATION)).toEqual([
      { timeMicros: DELEVERAGE_MICROS, account: 61, notionalQuote: 50 },
    ]);
  });
});
