/** The page about validation says what its data say, and the data what a run gives. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ValidationData } from '../../scenarios/cli/docs/validation-data.js';
import { validationPage } from '../../scenarios/cli/docs/validation-page.js';
import { applySettings, buildWorld, resolveScenario } from '../../scenarios/model/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';
import { compareHistory, readHistory, recordMarket } from '../../scenarios/runtime/validate/index.js';
import { runInMemory } from '../../sim/engine/index.js';

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const stored = JSON.parse(read('validation.json')) as ValidationData;
const REFRESH = 'is stale; run: npm run docs:validation';

describe('the page about validation', () => {
  it('is what its data give', () => {
    expect(read('validation.md') === validationPage(stored), `docs/validation.md ${REFRESH}`).toBe(true);
  });

  it('shows calm with every fact that must hold, on four groups of seeds', () => {
    const shipped = stored.cards.filter((card) => card.settings.length === 0);
    expect(shipped.map((card) => card.seeds[0])).toEqual([0, 5, 10, 15]);
    for (const card of shipped) {
      expect(card.seeds).toHaveLength(5);
      expect(card.rows).toHaveLength(23);
    }
    expect(shipped[0].holds).toBe(true);
  });

  it('was made by this run of calm', () => {
    const scenario = resolveScenario(loadScenario('calm').scenario);
    const { hash, kept } = recordMarket(scenario, 2);
    expect(hash, `docs/validation.json ${REFRESH}`).toBe(stored.cards[0].hashes[2]);
    expect(kept.volumeLots.length).toBe(stored.cards[0].returnsPerRun);
    // What was heard at the venue's doors: every order, and lives of those that rested.
    const { orders } = kept;
    expect(orders?.timeMicros.length).toBeGreaterThan(100_000);
    expect(orders?.cancelMicros.length).toBeGreaterThan(10_000);
    expect(orders?.fillMicros.length).toBeGreaterThan(10_000);
    expect(Math.min(...(orders?.placementTicks.slice(0, 10_000) ?? []))).toBeGreaterThanOrEqual(0);
  }, 120_000);
});

describe('listening at a venue', () => {
  it('changes no bit of the run, and hears every order', () => {
    const settings = ['time.duration=5m'];
    const scenario = resolveScenario(applySettings(loadScenario('calm').scenario, settings));
    const plain = runInMemory(buildWorld(scenario, { seed: 3 }));
    const { hash, kept } = recordMarket(scenario, 3);
    expect(hash).toBe(plain.hash);
    const { orders } = kept;
    // The first minute is left out: four of five minutes of new orders, a few at its edges.
    const sent = plain.limitOrders + plain.marketOrders;
    expect(orders?.timeMicros.length).toBeGreaterThan(0.6 * sent);
    expect(orders?.timeMicros.length).toBeLessThan(sent);
    // At the ends of the first to the fourth minute.
    expect(kept.midPrice).toHaveLength(4);
    const ascending = [...(orders?.timeMicros ?? [])];
    expect(ascending.every((time, i) => i === 0 || time >= ascending[i - 1])).toBe(true);
  });
});

describe('a comparison with history', () => {
  it('calls a median inside, below or above, and lists what is not measured', () => {
    const [event] = readHistory();
    expect(event.scenario).toBe('black-thursday-2020');
    const figures = {
      drawdown: -0.5, discount: -0.2, liquidatedQuote: 2e9, fundDeclineSettlement: -2000,
      deleveragings: 0, badDebtQuote: 0, haltMinutes: 24, fundingMin: Number.NaN,
    };
    const run = (seed: number, more: Partial<typeof figures>) => ({
      seed, hash: '', wallSeconds: 1, kept: { ...figures, ...more },
    });
    const { rows, holds } = compareHistory(event, [run(0, {}), run(1, { drawdown: -0.7 }), run(2, {})]);
    const of = (id: string) => rows.find((row) => row.id === id);
    expect(of('drawdown')).toMatchObject({ verdict: 'inside', median: -0.5, lowest: -0.7, seedsInside: 2 });
    expect(of('discount')?.verdict).toBe('below');
    expect(of('liquidations')?.verdict).toBe('above');
    expect(of('fund-decline')?.verdict).toBe('inside');
    expect(of('outage')?.verdict).toBe('input');
    expect(of('takeover-loss')).toMatchObject({ verdict: 'not-measured', median: null });
    expect(of('funding')?.verdict).toBe('not-measured');
    expect(holds).toBe(false);
    const inside = { discount: -0.1, liquidatedQuote: 1.5e9 };
    expect(compareHistory(event, [run(0, inside)]).holds).toBe(true);
  });

  it('has sources and a measure, or says why not, for every figure', () => {
    for (const { ranges } of readHistory()) {
      for (const range of ranges) {
        expect(range.sources.length, range.id).toBeGreaterThan(0);
        expect(range.low).toBeLessThanOrEqual(range.high);
        if (range.measure === null) expect(range.note).toBeTruthy();
      }
    }
  });
});
