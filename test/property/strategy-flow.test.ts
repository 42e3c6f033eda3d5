/** What every quoting strategy obeys, and what the cards of flow and liquidity rules demand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registry, strategyNamed } from '../../agents/index.js';
import { AgentField } from '../../sim/strategy/index.js';
import { walkQuotes, WALK_STEPS, type QuoteStep, type QuoteWalk } from '../support/quote-walk.js';
import { StrategyBench } from '../support/strategy-bench.js';

const walks: fc.Arbitrary<QuoteWalk> = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  taste: fc.integer({ min: 0, max: 1e6 }),
  volatility: fc.constantFrom(0.0003, 0.002, 0.01),
  equityQuote: fc.constantFrom(5_000, 123_456.5, 4e6),
});
const runs = { numRuns: 8, seed: 7 };
const quoting = registry.filter((strategy) => strategy.style === 'quoting');

/** Everything that was sent, as text. */
const sent = (steps: QuoteStep[]): string[] =>
  steps.flatMap(({ step, actions }) =>
    actions.map(
      ({ op, agent, side, priceTicks, sizeLots, slot }) =>
        `${step}/${agent}: ${op} ${side} ${priceTicks} ${sizeLots} ${slot}`,
    ),
  );

const cases = quoting.map((strategy) => [strategy.name, strategy] as const);

describe.each(cases)('%s', (name, strategy) => {
  it('trades something in some walk', () => {
    const walk = { seed: 3, taste: 4, volatility: 0.002, equityQuote: 4e6 };
    expect(sent(walkQuotes(strategy, walk)).length).toBeGreaterThan(0);
  });

  it('sends the same alone as in a batch, twice', () => {
    fc.assert(
      fc.property(walks, (walk) => {
        const first = sent(walkQuotes(strategy, walk));
        expect(sent(walkQuotes(strategy, walk))).toEqual(first);
        expect(sent(walkQuotes(strategy, walk, { alone: true }))).toEqual(first);
      }),
      runs,
    );
  });

  it('does not see the future', () => {
    fc.assert(
      fc.property(walks, fc.integer({ min: 1, max: WALK_STEPS - 1 }), (walk, from) => {
        const past = (steps: QuoteStep[]) => sent(steps.filter(({ step }) => step < from));
        const other = walkQuotes(strategy, walk, { future: { from, seed: walk.seed + 1 } });
        expect(past(other)).toEqual(past(walkQuotes(strategy, walk)));
      }),
      runs,
    );
  });

  if (name !== 'stop-runner') {
    it('is the same in a currency twice, a thousand times or an eighth as large', () => {
      fc.assert(
        fc.property(walks, fc.constantFrom(2, 1024, 0.125), (walk, scale) => {
          const scaled = sent(walkQuotes(strategy, walk, { scale }));
          expect(scaled).toEqual(sent(walkQuotes(strategy, walk)));
        }),
        runs,
      );
    });
  } else {
    it('is the same in a currency a power of ten as large, to the rounding of such a price', () => {
      const sizes = (steps: QuoteStep[]) =>
        steps.flatMap(({ step, actions }) => actions.map((a) => ({ ...a, step })));
      fc.assert(
        fc.property(walks, fc.constantFrom(10, 1000), (walk, scale) => {
          const scaled = sizes(walkQuotes(strategy, walk, { scale }));
          const plain = sizes(walkQuotes(strategy, walk));
          expect(scaled.length).toBe(plain.length);
          plain.forEach((action, k) => {
            const { sizeLots, ...rest } = scaled[k];
            expect({ ...rest, sizeLots: action.sizeLots }).toEqual(action);
            expect(Math.abs(sizeLots - action.sizeLots)).toBeLessThanOrEqual(1);
          });
        }),
        runs,
      );
    });
  }

  it('sends nothing but cancels without equity', () => {
    fc.assert(
      fc.property(walks, fc.constantFrom(0, -1000), (walk, equityQuote) => {
        const steps = walkQuotes(strategy, walk, { equityQuote });
        const actions = steps.flatMap((step) => step.actions);
        expect(actions.filter(({ op }) => op !== 'cancel')).toEqual([]);
      }),
      runs,
    );
  });
});

describe('card C1: Avellaneda-Stoikov', () => {
  interface Quotes {
    bid: number;
    ask: number;
    reservation: number;
  }
  const terms = { kind: 'linear', multiplier: 1, quotePerTick: 1e-4, quotePerLot: 1 } as const;

  function quote(
    params: Record<string, number>,
    held: number,
    micros = 0,
  ): Quotes & { bench: StrategyBench } {
    const bench = new StrategyBench(strategyNamed('avellaneda-stoikov'), {
      params: { sizeLots: 10, ...params }, terms, equityQuote: 1e9,
    });
    bench.show(1_000_000);
    bench.setEquity(1e9, 1_000_000);
    bench.fill(held);
    bench.decide(micros);
    const [bid, ask, reservation] = ['bid', 'ask', 'reservation'].map((name) => bench.get(name));
    return { bid, ask, reservation, bench };
  }

  const tastes = fc.record({
    riskAversion: fc.double({ min: 0.001, max: 2, noNaN: true }),
    depthDecay: fc.double({ min: 0.2, max: 10, noNaN: true }),
    volatility: fc.double({ min: 0.1, max: 3, noNaN: true }),
  });
  const inventories = fc.integer({ min: 1, max: 10 });

  it('lies around the reservation price, lower when long, mirrored when short', () => {
    fc.assert(
      fc.property(tastes, inventories, fc.integer({ min: 0, max: 86_399 }), (taste, q, second) => {
        const [flat, long, short] = [0, q, -q].map((n) => quote(taste, 10 * n, second * 1e6));
        for (const one of [flat, long, short]) {
          expect(one.bid).toBeLessThan(one.reservation);
          expect(one.ask).toBeGreaterThan(one.reservation);
        }
        expect(flat.bid + flat.ask).toBeCloseTo(200, 9);
        expect(long.bid).toBeLessThan(flat.bid);
        expect(long.ask).toBeLessThan(flat.ask);
        expect(long.bid + short.ask).toBeCloseTo(200, 9);
        expect(long.ask + short.bid).toBeCloseTo(200, 9);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('comes to 2/k without risk aversion, and forgets inventory as the session ends', () => {
    for (const k of [0.5, 1.5, 7]) {
      const { bid, ask } = quote({ riskAversion: 1e-12, depthDecay: k }, 0);
      expect(ask - bid).toBeCloseTo(2 / k, 9);
    }
    const day = 86_400e6;
    const late = quote({}, 30, day - 1);
    expect(late.reservation).toBeCloseTo(100, 9);
    expect(quote({}, 30, day).reservation).toBeCloseTo(98.8, 9);
    expect(quote({}, 30, day / 2).reservation).toBeCloseTo(99.4, 9);
  });

  it('quotes one side at its limit, and none that would pass it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -130, max: 130 }), (held) => {
        const { bench } = quote({ inventoryMax: 10 }, held);
        const lots = (side: number) =>
          bench.desk.live(0, side).reduce((sum, order) => sum + order.leavesLots, 0);
        expect(lots(0)).toBe(Math.min(10, Math.max(100 - held, 0)));
        expect(lots(1)).toBe(Math.min(10, Math.max(100 + held, 0)));
      }),
      { numRuns: 100, seed: 2 },
    );
  });
});

describe('card C2: order splitting', () => {
  it('keeps within its leverage and works one side at a time', () => {
    const strategy = strategyNamed('order-splitter');
    fc.assert(
      fc.property(walks, (walk) => {
        const bench = new StrategyBench(strategy, {
          params: { childLots: 7, ratePerSecond: 1, leverage: 2 }, seed: walk.seed,
          equityQuote: 1000, leverageMax: 5,
          terms: { kind: 'linear', multiplier: 1, quotePerTick: 1, quotePerLot: 1 },
        });
        bench.show(3);
        bench.setEquity(1000, 3);
        bench.start();
        let side = 0;
        for (let k = 0; k < 400; k++) {
          const [metaorders, remaining] = [bench.get('metaorders'), bench.get('remaining')];
          bench.decide(bench.timers[0]);
          const [order] = bench.desk.take();
          const sign = order.side === 0 ? 1 : -1;
          expect(order.sizeLots).toBe(7);
          if (bench.get('metaorders') === metaorders) {
            expect(sign).toBe(side);
            expect(bench.get('remaining')).toBe(remaining - 1);
          }
          side = sign;
          bench.fill(sign * 7);
          expect(Math.abs(bench.field(AgentField.position)) * 3).toBeLessThanOrEqual(2000);
        }
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});

describe('card C3: arbitrage with carry', () => {
  it('locks in no loss after funding, and keeps within its capital', () => {
    const quotes = fc.record({
      index: fc.integer({ min: 90_000, max: 110_000 }),
      gap: fc.integer({ min: -1500, max: 1500 }),
      width: fc.integer({ min: 1, max: 40 }),
      rate: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
      held: fc.integer({ min: -1_500_000, max: 1_500_000 }),
      cost: fc.double({ min: 0.0002, max: 0.004, noNaN: true }),
    });
    fc.assert(
      fc.property(quotes, ({ index, gap, width, rate, held, cost }) => {
        const bench = new StrategyBench(strategyNamed('arbitrageur'), {
          params: { cost, holdingMicros: 4 * 3600e6 }, leverageMax: 10,
        });
        bench.show(100_000, {
          index, bestBid: index + gap, bestAsk: index + gap + width, fundingRate: rate,
        });
        bench.setEquity(1000, 100_000);
        bench.fill(held);
        bench.decide(0);
        for (const { side, priceTicks, sizeLots } of bench.desk.take()) {
          const sign = side === 0 ? 1 : -1;
          const fundingPaid = (sign * rate) / 2;
          // Of an entry: the gap at the worst price it accepts, less funding and all costs.
          const profit = sign * (index - priceTicks) - fundingPaid * index;
          const opens = sign * held >= 0;
          if (opens) expect(profit).toBeGreaterThanOrEqual(2 * cost * index - 1);
          // Of an exit: what is given up stays below what the entry had locked in beyond its costs.
          else expect(profit).toBeGreaterThanOrEqual(-0.25 * cost * index - 1);
          expect(Math.abs(held + sign * sizeLots)).toBeLessThanOrEqual(1_500_000);
        }
      }),
      { numRuns: 3000, seed: 4 },
    );
  });

  it('wants a wider gap to pay funding, and a narrower one to receive it', () => {
    const entryAsk = (rate: number, holdingMicros: number): number => {
      const bench = new StrategyBench(strategyNamed('arbitrageur'), {
        params: { holdingMicros, clip: 1 }, leverageMax: 10,
      });
      for (let ask = 100_000; ask > 98_000; ask--) {
        bench.show(100_000, { bestBid: ask - 1, bestAsk: ask, fundingRate: rate });
        bench.setEquity(1000, 100_000);
        bench.decide(0);
        if (bench.desk.take().length > 0) return ask;
      }
      return 0;
    };
    expect(entryAsk(0.001, 0)).toBe(99_800);
    expect(entryAsk(0.001, 8 * 3600e6)).toBe(99_700);
    // One tick less, by the rounding of .999 + .001 in binary.
    expect(Math.abs(entryAsk(-0.001, 8 * 3600e6) - 99_900)).toBeLessThanOrEqual(1);
    expect(entryAsk(0.001, 4 * 3600e6)).toBe(99_750);
  });
});

describe('card C7: Kyle', () => {
  it('trades intensity x mispricing, within its leverage, never beyond its value', () => {
    const cases = fc.record({
      auctions: fc.integer({ min: 1, max: 32 }),
      index: fc.integer({ min: 95_000, max: 105_000 }),
      held: fc.integer({ min: -2e6, max: 2e6 }),
    });
    fc.assert(
      fc.property(cases, ({ auctions, index, held }) => {
        const bench = new StrategyBench(strategyNamed('informed'), {
          params: { auctions, noiseLots: 1e6, leverage: 2 }, equityQuote: 1000,
        });
        bench.show(100_000, { index });
        bench.setEquity(1000, 100_000);
        bench.fill(held);
        bench.start();
        bench.decide(0);
        const intensity = bench.rows[bench.strategy.at.intensity];
        expect(bench.get('flow')).toBeCloseTo((intensity * (index - 100_000)) / 100, 6);
        const [order] = bench.desk.take();
        if (order === undefined) return;
        const sign = index > 100_000 ? 1 : -1;
        expect(order.side).toBe(sign > 0 ? 0 : 1);
        expect(order.priceTicks).toBe(index);
        expect(order.sizeLots).toBeLessThanOrEqual(Math.abs(bench.get('flow')) + 1);
        expect(sign * held + order.sizeLots).toBeLessThanOrEqual(2_000_000);
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
