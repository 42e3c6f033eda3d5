/** Random venues and random inputs for them, from one seed. */
import type { EventLog } from '../../sim/trace/index.js';
import { type InstrumentSpec, PerpetualVenue, type VenueSpec } from '../../sim/venue/index.js';

/** A small generator of whole numbers (mulberry32). */
export class Dice {
  private state: number;
  constructor(seed: number) {
    this.state = seed | 0;
  }
  unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  /** 0..n-1 */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }
  chance(p: number): boolean {
    return this.unit() < p;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

/** Arguments of one input of a venue. */
export type VenueInput =
  | {
      kind: 'submit';
      time: number;
      args: [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
    }
  | { kind: 'cancel'; time: number; args: [number, number, number] }
  | { kind: 'replace'; time: number; args: [number, number, number, number, number] }
  | { kind: 'index'; time: number; args: [number, number] }
  | { kind: 'timed'; time: number }
  | { kind: 'halt'; time: number }
  | { kind: 'resume'; time: number };

/** Anything that takes the inputs of a venue. */
export interface VenueLike {
  submit(
    time: number,
    account: number,
    instrument: number,
    slot: number,
    side: number,
    kind: number,
    price: number,
    size: number,
    tif: number,
    flags: number,
    trigger: number,
    source: number,
  ): void;
  cancel(time: number, account: number, instrument: number, slot: number): void;
  replace(
    time: number,
    account: number,
    instrument: number,
    slot: number,
    price: number,
    size: number,
  ): void;
  index(time: number, instrument: number, price: number): void;
  timed(time: number): void;
  halt(time: number, reason: number): void;
  resume(time: number): void;
}

export function apply(venue: VenueLike, input: VenueInput): void {
  const { time } = input;
  if (input.kind === 'submit') venue.submit(time, ...input.args);
  else if (input.kind === 'cancel') venue.cancel(time, ...input.args);
  else if (input.kind === 'replace') venue.replace(time, ...input.args);
  else if (input.kind === 'index') venue.index(time, ...input.args);
  else if (input.kind === 'timed') venue.timed(time);
  else if (input.kind === 'halt') venue.halt(time, 1);
  else venue.resume(time);
}

export interface VenueCase {
  spec: VenueSpec;
  count: number;
  slots: number;
  keys: number[];
  isolated: boolean[];
  cohorts: Uint16Array;
  deposits: number[];
  /** [account, instrument, leverage] */
  leverages: [number, number, number][];
  /** [account, instrument, lots, cost] */
  openings: [number, number, number, number][];
}

const START = 1000;

/**
 * Draws a venue: contracts, policies, accounts, openings. Prices start near 1,000 ticks of 4,000.
 */
export function drawCase(dice: Dice, instruments: number): VenueCase {
  const specs: InstrumentSpec[] = [];
  for (let i = 0; i < instruments; i++) specs.push(drawInstrument(dice, i));
  const count = 6 + dice.below(12);
  const spec: VenueSpec = {
    name: 'random',
    instruments: specs,
    liquidation: {
      kind: dice.chance(0.7) ? 'stepDown' : 'wholeAtMarket',
      delayMicros: dice.chance(0.25) ? 1_500_000 : 0,
      order: dice.pick(['fok', 'ioc'] as const),
    },
    waterfall: dice
      .pick([
        ['insuranceFund', 'autoDeleverage', 'badDebt'],
        ['insuranceFund', 'autoDeleverage', 'badDebt'],
        ['insuranceFund', 'badDebt'],
        ['autoDeleverage', 'insuranceFund', 'badDebt'],
        ['badDebt'],
      ] as const)
      .slice() as VenueSpec['waterfall'],
    insuranceFundQuanta: dice.pick([0, 20_000, 3_000_000]),
    seed: dice.below(1 << 30),
  };
  const isolatedShare = dice.pick([0, 0.5, 1]);
  const drawn: VenueCase = {
    spec,
    count,
    slots: 6,
    keys: [],
    isolated: [],
    cohorts: new Uint16Array(count),
    deposits: [],
    leverages: [],
    openings: [],
  };
  for (let a = 0; a < count; a++) {
    drawn.keys.push(dice.below(2 ** 32));
    drawn.isolated.push(dice.chance(isolatedShare));
    drawn.cohorts[a] = dice.below(3);
    drawn.deposits.push(
      a < 2 ? 40_000_000 : 2_000 + dice.below(dice.pick([20_000, 100_000, 600_000])),
    );
    for (let i = 0; i < instruments; i++) {
      if (dice.chance(0.7)) drawn.leverages.push([a, i, 1 + dice.below(60)]);
    }
  }
  if (dice.chance(0.6)) {
    for (let i = 0; i < instruments; i++) {
      let sum = 0;
      for (let a = 1; a < count; a++) {
        const lots = dice.below(201) - 100;
        sum += lots;
        drawn.openings.push([a, i, lots, openingCost(specs[i], lots, START - 30 + dice.below(60))]);
      }
      drawn.openings.push([0, i, -sum, openingCost(specs[i], -sum, START)]);
    }
  }
  return drawn;
}

/**
 * Returns the same venue with amounts so large that exact integers bound what it takes: a lot is worth
 * a billion times as much, a wallet at most 4e14.
 */
export function enlarge(drawn: VenueCase): VenueCase {
  const by = 1e9;
  const instruments = drawn.spec.instruments.map((one) => ({
    ...one,
    contract: { ...one.contract, multiplier: one.contract.multiplier * by },
    margin: {
      ...one.margin,
      tiers: one.margin.tiers.map((tier) => ({
        ...tier,
        ...(tier.floorQuanta === undefined ? {} : { floorQuanta: tier.floorQuanta * by }),
      })),
    },
    funding:
      one.funding.kind === 'none'
        ? one.funding
        : { ...one.funding, impactNotional: one.funding.impactNotional * by },
  }));
  return {
    ...drawn,
    spec: { ...drawn.spec, instruments, insuranceFundQuanta: drawn.spec.insuranceFundQuanta * 1e7 },
    deposits: drawn.deposits.map((quanta, a) => Math.min(quanta * by, a < 2 ? 4e14 : 1e14)),
    openings: drawn.openings.map(([a, i, lots, cost]) => [a, i, lots, cost * by]),
  };
}

function openingCost(spec: InstrumentSpec, lots: number, price: number): number {
  if (spec.contract.kind === 'linear') return lots * price * spec.contract.multiplier;
  return -Math.trunc((lots * spec.contract.multiplier) / price) + 0;
}

function drawInstrument(dice: Dice, i: number): InstrumentSpec {
  const kind = dice.pick(['linear', 'inverse'] as const);
  const byLots = dice.chance(0.3);
  const basis = dice.pick(['mark', 'mark', 'entry'] as const);
  const floors = byLots ? [0, 120, 300] : [0, 60_000, 250_000];
  const rates = dice.pick([
    [5000, 15000, 60000],
    [20000, 25000, 50000],
    [10000, 100000, 500000],
  ]);
  return {
    name: `random-${i}`,
    contract: {
      kind,
      multiplier: kind === 'linear' ? dice.pick([1, 3]) : dice.pick([1_000_000, 2_500_000]),
      quotePerTick: 0.5,
      quotePerLot: 1,
    },
    margin: {
      tiers: floors.map((floor, k) => ({
        ...(byLots ? { floorLots: floor } : { floorQuanta: floor }),
        maintenanceRate: rates[k],
        initialRate: rates[k] * 2,
      })),
      ...((byLots || basis === 'entry') && dice.chance(0.5) ? { deductions: false } : {}),
      ...(dice.chance(0.4) ? { unrealisedProfitCounts: true } : {}),
      basis,
    },
    leverageMax: 50,
    mark: dice.pick([
      { kind: 'last' },
      { kind: 'index' },
      { kind: 'fair' },
      { kind: 'medianOfThree', sampleMicros: 700_000, samples: 5 },
    ] as const),
    funding: dice.chance(0.3)
      ? { kind: 'none' }
      : {
          kind: 'premium',
          intervalMicros: 20_000_000,
          firstAtMicros: 9_000_000,
          interestRate: 0.0001,
          clamp: 0.0005,
          impactNotional: 20_000,
          sampleMicros: 1_000_000,
          rising: dice.chance(0.5),
          lagged: dice.chance(0.5),
          rateMax: dice.pick([0.01, 1]),
          ...(dice.chance(0.5) ? { interestRate: 20, clamp: 30 } : {}),
        },
    fees: {
      makerPpm: dice.pick([-250, 0, 200]),
      takerPpm: dice.pick([0, 750]),
      liquidationPpm: dice.pick([0, 5000]),
    },
    band: dice.chance(0.4) ? { widthPpm: dice.pick([30_000, 150_000]) } : null,
    ticksMax: 4000,
    startTicks: START,
    selfTrade: dice.below(4),
  };
}

/** Builds the real venue of a case, deposits and openings included. */
export function buildVenue(
  drawn: VenueCase,
  log: EventLog,
  report: (...args: number[]) => void,
): PerpetualVenue {
  const venue = new PerpetualVenue(
    drawn.spec,
    {
      count: drawn.count,
      slotsPerAccount: () => drawn.slots,
      cohortOf: drawn.cohorts,
      tieKey: Uint32Array.from(drawn.keys),
      isolated: Uint8Array.from(drawn.isolated, Number),
    },
    log,
    { report },
  );
  prepare(drawn, venue);
  return venue;
}

/** Pays deposits, sets leverages and opens positions. */
export function prepare(
  drawn: VenueCase,
  venue: {
    deposit(account: number, quanta: number): void;
    setLeverage(account: number, instrument: number, leverage: number): void;
    open(account: number, instrument: number, lots: number, cost: number): void;
  },
): void {
  for (const [account, quanta] of drawn.deposits.entries()) venue.deposit(account, quanta);
  for (const [account, instrument, leverage] of drawn.leverages) {
    venue.setLeverage(account, instrument, leverage);
  }
  for (const [account, instrument, lots, cost] of drawn.openings) {
    if (lots !== 0) venue.open(account, instrument, lots, cost);
  }
}

/** Draws inputs one by one; it looks at the venue only for its last prices and next timer. */
export class VenueFlow {
  private time = 0;
  private halted = false;
  private readonly index: number[];
  private drift = 0;

  private readonly dice: Dice;
  private readonly drawn: VenueCase;

  constructor(dice: Dice, drawn: VenueCase) {
    this.dice = dice;
    this.drawn = drawn;
    this.index = drawn.spec.instruments.map((one) => one.startTicks);
  }

  next(venue: PerpetualVenue): VenueInput {
    const { dice, drawn } = this;
    this.time += dice.below(400_000);
    const due = venue.nextTimedMicros();
    if (due <= this.time) {
      this.time = due;
      return { kind: 'timed', time: due };
    }
    const time = this.time;
    const roll = dice.unit();
    if (this.halted && roll < 0.1) {
      this.halted = false;
      return { kind: 'resume', time };
    }
    if (roll < 0.004) {
      this.halted = true;
      return { kind: 'halt', time };
    }
    const i = dice.below(drawn.spec.instruments.length);
    if (roll < 0.15) return { kind: 'index', time, args: [i, this.moveIndex(i)] };
    const a = dice.chance(0.35) ? dice.below(2) : dice.below(drawn.count);
    const slot = this.slotOf(venue, a, roll < 0.32);
    if (roll < 0.25) return { kind: 'cancel', time, args: [a, i, slot] };
    const near = dice.chance(0.5) ? venue.lastTicks(i) : this.index[i];
    const reach = a < 2 ? 90 : 20;
    const price = Math.max(dice.chance(0.01) ? 0 : 1, near + dice.below(2 * reach + 1) - reach);
    const size = a < 2 ? 1 + dice.below(160) : 1 + dice.below(dice.chance(0.2) ? 400 : 60);
    if (roll < 0.32) return { kind: 'replace', time, args: [a, i, slot, price, size] };
    const side = dice.below(2);
    const kind = roll < 0.7 ? 0 : roll < 0.85 ? 1 : 2 + dice.below(3);
    const flags = (dice.chance(0.1) ? 1 : 0) | (dice.chance(kind > 1 ? 0.4 : 0.15) ? 2 : 0);
    const trigger = Math.max(1, venue.lastTicks(i) + dice.below(61) - 30);
    const limit = kind === 1 || kind === 2 || kind === 4 ? (dice.chance(0.7) ? 0 : price) : price;
    const tif = dice.chance(0.75) ? 0 : 1 + dice.below(2);
    return {
      kind: 'submit',
      time,
      args: [a, i, slot, side, kind, limit, size, tif, flags, trigger, dice.below(3)],
    };
  }

  /** Draws a slot, mostly one that holds something (`taken`) or nothing. */
  private slotOf(venue: PerpetualVenue, account: number, taken: boolean): number {
    const { dice, drawn } = this;
    if (dice.chance(0.01)) return drawn.slots;
    let slot = dice.below(drawn.slots);
    for (let k = 0; k < drawn.slots && dice.chance(0.95); k++) {
      if ((venue.slotState(account, slot) !== 0) === taken) break;
      slot = (slot + 1) % drawn.slots;
    }
    return slot;
  }

  private moveIndex(i: number): number {
    const { dice } = this;
    if (dice.chance(0.1)) this.drift = dice.below(13) - 6;
    const jump = dice.chance(0.03) ? dice.below(241) - 120 : 0;
    const pull = this.index[i] > 2500 ? -20 : this.index[i] < 300 ? 20 : 0;
    this.index[i] = Math.max(1, this.index[i] + this.drift + dice.below(9) - 4 + jump + pull);
    return this.index[i];
  }
}
