/** Branches share the past, and only what is changed in them changes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchPoint, MECHANISMS, runBranch, runInMemory } from '../../sim/engine/index.js';
import type { BranchTerms } from '../../sim/engine/index.js';
import { ConservationAudit, EventKind, EventReader } from '../../sim/trace/index.js';
import { tinyWorld } from '../support/tiny-world.js';
import type { TinyOptions } from '../support/tiny-world.js';

const SECOND = 1_000_000;
const world = tinyWorld({ seconds: 40 });
const straight = runInMemory(world);
const fall = branchPoint(world, 20 * SECOND);

/** Rows of a branch, and the money recounted from the whole log. */
function logged(terms: BranchTerms, options: TinyOptions, micros: number) {
  const spec = tinyWorld(options);
  const before: Uint8Array[] = [];
  const after: Uint8Array[] = [];
  const point = branchPoint(spec, micros, 1, (bytes) => before.push(bytes.slice()));
  const outcome = runBranch(spec, point, {
    ...terms, check: true, onChunk: (bytes) => after.push(bytes.slice()),
  });
  const audit = new ConservationAudit();
  for (const bytes of [...before, ...after]) audit.add(new EventReader(bytes));
  const rows: { kind: number; account: number; other: number; cause: number; value: number; time: number }[] = [];
  for (const bytes of after) {
    const reader = new EventReader(bytes);
    while (reader.next()) {
      const { kind, account, other, cause, value, time } = reader;
      rows.push({ kind, account, other, cause, value, time });
    }
  }
  return { outcome, rows, errorQuanta: audit.result().errorQuanta };
}

describe('a branch in which nothing changes', () => {
  it('is the straight run, bit for bit, whatever world, window and shards', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1 << 20 }),
        fc.integer({ min: 0, max: 21 * SECOND }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('linear', 'inverse'),
        fc.constantFrom('last', 'fair', 'medianOfThree'),
        fc.boolean(),
        (seed, micros, shards, contract, mark, halt) => {
          const options = { seed, seconds: 20, scale: 0.4, contract, mark, halt } as TinyOptions;
          const spec = tinyWorld(options);
          const { hash } = runInMemory(spec, { shards: 5 - shards });
          const point = branchPoint(spec, micros, shards);
          expect(runBranch(spec, point, { shards: 1 + (seed % 3) }).hash).toBe(hash);
          // Rules that fit nobody, a continuation after the end, and one with the seed it has.
          const beyond = Math.ceil(spec.durationMicros / spec.windowMicros);
          const { window } = point;
          for (const same of [
            { suppressions: [{ mode: 'warehouse', ordinal: 99 }] },
            { continuation: { seed: seed + 1, fromWindow: beyond } },
            { continuation: { seed, fromWindow: Math.min(beyond, window + 3) } },
          ] satisfies BranchTerms[]) {
            expect(runBranch(spec, point, same).hash).toBe(hash);
          }
        },
      ),
      { seed: 301, numRuns: 12 },
    );
  });

  it('counts from the branch point on', () => {
    const whole = runBranch(world, branchPoint(world, 0));
    expect(whole.hash).toBe(straight.hash);
    expect(whole.liquidations).toBe(straight.liquidations.count);
    expect(whole.liquidatedQuote).toBe(straight.liquidations.notionalQuote);
    expect(whole.priceFallFraction).toBeCloseTo(straight.price.maxDrawdownFraction, 12);
    const later = runBranch(world, fall);
    const first = runBranch(world, branchPoint(world, 0), { untilMicros: 20 * SECOND });
    expect(first.liquidations + later.liquidations).toBe(whole.liquidations);
    expect(first.badDebtQuote + later.badDebtQuote).toBeCloseTo(whole.badDebtQuote, 6);
  });

  it('tells the fund from its balance at the branch point, and leaves its lowest as it was', () => {
    const spec = tinyWorld({ seconds: 40, contract: 'linear', mark: 'medianOfThree' });
    // Sold at any price, some end in debt, which the fund pays.
    spec.venue.liquidation = { kind: 'wholeAtMarket' };
    spec.venue.insuranceFundQuanta *= 100;
    const { hash, insuranceFund } = runInMemory(spec);
    const whole = runBranch(spec, branchPoint(spec, 0));
    expect(whole.hash).toBe(hash);
    expect(whole.fundDrawdownQuote).toBeGreaterThan(0);
    expect(whole.fundDrawdownQuote).toBeCloseTo(insuranceFund.startQuote - insuranceFund.minQuote, 6);
    const late = branchPoint(spec, 39 * SECOND);
    expect(runBranch(spec, late).hash).toBe(hash);
    expect(runBranch(spec, late).fundDrawdownQuote).toBeLessThan(whole.fundDrawdownQuote);
  });
});

describe('a changed branch', () => {
  it('does not depend on shards, with every kind of change', () => {
    const terms: BranchTerms = {
      suppressions: [{ mode: 'warehouse', side: 1, ordinal: 1 }],
      muted: [1],
      without: ['stops', 'funding'],
      continuation: { seed: 77, fromWindow: fall.window + 5 },
      force: 90,
    };
    const one = runBranch(world, fall, terms);
    expect(one.hash).not.toBe(straight.hash);
    expect(runBranch(world, fall, { ...terms, shards: 3, check: true })).toEqual(one);
  });

  it('varies with the continuation seed after the stated window only', () => {
    const hashes = new Set<string>();
    for (const seed of [11, 12, 13]) {
      const terms = { continuation: { seed, fromWindow: fall.window + 10 } };
      hashes.add(runBranch(world, fall, terms).hash);
      const untilMicros = (fall.window + 10) * world.windowMicros;
      const early = runBranch(world, fall, { ...terms, untilMicros });
      expect(early.hash).toBe(runBranch(world, fall, { untilMicros }).hash);
    }
    expect(hashes.size).toBe(3);
    expect(hashes.has(straight.hash)).toBe(false);
  });

  it('conserves money with each mode, and suppresses what it is told', () => {
    for (const mode of ['warehouse', 'recapitalise', 'defer'] as const) {
      for (const contract of ['linear', 'inverse'] as const) {
        const defer = { delayMicros: 2 * SECOND, intervalMicros: SECOND / 2, participation: 0.2 };
        const found = logged({ suppressions: [{ mode, defer }] }, { seconds: 40, contract }, 19 * SECOND);
        expect([mode, contract, found.errorQuanta]).toEqual([mode, contract, 0]);
        expect(found.outcome.suppressed).toBeGreaterThan(3);
        if (mode === 'defer') expect(found.outcome.liquidations).toBe(found.outcome.deferredBegun);
        else expect(found.outcome.liquidations).toBe(0);
        if (mode === 'recapitalise') expect(found.outcome.injectedQuote).toBeGreaterThan(0);
      }
    }
  });

  it('lets one liquidation go and keeps the others before it', () => {
    const { rows } = logged({}, { seconds: 40 }, 20 * SECOND);
    const first = rows.find((row) => row.kind === EventKind.liquidation);
    const account = first?.account ?? -1;
    const found = logged({ suppressions: [{ mode: 'warehouse', account }] }, { seconds: 40 }, 20 * SECOND);
    const taken = found.rows.filter((row) => row.kind === EventKind.takeover && row.cause === 0);
    expect(taken.map((row) => row.account)).toEqual([account]);
    expect(found.rows.some((row) => row.kind === EventKind.liquidation && row.account === account)).toBe(false);
  });
});

describe('what a branch can do without', () => {
  it.each(MECHANISMS)('%s', (mechanism) => {
    const of = (without: BranchTerms['without']) =>
      logged({ without }, { seconds: 45, contract: 'linear' }, 5 * SECOND);
    const base = of([]);
    const found = of([mechanism]);
    expect(found.errorQuanta).toBe(0);
    expect(found.outcome.hash).not.toBe(base.outcome.hash);
    const count = (run: typeof base, kind: number): number =>
      run.rows.filter((row) => row.kind === kind && (kind !== EventKind.funding || row.value !== 0)).length;
    const gone = {
      liquidations: EventKind.liquidation,
      stops: -1,
      funding: EventKind.funding,
      deleveraging: EventKind.autoDeleverage,
      bands: -1,
    }[mechanism];
    if (gone < 0) return;
    expect(count(base, gone)).toBeGreaterThan(0);
    expect(count(found, gone)).toBe(0);
  });

  it('a cohort, whose orders go', () => {
    const spec = tinyWorld({ seconds: 40 });
    const makers = spec.cohorts.findIndex((cohort) => cohort.name === 'makers');
    let from = 0;
    for (const cohort of spec.cohorts.slice(0, makers)) from += cohort.count;
    const to = from + spec.cohorts[makers].count;
    const found = logged({ muted: [makers] }, { seconds: 40 }, 10 * SECOND);
    const isMaker = (account: number): boolean => account >= from && account < to;
    const trades = found.rows.filter((row) => row.kind === EventKind.trade);
    expect(trades.length).toBeGreaterThan(50);
    expect(trades.some((row) => row.cause === 0 && (isMaker(row.account) || isMaker(row.other)))).toBe(false);
    expect(found.errorQuanta).toBe(0);
  });

  it('a fault, before it begins and while it is on', () => {
    const options = { seconds: 40, halt: true };
    for (const micros of [10 * SECOND, 22.5 * SECOND]) {
      const found = logged({ withoutFaults: [0] }, options, micros);
      const halts = found.rows.filter((row) => row.kind === EventKind.halt || row.kind === EventKind.resume);
      const wanted = micros < 22 * SECOND ? [] : [[EventKind.resume, micros]];
      expect(halts.map((row) => [row.kind, row.time])).toEqual(wanted);
      expect(found.errorQuanta).toBe(0);
    }
  });

  it('calm: a forced liquidation', () => {
    const found = logged({ force: 90, watched: 90 }, { seconds: 15 }, 5 * SECOND);
    expect(found.outcome.forcedQuote).toBeGreaterThan(0);
    expect(found.outcome.watchedOrdinal).toBe(1);
    const [first] = found.rows.filter((row) => row.kind === EventKind.liquidation);
    expect([first.account, first.time]).toEqual([90, 5 * SECOND]);
    expect(found.errorQuanta).toBe(0);
  });
});
