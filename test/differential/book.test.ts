/** The order book and the trigger book against their naive twins, compared after every command. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookCode, SelfTrade } from '../../sim/book/index.js';
import { addTally, emptyTally } from '../naive/book-commands.js';
import type { BookCommand, LockstepOptions, LockstepTally } from '../naive/book-commands.js';
import { Lockstep } from '../naive/book-lockstep.js';

/** Where the commands of one property lie. */
interface Range {
  prices: fc.Arbitrary<number>;
  sizes: fc.Arbitrary<number>;
  accounts: number;
  weights: Partial<Record<BookCommand['op'], number>>;
}

/** Commands compared in the whole file. */
let everything = 0;

const side = fc.integer({ min: 0, max: 1 });
const flags = fc.constantFrom(0, 0, 0, 1, 2, 2, 3);
const timeInForce = fc.constantFrom(0, 0, 0, 0, 1, 2);
const target = fc.nat(1_000_000);

function commandsIn(range: Range): fc.Arbitrary<BookCommand> {
  const account = fc.nat(range.accounts - 1);
  const { prices: priceTicks, sizes: sizeLots, weights } = range;
  const protectionTicks = fc.oneof(fc.constantFrom(0, Number.MAX_SAFE_INTEGER), priceTicks);
  const source = fc.nat(2);
  const orderKind = fc.nat(1);
  const direction = fc.constantFrom(1, -1);
  const makers: { [op in BookCommand['op']]: fc.Arbitrary<BookCommand> } = {
    limit: fc.record({
      op: fc.constant('limit' as const),
      side,
      priceTicks,
      sizeLots,
      timeInForce,
      flags,
      account,
    }),
    market: fc.record({
      op: fc.constant('market' as const),
      side,
      sizeLots,
      protectionTicks,
      flags,
      account,
    }),
    cancel: fc.record({ op: fc.constant('cancel' as const), target }),
    replace: fc.record({ op: fc.constant('replace' as const), target, priceTicks, sizeLots }),
    shrink: fc.record({
      op: fc.constant('shrink' as const),
      target,
      percent: fc.integer({ min: 1, max: 130 }),
    }),
    band: fc.record({
      op: fc.constant('band' as const),
      lowTicks: fc.oneof(fc.constant(0), fc.integer({ min: 90, max: 103 })),
      highTicks: fc.oneof(fc.constant(2 ** 53), fc.integer({ min: 97, max: 112 })),
    }),
    trigger: fc.record({
      op: fc.constant('trigger' as const),
      source,
      direction,
      triggerTicks: priceTicks,
      orderKind,
      side,
      limitTicks: priceTicks,
      sizeLots,
      flags,
      account,
    }),
    untrigger: fc.record({ op: fc.constant('untrigger' as const), target }),
    price: fc.record({ op: fc.constant('price' as const), source, priceTicks }),
  };
  const chosen = Object.entries(weights) as [BookCommand['op'], number][];
  return fc.oneof(...chosen.map(([op, weight]) => ({ weight, arbitrary: makers[op] })));
}

/** Runs `runs` books of up to `length` commands each; returns what happened in all of them. */
function compare(
  seed: number,
  runs: number,
  length: number,
  range: Range,
  options: LockstepOptions,
): LockstepTally {
  const total = emptyTally();
  const property = fc.property(
    fc.array(commandsIn(range), { minLength: 1, maxLength: length, size: 'max' }),
    (commands) => {
      const pair = new Lockstep(options);
      for (const command of commands) pair.run(command);
      pair.check();
      addTally(total, pair.tally);
    },
  );
  fc.assert(property, { seed, numRuns: runs });
  everything += total.commands;
  return total;
}

const usual = { limit: 50, market: 8, cancel: 20, replace: 8, shrink: 6 };
const narrow = fc.integer({ min: 95, max: 106 });
const small = fc.integer({ min: 1, max: 20 });

describe('order book against its naive twin', () => {
  const modes = Object.entries(SelfTrade);
  it.each(modes)('agrees in a narrow book with self-trade mode %s', (_name, selfTrade) => {
    const range: Range = { prices: narrow, sizes: small, accounts: 5, weights: usual };
    const tally = compare(11 + selfTrade, 190, 400, range, { selfTrade, reduceOnly: true });
    expect(tally.commands).toBeGreaterThan(25_000);
    expect(tally.fills).toBeGreaterThan(4_000);
    expect(tally.trims).toBeGreaterThan(100);
    expect(tally.staleIds).toBeGreaterThan(1_000);
    expect(tally.reusedSlots).toBeGreaterThan(5_000);
    expect(tally.refusals[BookCode.rejectPostOnly]).toBeGreaterThan(100);
    expect(tally.refusals[BookCode.rejectFillOrKill]).toBeGreaterThan(100);
    expect(tally.refusals[BookCode.rejectReduceOnly]).toBeGreaterThan(100);
    if (selfTrade !== SelfTrade.none) expect(tally.selfTrades).toBeGreaterThan(300);
  });

  it('agrees when prices leave the ladder both ways', () => {
    const wide = fc.oneof(
      fc.integer({ min: 19_990, max: 20_010 }),
      fc.integer({ min: 1, max: 40_000 }),
      fc.constantFrom(1, 2, 31, 32, 33, 1023, 1024, 1025, 32_767, 32_768, 65_535),
    );
    const range: Range = { prices: wide, sizes: small, accounts: 50, weights: usual };
    const options = { ticksInitial: 32, ordersInitial: 1, ticksLimit: 65_536, checkEvery: 100 };
    const tally = compare(21, 170, 400, range, options);
    expect(tally.commands).toBeGreaterThan(30_000);
    expect(tally.fills).toBeGreaterThan(3_000);
  });

  it('agrees when large orders sweep the book empty', () => {
    const sizes = fc.oneof(
      { weight: 6, arbitrary: small },
      { weight: 1, arbitrary: fc.constant(900) },
    );
    const weights = { limit: 30, market: 30, cancel: 10 };
    const range: Range = { prices: narrow, sizes, accounts: 100, weights };
    const tally = compare(31, 150, 400, range, { selfTrade: SelfTrade.cancelOldest });
    expect(tally.commands).toBeGreaterThan(25_000);
    expect(tally.swept).toBeGreaterThan(400);
  });

  it('agrees under moving price bands and malformed commands', () => {
    const prices = fc.oneof(
      { weight: 20, arbitrary: narrow },
      { weight: 1, arbitrary: fc.constantFrom(0, -5, 1.5, Number.NaN, 200, 2 ** 40, Infinity) },
    );
    const sizes = fc.oneof(
      { weight: 20, arbitrary: small },
      { weight: 1, arbitrary: fc.constantFrom(0, -1, 2.5, Number.NaN, 2 ** 31, Infinity) },
    );
    const range: Range = { prices, sizes, accounts: 5, weights: { ...usual, band: 5 } };
    const options = { ticksLimit: 200, selfTrade: SelfTrade.decrement, reduceOnly: true };
    const tally = compare(41, 150, 400, range, options);
    expect(tally.commands).toBeGreaterThan(25_000);
    expect(tally.refusals[BookCode.rejectPrice]).toBeGreaterThan(300);
    expect(tally.refusals[BookCode.rejectSize]).toBeGreaterThan(300);
    expect(tally.refusals[BookCode.rejectPriceBand]).toBeGreaterThan(300);
  });

  it('agrees when a level holds more than 2^31 lots', () => {
    const sizes = fc.constantFrom(1, 3, 2 ** 30, 2 ** 31 - 1);
    const weights = { limit: 40, market: 10, cancel: 10, shrink: 5 };
    const range: Range = { prices: narrow, sizes, accounts: 100, weights };
    const tally = compare(51, 30, 400, range, {});
    expect(tally.commands).toBeGreaterThan(6_000);
  });
});

describe('trigger book against its naive twin', () => {
  it('agrees through storms of triggers that trade and fire each other', () => {
    const weights = { limit: 35, market: 3, cancel: 8, trigger: 30, untrigger: 6, price: 12 };
    const range: Range = { prices: narrow, sizes: small, accounts: 8, weights };
    const options = { selfTrade: SelfTrade.cancelNewest, reduceOnly: true };
    const tally = compare(61, 180, 400, range, options);
    expect(tally.commands).toBeGreaterThan(35_000);
    expect(tally.fired).toBeGreaterThan(5_000);
  });

  it('agrees when trigger prices leave the ladder', () => {
    const prices = fc.oneof(
      fc.integer({ min: 20_000, max: 20_100 }),
      fc.integer({ min: 1, max: 60_000 }),
    );
    const weights = { limit: 10, trigger: 50, untrigger: 12, price: 6 };
    const range: Range = { prices, sizes: small, accounts: 8, weights };
    const tally = compare(71, 80, 400, range, { ticksLimit: 65_536, checkEvery: 50 });
    expect(tally.commands).toBeGreaterThan(10_000);
    expect(tally.fired).toBeGreaterThan(2_000);
  });
});

it('has compared at least 200,000 commands', () => {
  expect(everything).toBeGreaterThan(200_000);
});
