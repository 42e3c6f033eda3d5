/** Many small cohorts alike, drawn over many seeds: a sample of crowds. */
import { registry } from '../../agents/index.js';
import { buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import type { CohortPopulation, WorldSpec } from '../../sim/engine/index.js';
import type { Strategy } from '../../sim/strategy/index.js';

/** What the cohorts of a sample have in common. */
export interface CrowdOptions {
  strategy: string;
  /** Further keys of every cohort, YAML flow style: `period: 1m, params: { ... }`. */
  keys: string;
  /** Cohorts, and agents of each. */
  cohorts?: number;
  agents?: number;
  crowding?: number;
  /** Further top-level YAML. */
  top?: string;
  instrument?: string;
  strategies?: readonly Strategy[];
}

const MARKET = `contract: { kind: linear, tick: 1, lot: 0.0001 }, mark: { kind: last },
        index: { kind: constant, price: 10000 },
        margin: { leverageMax: 100, tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }] }`;

/** Returns worlds by seed; cohorts are `c0`, `c1`, and so on, balanced by one of hedgers. */
export function crowdWorlds(options: CrowdOptions): (seed: number) => WorldSpec {
  const { strategy, keys, cohorts = 100, agents = 2, crowding = 0 } = options;
  const lines = Array.from(
    { length: cohorts },
    (_, k) => `  - { name: c${k}, strategy: ${strategy}, count: ${agents}, ${keys} }`,
  );
  const text = `name: crowds
time: { duration: 1m, window: 100ms }
venue:
  name: venue
  instruments:
    - { name: PERP, ${options.instrument ?? ''} ${MARKET} }
dials: { crowding: ${crowding} }
${options.top ?? ''}
population:
${lines.join('\n')}
  - { name: hedgers, strategy: buy-and-hold-levered, count: 1, equity: 1e9, balances: true,
      params: { leverage: 0 } }
`;
  const strategies = options.strategies ?? registry;
  const scenario = resolveScenario(parseScenario(text, 'crowds.yaml', strategies), strategies);
  return (seed) => buildWorld(scenario, { seed, strategies });
}

/** Draws all cohorts over seeds 0..seeds-1, the hedgers left out. */
export function drawCrowds(options: CrowdOptions, seeds: number): CohortPopulation[] {
  const worldOf = crowdWorlds(options);
  const drawn: CohortPopulation[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    drawn.push(...worldOf(seed).populate().slice(0, -1));
  }
  return drawn;
}
