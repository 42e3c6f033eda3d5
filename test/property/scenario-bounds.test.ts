import { describe, expect, it } from 'vitest';
import { applySettings, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import type { ScenarioInput } from '../../scenarios/model/index.js';
import { UserError } from '../../sim/kernel/index.js';

/** A scenario that writes nearly every key there is. */
const LINEAR = `
name: everything
title: Title
doc: Words
time: { duration: 2h, window: 50ms, startsAt: 2020-03-12T00:00:00Z, series: 1s }
venue:
  name: venue
  insuranceFund: 1000
  liquidation: { policy: stepDown, order: ioc, delay: 1s }
  waterfall: [insuranceFund, badDebt]
  instruments:
    - name: PERP
      contract: { kind: linear, tick: 0.5, lot: 0.001, quantum: 1e-6 }
      margin:
        leverageMax: 50
        unrealisedProfitCounts: true
        tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }, { floor: 5e5, maintenance: 0.01, initial: 0.02 }]
      mark: { kind: medianOfThree, sample: 1s, samples: 30 }
      funding: { kind: premium, interval: 8h, first: 4h, interest: 0.0001, clamp: 0.0005, impactNotional: 100, sample: 1m, rising: true, lagged: false, rateMax: 0.01 }
      fees: { maker: -0.0001, taker: 0.0005, liquidation: 0.001 }
      band: 0.1
      selfTrade: decrement
      index: { kind: bridge, every: 1h, levels: [100, 90], anchors: [{ at: 90m, price: 95 }], volatility: 1, step: 1s }
      book: { levels: 5, size: 10, first: 2, spacing: 3 }
faults: [{ kind: halt, from: 10m, until: 20m, source: nowhere }]
exogenous:
  - { name: sale, instrument: PERP, side: sell, notional: 1e5, from: 1m, until: 2m, every: 1s, kind: limit, distance: -0.1, source: nowhere }
population:
  - name: crowd
    strategy: stop-ladder
    count: 10
    instrument: PERP
    margin: isolated
    params:
      leverage: { dist: lognormal, median: 5, sigma: 0.7, min: 1, max: 50 }
      stop1: { dist: uniform, min: 0.01, max: 0.05 }
      stop2: { dist: choice, values: [0.05, 0.06], weights: [1, 2] }
      stop3: { dist: constant, value: 0.1 }
      reentryMicros: { dist: loguniform, min: 1m, max: 1h }
    equity: { dist: pareto, min: 1000, alpha: 1.5, max: 1000000 }
    leverageMax: 20
    venueLeverage: 20
    band: { dist: normal, mean: 0.1, sd: 0.05, min: 0, max: 1 }
    feedLatency: { dist: lognormal, median: 300ms, sigma: 0.5, min: 50ms, max: 5s }
    orderLatency: 50ms
    period: { dist: loguniform, min: 1m, max: 1h }
    phase: 0.5
    start: 1m
    opening: { longShare: 0.7, leverage: 6, entry: { dist: normal, mean: 0.05, sd: 0.2 } }
    source: nowhere
  - { name: others, strategy: buy-and-hold-levered, count: 5, balances: true, equity: 1000000 }
dials: { crowding: 0.5, leverage: 2, depth: 2, shock: 2, traders: 2 }
`;

const INVERSE = `
name: inverse
time: { duration: 1h }
venue:
  name: venue
  instruments:
    - name: XBT
      contract: { kind: inverse, tick: auto, lot: 1 }
      margin: { leverageMax: 100, ladder: { base: 200, step: 100, steps: 10, maintenance: 0.005, initial: 0.01, rateStep: 0.0015 } }
      mark: { kind: fair }
      index: { kind: gbm, price: 8000, volatility: 0.5, drift: 0.1, step: 1s }
population:
  - { name: crowd, strategy: momentum, count: 3, equity: 500 }
`;

type Leaf = { path: string; value: unknown };

function leavesOf(value: unknown, path = ''): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => leavesOf(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, path === '' ? key : `${path}.${key}`),
  );
}

function mappingsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => mappingsOf(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    mappingsOf(item, path === '' ? key : `${path}.${key}`),
  );
  return path === '' ? inner : [path, ...inner];
}

/** Values that no key of that kind may hold. */
function wrongFor({ path, value }: Leaf): string[] {
  if (/\.(doc|title|source)$|^(doc|title|statement)$/.test(path)) return ['3', '[]'];
  if (typeof value === 'number') return ['-1e300', '1e300', '.nan', '.inf', 'word', 'null', '[1]'];
  if (typeof value === 'boolean') return ['word', '1', 'null'];
  if (value === 'auto') return ['word', '-1', '1e300', 'null'];
  if (/^\d/.test(String(value)) && !String(value).includes('T')) {
    // Strategy parameters in microseconds may also be plain numbers.
    const plain = path.includes('.params.') ? [] : ['5'];
    return ['-1s', '100000d', '5 minutes', '1e3s', 'null', ...plain];
  }
  return ['3', 'Not.A.Word!', 'null', '{}'];
}

const texts: [string, string][] = [['linear', LINEAR], ['inverse', INVERSE]];

describe.each(texts)('every key of a %s scenario', (_, text) => {
  const input: ScenarioInput = parseScenario(text, 'all.yaml');
  const scenario = resolveScenario(input);
  const base = scenario as unknown as ScenarioInput;
  const refusal = (setting: string): UserError => {
    try {
      applySettings(base, [setting]);
    } catch (error) {
      if (error instanceof UserError) return error;
      throw new Error(`${setting} broke: ${String(error)}`);
    }
    throw new Error(`${setting} was accepted`);
  };

  it('refuses values beyond its bounds or of another kind, naming its path', () => {
    const leaves = leavesOf(scenario);
    expect(leaves.length).toBeGreaterThan(40);
    for (const leaf of leaves) {
      for (const wrong of wrongFor(leaf)) {
        const error = refusal(`${leaf.path}=${wrong}`);
        const lines = error.message.split('\n');
        expect(error.code).toMatch(/^scenario\/(value|range|unit|key|param|strategy)$/);
        expect(lines.length).toBeLessThanOrEqual(3);
        const near = leaf.path.replace(/(\.\w+|\[\d+\])$/, '');
        if (!error.message.includes(near)) throw new Error(`${leaf.path}=${wrong}: ${error.message}`);
      }
    }
  });

  it('refuses keys it does not know, in every mapping', () => {
    for (const path of mappingsOf(scenario)) {
      const error = refusal(`${path}.nonsense=1`);
      expect(error.message).toContain(`${path}.nonsense: unknown key`);
      expect(error.code).toMatch(/^scenario\/(key|param)$/);
    }
  });

  it('accepts each value it already holds', () => {
    for (const { path, value } of leavesOf(scenario)) {
      if (value === '' || typeof value === 'string' && /[:#]/.test(value)) continue;
      expect(() => applySettings(base, [`${path}=${String(value)}`]), path).not.toThrow();
    }
  });
});
