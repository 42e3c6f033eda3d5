/** The specification of a perpetual venue: a choice per policy slot. */
import type { ContractSpec } from '../account/index.js';
import { UserError } from '../kernel/index.js';
import type {
  FundingSpec,
  LiquidationSpec,
  MarginSpec,
  MarkSpec,
  PriceBandSpec,
  WaterfallStep,
} from '../risk/index.js';

/** Fees in parts per million of the notional; a negative maker fee is a rebate. */
export interface FeeSpec {
  makerPpm: number;
  takerPpm: number;
  /** Charged on top to an account whose liquidation order trades; goes to the insurance fund. */
  liquidationPpm: number;
}

/** What comes back of the seeded book of an instrument after liquidation orders. */
export interface RefillSpec {
  /** Part of the consumed levels, 0 to 1. */
  fraction: number;
  /** Size of a level, lots. */
  levelLots: number;
}

/** One perpetual contract. */
export interface InstrumentSpec {
  name: string;
  contract: ContractSpec;
  margin: MarginSpec;
  /** Largest leverage an account may choose; also the default. */
  leverageMax: number;
  mark: MarkSpec;
  funding: FundingSpec;
  fees: FeeSpec;
  band: PriceBandSpec | null;
  /** Prices lie in 1..ticksMax-1. */
  ticksMax: number;
  /** Last, mark and index price before the first event. */
  startTicks: number;
  /** A `SelfTrade` of the book. */
  selfTrade: number;
  /** What comes back of the seeded book after liquidation orders; nothing when left out. */
  refill?: RefillSpec;
}

/** A venue: instruments that share accounts, an insurance fund and policies. */
export interface VenueSpec {
  name: string;
  instruments: InstrumentSpec[];
  liquidation: LiquidationSpec;
  waterfall: WaterfallStep[];
  insuranceFundQuanta: number;
  seed: number;
}

/** The accounts of a venue; one more, the liquidation desk, is added at the end. */
export interface VenueAccounts {
  count: number;
  /** Order slots of each account, or the bases: slots of account a are bases[a]..bases[a+1]-1. */
  slotsPerAccount: ((account: number) => number) | Int32Array;
  cohortOf: Uint16Array;
  /** Stable key of an agent, uint32: breaks ties, so it must not depend on row order. */
  tieKey: ((account: number) => number) | Uint32Array;
  /** 1 = isolated margin, 0 = cross. Default all cross. */
  isolated?: Uint8Array;
  /** Kind of cause an account's orders are (`CauseKind`), plus `SIZING_RULE`. Default all flow. */
  causes?: Uint8Array;
  /** Owner of the seeded books, needed where one of them is refilled. */
  bookAccount?: number;
}

/** How a venue is run; none of it changes what happens. */
export interface VenueOptions {
  /** Keeps the causal ledger; true by default. */
  causality?: boolean;
  /** Keeps shares in it too, at a cost of O(owners) a breach; true by default. */
  shares?: boolean;
}

/** Refuses numbers the venue cannot hold. @throws UserError 'venue/...' */
export function validateVenue(spec: VenueSpec, accounts: VenueAccounts): void {
  const bad = (what: string, was: unknown, must: string): never => {
    throw new UserError('venue/range', `${spec.name}: ${what} was ${String(was)}, must be ${must}`);
  };
  if (spec.instruments.length < 1) bad('instruments', 0, 'at least one');
  if (!(accounts.count >= 1 && accounts.count < 1 << 21)) {
    bad('accounts', accounts.count, '1 to 2097151');
  }
  if (!Number.isSafeInteger(spec.insuranceFundQuanta) || spec.insuranceFundQuanta < 0) {
    bad('insuranceFundQuanta', spec.insuranceFundQuanta, 'a non-negative integer');
  }
  for (const one of spec.instruments) {
    const ticksOk = Number.isInteger(one.ticksMax) && one.ticksMax >= 4 && one.ticksMax <= 1 << 22;
    if (!ticksOk) bad(`${one.name}.ticksMax`, one.ticksMax, 'an integer in 4..2^22');
    if (
      !(Number.isInteger(one.startTicks) && one.startTicks > 0 && one.startTicks < one.ticksMax)
    ) {
      bad(`${one.name}.startTicks`, one.startTicks, 'an integer in 1..ticksMax-1');
    }
    const multiplier = one.contract.multiplier;
    if (!(Number.isSafeInteger(multiplier) && multiplier >= 1)) {
      bad(`${one.name}.multiplier`, multiplier, 'a positive integer');
    }
    if (!(one.leverageMax >= 1)) bad(`${one.name}.leverageMax`, one.leverageMax, 'at least 1');
    if (one.band !== null && !(one.band.widthPpm > 0 && Number.isInteger(one.band.widthPpm))) {
      bad(`${one.name}.band.widthPpm`, one.band.widthPpm, 'a positive integer');
    }
  }
}
