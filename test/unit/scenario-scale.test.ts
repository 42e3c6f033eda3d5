import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySettings, buildWorld, gridNear, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import type { Scenario } from '../../scenarios/model/index.js';
import { POSITION } from '../../sim/account/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { Economics } from '../../sim/strategy/index.js';
import type { PriceBars } from '../../sim/oracle/index.js';

const SECOND = 1_000_000;

function load(name: string, settings: string[] = []): Scenario {
  const text = readFileSync(`scenarios/library/${name}.yaml`, 'utf8');
  return resolveScenario(applySettings(parseScenario(text, name), settings));
}

/** An hour of one-minute bars around a price. */
function barsAt(price: number): PriceBars {
  const column = (factor: number) => new Float64Array(60).fill(price * factor);
  return {
    startMillis: 0, intervalMicros: 60 * SECOND,
    open: column(1), high: column(1.01), low: column(0.99), close: column(1.002),
  };
}

describe('price files of any scale', () => {
  const prices = [1e-5, 0.0312, 0.9999, 1.7, 212, 7918, 61_500, 1.2e6, 4e8];
  it.each(prices.flatMap((price) => [['black-thursday-2020', price], ['flash-crash', price]] as const))(
    '%s starts at %f',
    (name, price) => {
      const scenario = load(name);
      const base = buildWorld(scenario, { seed: 1 });
      const world = buildWorld(scenario, { seed: 1, bars: barsAt(price) });
      const [spec] = world.venue.instruments;
      expect(world.durationMicros).toBe(3600 * SECOND);
      expect(spec.startTicks).toBeGreaterThanOrEqual(2000);
      expect(spec.startTicks).toBeLessThanOrEqual(200_000);
      expect(Math.abs((spec.startTicks * spec.contract.quotePerTick) / price - 1)).toBeLessThan(5e-4);
      expect(world.index[0].timesMicros).toHaveLength(3600);
      expect(world.index[0].priceTicks[0]).toBe(spec.startTicks);
      expect(Number.isSafeInteger(spec.contract.multiplier)).toBe(true);
      expect(Number.isInteger(Math.log2(world.ticksMax))).toBe(true);
      expect(world.ticksMax).toBeGreaterThanOrEqual(4 * Math.max(...world.index[0].priceTicks));

      const economics = new Economics(spec.contract);
      const before = new Economics(base.venue.instruments[0].contract);
      const baseTicks = base.venue.instruments[0].startTicks;
      const drawn = world.populate();
      const original = base.populate();
      const equity = (at: number, which: typeof drawn, economy: Economics, ticks: number) =>
        economy.equityQuote(
          which[at].depositQuanta[3], which[at].openingLots[3], which[at].openingCostQuanta[3], ticks,
        );
      // An agent owns the same in quote units, whatever the price.
      const mine = equity(0, drawn, economics, spec.startTicks);
      expect(Math.abs(mine / drawn[0].initialEquityQuote[3] - 1)).toBeLessThan(1e-3);
      expect(drawn[0].initialEquityQuote[3]).toBe(original[0].initialEquityQuote[3]);

      // The fund and a maker's quote keep their worth when the scale is chosen anew.
      const fund = economics.quantaToQuote(world.venue.insuranceFundQuanta, spec.startTicks);
      const fundBefore = before.quantaToQuote(base.venue.insuranceFundQuanta, baseTicks);
      const isRescaled = spec.contract.quotePerTick !== base.venue.instruments[0].contract.quotePerTick;
      if (isRescaled) {
        expect(Math.abs(fund / fundBefore - 1)).toBeLessThan(1e-3);
        const c = world.cohorts.findIndex((one) => one.strategy.family === 'liquidity');
        const k = world.cohorts[c].strategy.paramNames.indexOf('sizeLots');
        const quote = economics.exposureQuote(drawn[c].params[k], spec.startTicks);
        const quoteBefore = before.exposureQuote(original[c].params[k], baseTicks);
        expect(Math.abs(quote / quoteBefore - 1)).toBeLessThan(1e-2);
      }
    },
  );

  it('keep the written tick where it fits', () => {
    const near = buildWorld(load('black-thursday-2020'), { seed: 1, bars: barsAt(7918) });
    expect(near.venue.instruments[0].contract).toEqual(
      buildWorld(load('black-thursday-2020'), { seed: 1 }).venue.instruments[0].contract,
    );
    expect(near.venue.insuranceFundQuanta).toBe(35_500e8);
  });

  it('keep faults at their offset and drop those after the end', () => {
    expect(buildWorld(load('black-thursday-2020'), { seed: 1, bars: barsAt(8000) }).faults).toEqual([]);
    const settings = ['faults[0].from=10m', 'faults[0].until=2h'];
    const world = buildWorld(load('black-thursday-2020', settings), { seed: 1, bars: barsAt(8000) });
    expect(world.faults).toEqual([
      { kind: 'halt', fromMicros: 600 * SECOND, untilMicros: 3600 * SECOND },
    ]);
  });

  it('fit an inverse contract whose price collapses', () => {
    const bars = barsAt(80);
    bars.low.fill(1e-5, 30);
    bars.close.fill(2e-5, 30);
    bars.open.fill(2e-5, 31);
    bars.high.fill(3e-5, 31);
    const world = buildWorld(load('black-thursday-2020'), { seed: 1, bars });
    expect(Math.min(...world.index[0].priceTicks)).toBe(1);
    const long = world.populate().reduce(
      (sum, one) => sum + one.openingLots.filter((lots) => lots > 0).reduce((a, b) => a + b, 0), 0,
    );
    const { quotePerLot } = world.venue.instruments[0].contract;
    expect(long * quotePerLot).toBeGreaterThan(5e8);
  });

  it('turn with the shock', () => {
    const world = buildWorld(load('flash-crash', ['dials.shock=3']), { seed: 1, bars: barsAt(1000) });
    const { priceTicks } = world.index[0];
    const lowest = Math.min(...priceTicks) / priceTicks[0];
    expect(lowest).toBeCloseTo(0.99 ** 3, 3);
    const base = buildWorld(load('flash-crash'), { seed: 1 });
    const shocked = buildWorld(load('flash-crash', ['dials.shock=3']), { seed: 1 });
    const lots = (orders: typeof base.exogenous) => orders.reduce((sum, one) => sum + one.sizeLots, 0);
    expect(lots(base.exogenous)).toBe(Math.round(50e6 / 1150));
    expect(lots(shocked.exogenous)).toBe(Math.round((3 * 50e6) / 1150));
  });
});

describe('instruments of one venue', () => {
  const instrument = (name: string, contract: string, price: number) => `
    - name: ${name}
      contract: { ${contract} }
      margin: { leverageMax: 50, tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }] }
      mark: { kind: last }
      index: { kind: constant, price: ${price} }`;
  const pair = (first: string, second: string): Scenario =>
    resolveScenario(parseScenario(`name: pair
time: { duration: 1m }
venue:
  name: venue
  insuranceFund: 1000
  instruments:${instrument('BIG', first, 8000)}${instrument('SMALL', second, 0.16)}
population:
  - { name: one, strategy: momentum, count: 2, equity: 500 }
  - { name: two, strategy: momentum, count: 2, equity: 500, instrument: SMALL }
`, 'pair.yaml'));
  const BIG = 'kind: linear, tick: 0.5, lot: 0.001';
  const SMALL = 'kind: linear, tick: 0.00001, lot: 0.0001';

  /** Quanta per quote unit, instrument by instrument. */
  const quanta = (world: ReturnType<typeof buildWorld>): number[] =>
    world.venue.instruments.map(({ contract }) =>
      Math.round(contract.multiplier / (contract.quotePerTick * contract.quotePerLot)),
    );

  it.each([
    ['the finest that both need', BIG, SMALL, 1e9],
    ['the written one', `${BIG}, quantum: 1e-10`, SMALL, 1e10],
    ['the written one, coarser than auto', BIG, 'kind: linear, tick: 0.01, lot: 1, quantum: 1e-4', 1e4],
    ['the written ones, equal', `${BIG}, quantum: 1e-9`, `${SMALL}, quantum: 0.000000001`, 1e9],
  ])('share a quantum: %s', (_, first, second, perUnit) => {
    const world = buildWorld(pair(first, second), { seed: 1 });
    expect(quanta(world)).toEqual([perUnit, perUnit]);
    expect(world.venue.insuranceFundQuanta).toBe(1000 * perUnit);
    // Equal equities are equal deposits, wherever they trade.
    const deposits = world.populate().map((cohort) => [...cohort.depositQuanta]);
    expect(deposits).toEqual(new Array(2).fill(new Array(2).fill(500 * perUnit)));
  });

  it('share a finer one when a price file needs it', () => {
    const world = buildWorld(
      pair('kind: linear, tick: 0.5, lot: 1, quantum: 0.01', 'kind: linear, tick: 0.01, lot: 1, quantum: 0.01'),
      { seed: 1, bars: barsAt(1e-5) },
    );
    const [first, second] = quanta(world);
    expect(first).toBe(1e6);
    expect(second).toBe(first);
    expect(world.venue.instruments.every((one) => Number.isSafeInteger(one.contract.multiplier))).toBe(true);
    expect(world.venue.insuranceFundQuanta).toBe(1000 * first);
  });

  it.each([
    ['unequal quanta', `${BIG}, quantum: 1e-6`, `${SMALL}, quantum: 1e-9`,
      /^pair\.yaml:13:\d+ venue\.instruments\[1\]\.contract\.quantum: was 1e-9, must be that of BIG \(0\.000001\): instruments of one venue share wallets$/],
    ['two currencies', 'kind: inverse, tick: 0.5, lot: 1', SMALL,
      /^pair\.yaml:8:\d+ venue\.instruments\[0\]\.contract\.kind: was "inverse", must be linear beside other instruments: all share wallets/],
    ['two coins', 'kind: inverse, tick: 0.5, lot: 1', 'kind: inverse, lot: 1',
      /^pair\.yaml:8:\d+ venue\.instruments\[0\]\.contract\.kind: was "inverse", must be linear beside/],
    ['a quantum too coarse for the other', `${BIG}, quantum: 1e-6`, SMALL,
      /^venue\.instruments\.SMALL\.contract: was tick 0\.00001, lot 0\.0001, quantum 0\.000001, must make/],
  ])('refuse %s in one line', (_, first, second, message) => {
    const run = () => buildWorld(pair(first, second), { seed: 1 });
    expect(run).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(run).toThrow(message);
    expect(run).not.toThrow(/\n/);
  });
});

describe('the tick grid', () => {
  it.each([
    [0.5, 0.5], [0.49937, 0.5], [0.0625, 0.05], [0.072, 0.1], [1.3, 1], [1.5, 2], [3.1, 2], [3.2, 5], [7.1, 10],
    [6.25e-5, 5e-5], [4321, 5000], [1e-9, 1e-9],
  ])('%f is nearest to %f', (x, step) => {
    expect(gridNear(x)).toBe(step);
  });
});

describe('the money of exogenous orders', () => {
  it('is nothing without orders', () => {
    expect(buildWorld(load('calm'), { seed: 1 }).exogenousQuanta).toBe(0);
  });

  it('is their worth at twice the highest index, initial margin and fees', () => {
    const settings = ['venue.instruments.INDEX-PERP.index={ kind: constant, price: 1000 }', 'exogenous[0].notional=1e6'];
    const world = buildWorld(load('flash-crash', settings), { seed: 1 });
    const [{ contract, fees }] = world.venue.instruments;
    const lots = world.exogenous.filter((one) => one.side === 1).reduce((sum, one) => sum + one.sizeLots, 0);
    expect(lots).toBe(1000);
    const worth = lots * 2 * world.venue.instruments[0].startTicks * contract.multiplier;
    expect(worth).toBe(2e6 * 1e6);
    // The second bracket's 4 % margin, and the taker fee of a purchase and a sale.
    const expected = worth * 1.04 + (2 * worth * fees.takerPpm) / 1e6;
    expect(world.exogenousQuanta).toBe(expected);
    expect(world.exogenousQuanta).toBe(buildWorld(load('flash-crash', settings), { seed: 2 }).exogenousQuanta);
  });

  it('lets every order in, at any leverage the venue offers', () => {
    for (const leverage of [1, 100]) {
      const settings = [
        'venue.instruments.INDEX-PERP.index={ kind: constant, price: 1000 }',
        `venue.instruments.INDEX-PERP.margin={ leverageMax: ${leverage}, tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }] }`,
        'exogenous=[{ name: rest, side: sell, kind: limit, distance: 0.03, notional: 1e8, from: 0s, until: 1m }]',
        'time.duration=2m', 'population=[{ name: one, strategy: momentum, count: 1, equity: 500 }]',
      ];
      const world = new World(
        new LocalMemory(), buildWorld(load('flash-crash', settings), { seed: 1 }), 1, new EventLog(() => {}),
      );
      world.open();
      new WindowLoop(world, { parallel: false }).run();
      const { ledger } = world.venue;
      const row = ledger.row(world.market.exogenousAccount, 0);
      expect(world.spec.exogenous).toHaveLength(61);
      const expected = world.spec.exogenous.reduce(
        (sum, one) => sum + one.sizeLots * one.priceTicks * world.spec.venue.instruments[0].contract.multiplier, 0,
      );
      expect(ledger.rows[row + POSITION.openAsk]).toBe(expected);
    }
  });

  it('counts with the deposits', () => {
    const fits = load('flash-crash', ['dials.shock=20']);
    expect(() => buildWorld(fits, { seed: 1 }).populate()).not.toThrow();
    const much = load('flash-crash', ['dials.shock=20', 'venue.insuranceFund=2.2e9']);
    expect(() => buildWorld(much, { seed: 1 }).populate()).toThrow(
      /population: equities, fund and money of exogenous orders were 4\.\d+e\+15 quanta, must be at most 4\.50e\+15/,
    );
  });
});

describe('what does not fit', () => {
  it.each([
    ['calm', ['venue.instruments.XBTUSD.contract.quantum=1e-12'], /population: .* quanta, must be at most/],
    ['calm', ['venue.instruments.XBTUSD.contract.lot=0.00001'], /open interest of XBTUSD was \d+ lots, must be at most 2147483647/],
    ['flash-crash', ['venue.instruments.INDEX-PERP.contract.quantum=0.7'], /must make a lot worth a whole number of quanta a tick/],
    ['flash-crash', ['venue.instruments.INDEX-PERP.contract.tick=5000'], /contract.tick: was 5000, must be at most/],
    ['flash-crash', ['venue.instruments.INDEX-PERP.contract.tick=0.0001'], /index: highest price was \d+ ticks, must be at most/],
    ['flash-crash', ['exogenous[0].notional=1e13', 'exogenous[0].until=32m'], /exogenous\[0\]: was 1 orders of \d+ lots/],
    // Many programs whose orders each fit 31 bits.
    ['flash-crash', ['exogenous[0].notional=1e12', 'venue.instruments.INDEX-PERP.contract.lot=0.1'],
      /^exogenous: total of orders and book in INDEX-PERP was \d+ lots, must be at most 2147483647: use a larger contract\.lot or smaller orders$/],
    ['flash-crash', ['exogenous[0].notional=1e10'],
      /^exogenous: total of orders and book in INDEX-PERP was worth up to \d\.\d+e\+\d+ quanta, must be at most 4\.50e\+15: use a coarser contract\.quantum or smaller orders$/],
    ['flash-crash', ['exogenous[0].kind=limit', 'exogenous[0].distance=5', 'exogenous[0].notional=8e8'],
      /^exogenous: total of orders and book in INDEX-PERP was worth up to/],
    ['flash-crash', ['venue.instruments.INDEX-PERP.book={levels: 10000, size: 1000000000}', 'dials.depth=100'],
      /^exogenous: total of orders and book in INDEX-PERP was \d+ lots/],
    ['flash-crash', ['exogenous[0].every=1ms', 'exogenous[0].until=1h', 'exogenous[0].notional=5e7'],
      /^exogenous\[0\]: was \d+ orders of 1 lots, must be at most 1000000 orders/],
    ['flash-crash', ['exogenous=[{ name: a, side: buy, notional: 1e9, from: 0s, until: 10m, every: 1ms }, { name: b, side: sell, notional: 1e9, from: 0s, until: 10m, every: 1ms }]'],
      /^exogenous\[1\]: was order \d+ with the book and those before it, must be at most 1000000 orders in all$/],
    ['flash-crash', ['venue.instruments.INDEX-PERP.contract.quantum=1e-7', 'exogenous[0].notional=9e7'],
      /^exogenous: total of orders, book and open interest in INDEX-PERP was worth up to/],
    // Fits four times the index, but the venue, which reckons to the end of its prices, would refuse all.
    ['etf-close', ['venue.instruments.INDEX-PERP.contract.quantum=1e-6', 'dials.leverage=1.4'],
      /^population: open interest of INDEX-PERP was worth up to/],
    ['calm', ['dials.traders=1000', 'population.noise.count=3000'], /must be 1 to 2000000/],
  ])('%s refuses %j', (name, settings, message) => {
    const run = () => buildWorld(load(name, settings), { seed: 1 }).populate();
    expect(run).toThrow(expect.objectContaining({ code: 'scenario/range', exitCode: 2 }));
    expect(run).toThrow(message);
  });
});
