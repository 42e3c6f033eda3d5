/** Random small scenarios in which every shipped rule meets the others, worked orders and crowds included. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { readSnapshot, WindowLoop, World, writeSnapshot } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { ConservationAudit, EventLog, EventReader } from '../../sim/trace/index.js';

const policies = [
  '', '', '{ policy: limit-join, reprice: 500ms, patience: 2s }', '{ policy: almgren-chriss, duration: 4s }',
  '{ policy: twap, duration: 3s, slices: 3 }', '{ policy: pov, rate: 0.5, look: 300ms }',
];

/** What differs between cohorts of one scenario. */
const cohort = fc.record({
  count: fc.integer({ min: 1, max: 6 }),
  equity: fc.constantFrom(200, 5000, 1_000_000),
  execution: fc.constantFrom(...policies),
  speedLimit: fc.constantFrom('', '', '0.01'),
  crowding: fc.constantFrom(0, 0, 0.5, 1),
  period: fc.constantFrom('300ms', '1s', '4s'),
  band: fc.constantFrom(0, 0.05),
  leverageMax: fc.constantFrom(1, 10, 50),
  opening: fc.constantFrom('', '', '{ longShare: 0.8, leverage: 8 }'),
  mixed: fc.boolean(),
});

const world = fc.record({
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  inverse: fc.boolean(),
  volatility: fc.constantFrom(1, 20),
  cohorts: fc.array(cohort, { minLength: registry.length, maxLength: registry.length }),
});

type Drawn = typeof world extends fc.Arbitrary<infer W> ? W : never;

/** Writes the scenario: makers and noise, and a small cohort of every rule. */
function scenarioText({ inverse, volatility, cohorts }: Drawn): string {
  const lines = registry.map(({ name, style }, k) => {
    const c = cohorts[k];
    const works = style === 'sizing';
    const parts = [
      `name: c-${name}, strategy: ${name}, equity: ${c.equity}, period: ${c.period}, band: ${c.band}`,
      `leverageMax: ${c.leverageMax}, crowding: ${c.crowding}, count: ${c.count}`,
    ];
    if (works && c.execution !== '') parts.push(`execution: ${c.execution}`);
    if (works && c.speedLimit !== '') parts.push(`speedLimit: ${c.speedLimit}`);
    if (c.mixed) parts.push('mix: { name: funds, alpha: 2 }');
    if (c.opening !== '') parts.push(`opening: ${c.opening}`);
    return `  - { ${parts.join(', ')} }`;
  });
  const contract = inverse
    ? 'contract: { kind: inverse, tick: 0.5, lot: 10, quantum: 1.0e-8 }'
    : 'contract: { kind: linear, tick: 0.5, lot: 0.001 }';
  return `name: swarm
time: { duration: 25s, window: 100ms }
venue:
  name: test
  insuranceFund: 1000
  instruments:
    - name: BTCUSD
      ${contract}
      margin: { leverageMax: 100, tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }] }
      mark: { kind: medianOfThree }
      fees: { maker: -0.0001, taker: 0.0005 }
      index: { kind: gbm, price: 8000, volatility: ${volatility} }
      book: { levels: 50, size: 1000 }
population:
  - { name: makers, strategy: market-maker, count: 3, equity: 1000000, period: 1s, balances: true }
  - { name: noise, strategy: zero-intelligence, count: 40, equity: 100000, params: { ratePerSecond: 1 } }
${lines.join('\n')}
`;
}

describe('all rules in one market', () => {
  it('passes every check, loses no money, and does not depend on shards or a restored snapshot', () => {
    let events = 0;
    fc.assert(
      fc.property(world, fc.integer({ min: 2, max: 5 }), (drawn, shards) => {
        const scenario = resolveScenario(parseScenario(scenarioText(drawn), 'swarm.yaml'));
        const spec = buildWorld(scenario, { seed: drawn.seed });
        const audit = new ConservationAudit();
        const make = (count: number, audited = false): World => {
          const log = new EventLog((bytes) => {
            if (audited) audit.add(new EventReader(bytes));
          });
          return new World(new LocalMemory(), spec, count, log);
        };
        const finish = (one: World): string => {
          const loop = new WindowLoop(one, { parallel: false, check: true, checkWindows: 25 });
          one.close(loop.run().micros);
          return one.stateHash();
        };
        const whole = make(1, true);
        whole.open();
        const hash = finish(whole);
        events += whole.log.rows();
        expect(audit.result().errorQuanta).toBe(0);
        const parts = make(shards);
        parts.open();
        new WindowLoop(parts, { parallel: false, check: true, untilMicros: 11_300_000 }).run();
        const restored = make(1 + (shards % 3));
        readSnapshot(restored, writeSnapshot(parts));
        expect(finish(parts)).toBe(hash);
        expect(finish(restored)).toBe(hash);
      }),
      { seed: 20_200_312, numRuns: 10, endOnFailure: true },
    );
    expect(events).toBeGreaterThan(10_000);
  });
});
