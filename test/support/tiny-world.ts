/** A small world for engine tests: a few hundred agents of several families on one instrument. */
import { registry } from '../../agents/index.js';
import type { CohortPopulation, CohortSpec, WorldSpec } from '../../sim/engine/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import type { ExecutionSpec } from '../../sim/execution/index.js';
import type { Strategy } from '../../sim/strategy/index.js';

/** Overrides of the tiny world. */
export interface TinyOptions {
  seed?: number;
  seconds?: number;
  scale?: number;
  windowMicros?: number;
  contract?: 'linear' | 'inverse';
  mark?: 'last' | 'fair' | 'medianOfThree';
  /** Cohorts to leave out, by name. */
  without?: string[];
  halt?: boolean;
  /** How the cohorts in `WORKING` trade; at market when left out. */
  execution?: ExecutionSpec['policy'];
  /** Their speed limit. */
  speedLimit?: number;
  /** Takes the place of the strategy of cohort `targets`. */
  custom?: Strategy;
  /** Of agent k: how long a parent takes, between two looks, share or risk aversion. */
  horizonMicros?: (k: number) => number;
  intervalMicros?: (k: number) => number;
  rate?: number;
}

/** Cohorts whose strategies name targets. */
const WORKING = ['targets', 'etf', 'trend', 'anchor'];

/** Terms of an execution in the tiny world. */
export function tinyExecution(policy: ExecutionSpec['policy']): ExecutionSpec {
  const sliced = policy === 'twap' || policy === 'almgren-chriss';
  return {
    policy, slices: sliced ? 10 : 1, volatility: 0.019, temporaryImpact: 0.25, permanentImpact: 0.025,
  };
}

interface Draft {
  name: string;
  strategy: string;
  count: number;
  equity: number;
  leverage: number;
  openingLots: (k: number) => number;
  params?: Record<string, number>;
}

const START_TICKS = 10_000;

function strategyOf(name: string): Strategy {
  const found = registry.find((strategy) => strategy.name === name);
  if (found === undefined) throw new Error(`no strategy "${name}"`);
  return found;
}

/** Builds the tiny world: an index that falls 12 % half way, levered longs, makers, noise. */
export function tinyWorld(options: TinyOptions = {}): WorldSpec {
  const seed = options.seed ?? 1;
  const seconds = options.seconds ?? 60;
  const scale = options.scale ?? 1;
  const inverse = (options.contract ?? 'inverse') === 'inverse';
  const n = (count: number): number => Math.max(1, Math.round(count * scale));
  const retail = n(60);
  const drafts: Draft[] = [
    {
      name: 'noise', strategy: 'zero-intelligence', count: n(80), equity: 1e6, leverage: 1,
      openingLots: () => 0, params: { ratePerSecond: 1, sizeMax: 20, sizeScale: 10 },
    },
    { name: 'makers', strategy: 'market-maker', count: n(4), equity: 1e6, leverage: 10, openingLots: () => 0 },
    {
      name: 'retail', strategy: 'buy-and-hold-levered', count: retail, equity: 1000, leverage: 20,
      openingLots: (k) => 8000 + 200 * (k % 40),
    },
    { name: 'targets', strategy: 'volatility-target', count: n(30), equity: 5000, leverage: 10, openingLots: () => 0 },
    { name: 'etf', strategy: 'leverage-target', count: n(20), equity: 5000, leverage: 10, openingLots: () => 0 },
    { name: 'trend', strategy: 'momentum', count: n(20), equity: 5000, leverage: 10, openingLots: () => 0 },
    { name: 'stops', strategy: 'stop-ladder', count: n(20), equity: 5000, leverage: 10, openingLots: () => 1000 },
    { name: 'anchor', strategy: 'value', count: n(6), equity: 1e6, leverage: 5, openingLots: () => 0 },
    { name: 'hedger', strategy: 'arbitrageur', count: 1, equity: 1e8, leverage: 5, openingLots: () => 0 },
  ];
  const kept = drafts.filter((draft) => !(options.without ?? []).includes(draft.name));
  const opened = kept.reduce((sum, d) => {
    let lots = 0;
    for (let k = 0; k < d.count; k++) lots += d.openingLots(k);
    return sum + lots;
  }, 0);
  const multiplier = inverse ? 1e8 * 1000 : 1000;
  const works = (d: Draft): boolean => options.execution !== undefined && WORKING.includes(d.name);
  const cohorts: CohortSpec[] = kept.map((d) => ({
    name: d.name,
    strategy: d.name === 'targets' && options.custom ? options.custom : strategyOf(d.strategy),
    count: d.count,
    instrument: 0,
    isolated: d.name === 'retail',
    ...(works(d) ? { execution: tinyExecution(options.execution!) } : {}),
    ...(options.speedLimit !== undefined && WORKING.includes(d.name)
      ? { speedLimit: options.speedLimit }
      : {}),
  }));
  const source = new RandomSource(seed);
  const openingValue = (lots: number): number =>
    inverse
      ? -Math.sign(lots) * Math.trunc((multiplier * Math.abs(lots)) / START_TICKS)
      : lots * START_TICKS * multiplier;
  const quotePerQuantum = inverse ? START_TICKS / (1e8 * 1000) : 1e-6;
  const draw = (d: Draft, c: number): CohortPopulation => {
    const { strategy } = cohorts[c];
    const u = source.stream(`population/${d.name}`);
    const column = (f: (k: number) => number): Float64Array => Float64Array.from({ length: d.count }, (_, k) => f(k));
    const lotsOf = (k: number): number => (d.name === 'hedger' ? -opened : d.openingLots(k));
    const params = new Float64Array(d.count * strategy.paramNames.length);
    for (let k = 0; k < d.count; k++) {
      strategy.paramNames.forEach((name, p) => {
        params[k * strategy.paramNames.length + p] = d.params?.[name] ?? strategy.params[name].default;
      });
    }
    return {
      params,
      feedLatencyMicros: column((k) => 100_000 + Math.floor(u.uniform(1, k, 0) * 400_000)),
      orderLatencyMicros: column((k) => 100_000 + Math.floor(u.uniform(1, k, 1) * 300_000)),
      band: column(() => 0.05),
      leverageMax: column(() => d.leverage),
      periodMicros: column((k) => 1_000_000 + Math.floor(u.uniform(1, k, 2) * 2_000_000)),
      phaseMicros: column((k) => Math.floor(u.uniform(1, k, 3) * 1_000_000)),
      initialEquityQuote: column(() => d.equity),
      depositQuanta: column(() => Math.floor(d.equity / quotePerQuantum)),
      venueLeverage: column(() => d.leverage),
      openingLots: column(lotsOf),
      openingCostQuanta: column((k) => openingValue(lotsOf(k))),
      ...(works(d)
        ? {
            execution: {
              horizonMicros: column(
                options.horizonMicros ?? ((k) => 3_000_000 + Math.floor(u.uniform(1, k, 4) * 4_000_000)),
              ),
              intervalMicros: column(
                options.intervalMicros ?? ((k) => 300_000 + Math.floor(u.uniform(1, k, 5) * 700_000)),
              ),
              rate: column(() => options.rate ?? (options.execution === 'pov' ? 0.1 : 0.01)),
            },
          }
        : {}),
    };
  };
  const updates = seconds * 5;
  const noise = source.stream('index');
  const priceTicks = new Int32Array(updates);
  const timesMicros = new Float64Array(updates);
  for (let k = 0; k < updates; k++) {
    const fallen = k > updates / 2 ? Math.min(1, (k - updates / 2) / (updates / 10)) : 0;
    timesMicros[k] = k * 200_000;
    priceTicks[k] = Math.round(START_TICKS * (1 - 0.12 * fallen) + 6 * noise.normal(0, k, 0));
  }
  priceTicks[0] = START_TICKS;
  return {
    seed,
    windowMicros: options.windowMicros ?? 100_000,
    durationMicros: seconds * 1_000_000,
    ticksMax: 65_536,
    venue: {
      name: 'tiny',
      seed,
      instruments: [
        {
          name: 'PERP',
          contract: inverse
            ? { kind: 'inverse', multiplier, quotePerTick: 1, quotePerLot: 1 }
            : { kind: 'linear', multiplier, quotePerTick: 1, quotePerLot: 0.001 },
          margin: { tiers: [{ maintenanceRate: 5000, initialRate: 10_000 }] },
          leverageMax: 100,
          mark: { kind: options.mark ?? 'fair' },
          funding: {
            kind: 'premium', intervalMicros: 20_000_000, firstAtMicros: 20_000_000,
            interestRate: 0.0001, clamp: 0.0005, sampleMicros: 1_000_000,
            impactNotional: multiplier,
          },
          fees: { makerPpm: -250, takerPpm: 750, liquidationPpm: 0 },
          band: { widthPpm: 200_000 },
          ticksMax: 65_536,
          startTicks: START_TICKS,
          selfTrade: 1,
        },
      ],
      liquidation: { kind: 'stepDown' },
      waterfall: ['insuranceFund', 'autoDeleverage', 'badDebt'],
      insuranceFundQuanta: Math.floor(1000 / quotePerQuantum),
    },
    index: [{ timesMicros, priceTicks }],
    cohorts,
    exogenous: seedBook(inverse),
    exogenousQuanta: 1e15,
    faults: options.halt === true
      ? [{ kind: 'halt', fromMicros: seconds * 550_000, untilMicros: seconds * 600_000 }]
      : [],
    seriesMicros: 1_000_000,
    latencyMicrosMax: 500_000,
    populate: () => kept.map(draw),
  } as WorldSpec;
}

function seedBook(inverse: boolean): WorldSpec['exogenous'] {
  const lots = inverse ? 2000 : 200;
  return Array.from({ length: 60 }, (_, k) => ({
    timeMicros: 1,
    instrument: 0,
    side: k & 1,
    kind: 0,
    priceTicks: k & 1 ? START_TICKS + 1 + (k >> 1) : START_TICKS - 1 - (k >> 1),
    sizeLots: lots,
  }));
}
