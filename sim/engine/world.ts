/** A world: the two sides of the barrier over one memory. */
import type { Memory } from '../kernel/index.js';
import { assert, Hash64, hashText } from '../kernel/index.js';
import type { EventLog } from '../trace/index.js';
import { AgentField, ROW_HEADER } from '../strategy/index.js';
import { PerpetualVenue } from '../venue/index.js';
import type { VenueOptions } from '../venue/index.js';
import { Barrier } from './barrier.js';
import { CrowdBoard } from './crowd-board.js';
import { DecideScratch } from './decide-scratch.js';
import { writeExchange } from './exchange.js';
import { Population } from './layout.js';
import { MapBoard } from './map-board.js';
import { Market } from './market.js';
import { MarketBoard } from './market-board.js';
import { openExecution } from './parent-orders.js';
import { Shard } from './shard.js';
import { venueAccounts } from './venue-accounts.js';
import type { CohortPopulation, WorldSpec } from './world-spec.js';

/** Shards of a world, at most. */
export const SHARDS_MAX = 255;

/** What every thread builds alike: agents, board and shards over the given memory. */
export class DecidingSide {
  readonly spec: WorldSpec;
  readonly population: Population;
  readonly board: MarketBoard;
  /** Sums of cohorts and maps of liquidations: null where no strategy looks at them. */
  readonly crowd: CrowdBoard | null;
  readonly maps: MapBoard | null;
  readonly shards: Shard[] = [];
  readonly scratch: DecideScratch;
  readonly barrier: Barrier;

  constructor(memory: Memory, spec: WorldSpec, shards: number) {
    assert(shards >= 1 && shards <= SHARDS_MAX, `shards was ${shards}, must be in 1..${SHARDS_MAX}`);
    assert(spec.windowMicros <= 1_048_576, 'a window is at most 2^20 microseconds');
    this.spec = spec;
    this.population = new Population(memory, spec.cohorts, shards);
    const { windowMicros, latencyMicrosMax } = spec;
    const instruments = spec.venue.instruments.length;
    const ring = { instruments, windowMicros, latencyMicrosMax };
    this.board = new MarketBoard(memory, ring);
    this.crowd = CrowdBoard.isNeeded(this.population)
      ? new CrowdBoard(memory, this.population, this.board.ring)
      : null;
    this.maps = spec.cohorts.some(({ strategy }) => strategy.seesLiquidationMap)
      ? new MapBoard(memory, ring)
      : null;
    this.scratch = new DecideScratch(spec, this.population, this.board, this.maps);
    for (let s = 0; s < shards; s++) this.shards.push(new Shard(memory, this, this.scratch, s));
    this.barrier = new Barrier(memory, shards);
  }
}

/** The whole world, on the market thread. */
export class World extends DecidingSide {
  readonly market: Market;
  readonly venue: PerpetualVenue;
  readonly log: EventLog;
  /** First window not yet run, and windows run so far (skipped ones are not). */
  nextWindow = 0;
  windows = 0;
  /** Whether it is no longer the world of its specification. */
  isBranch = false;

  constructor(
    memory: Memory,
    spec: WorldSpec,
    shards: number,
    log: EventLog,
    options: VenueOptions = {},
  ) {
    super(memory, spec, shards);
    this.log = log;
    this.market = new Market(this, log);
    this.venue = new PerpetualVenue(spec.venue, venueAccounts(spec), log, this.market, options);
    this.market.venue = this.venue;
  }

  /** Draws the population, opens its accounts, publishes the first snapshot, starts every agent. */
  open(): void {
    const { spec, venue, market } = this;
    for (let i = 0; i < spec.index.length; i++) market.openIndex(i);
    venue.deposit(market.exogenousAccount, spec.exogenousQuanta);
    if (spec.programQuanta !== undefined) {
      venue.deposit(market.exogenousAccount + 1, spec.programQuanta);
    }
    // Touched before the first window, so that no decision pays for the first use of a page.
    for (const slots of this.population.slots) slots.fill(0);
    const drawn = spec.populate();
    for (let c = 0; c < drawn.length; c++) this.#openCohort(c, drawn[c]);
    this.#copyAccounts();
    market.learnLatencies();
    this.crowd?.recount();
    this.crowd?.gather();
    market.publishStart();
    market.writeSeries(0);
    for (const shard of this.shards) shard.start();
  }

  #openCohort(c: number, drawn: CohortPopulation): void {
    const { strategy, count, name, instrument } = this.spec.cohorts[c];
    const rows = this.population.rows[c];
    if (this.spec.cohorts[c].execution !== undefined) {
      assert(drawn.execution !== undefined, `cohort ${name} has an execution, but nothing drawn for it`);
      openExecution(this.population.execution[c], drawn.execution);
    }
    const key = hashText(name);
    const parameters = strategy.paramNames.length;
    for (let k = 0; k < count; k++) {
      const row = k * strategy.rowLength;
      rows[row + AgentField.feedLatencyMicros] = Math.ceil(drawn.feedLatencyMicros[k]);
      rows[row + AgentField.orderLatencyMicros] = Math.ceil(drawn.orderLatencyMicros[k]);
      rows[row + AgentField.keyHigh] = key;
      rows[row + AgentField.keyLow] = k;
      rows[row + AgentField.band] = drawn.band[k];
      rows[row + AgentField.leverageMax] = drawn.leverageMax[k];
      rows[row + AgentField.initialEquityQuote] = drawn.initialEquityQuote[k];
      rows[row + AgentField.periodMicros] = Math.ceil(drawn.periodMicros[k]);
      rows[row + AgentField.phaseMicros] = Math.ceil(drawn.phaseMicros[k]);
      for (let p = 0; p < parameters; p++) {
        rows[row + ROW_HEADER + p] = drawn.params[k * parameters + p];
      }
      rows.set(strategy.initialState, row + ROW_HEADER + parameters);
      const account = this.population.base[c] + k;
      this.venue.deposit(account, drawn.depositQuanta[k]);
      this.venue.setLeverage(account, instrument, drawn.venueLeverage[k]);
      if (drawn.openingLots[k] !== 0) {
        this.venue.open(account, instrument, drawn.openingLots[k], drawn.openingCostQuanta[k]);
      }
    }
  }

  /** Agents begin with full knowledge of their own accounts. */
  #copyAccounts(): void {
    const { count, cohortOf, cohorts, rows } = this.population;
    for (let agent = 0; agent < count; agent++) {
      const c = cohortOf[agent];
      const row = this.population.rowOf(agent);
      const { instrument } = cohorts[c];
      rows[c][row + AgentField.position] = this.venue.positionOf(agent, instrument);
      rows[c][row + AgentField.cost] = this.venue.costOf(agent, instrument);
      rows[c][row + AgentField.wallet] = this.venue.walletOf(agent);
    }
  }

  /** Ends the trace: final account rows, and the last rows handed on. */
  close(micros: number): void {
    this.venue.logFinalAccounts(micros);
    this.log.flush();
  }

  /** Hash of what the world is made of: a snapshot restores only where this is the same. */
  specificationHash(): Hash64 {
    const hash = new Hash64();
    const { populate: _, index, cohorts, ...rest } = this.spec;
    hash.text(JSON.stringify(rest));
    for (const cohort of cohorts) {
      const { strategy, ...terms } = cohort;
      hash.text(JSON.stringify([terms, strategy.name, strategy.params, strategy.state]));
    }
    for (const path of index) {
      for (let k = 0; k < path.timesMicros.length; k++) {
        hash.float(path.timesMicros[k]);
        hash.int(path.priceTicks[k]);
      }
    }
    return hash;
  }

  /** 64-bit hash of everything that happened and of the state it led to, in agent-key order. */
  stateHash(): string {
    const hash = new Hash64();
    hash.int(this.log.hash.low);
    hash.int(this.log.hash.high);
    const { cohorts, base, rows, slots, execution, shardOf } = this.population;
    for (let c = 0; c < cohorts.length; c++) {
      const columns = rows[c];
      for (let i = 0; i < columns.length; i++) hash.float(columns[i]);
      const words = slots[c];
      for (let i = 0; i < words.length; i++) hash.int(words[i]);
      const parents = execution[c];
      for (let i = 0; i < parents.length; i++) hash.float(parents[i]);
      for (let k = 0; k < cohorts[c].count; k++) {
        const agent = base[c] + k;
        const shard = this.shards[shardOf[agent]];
        hash.float(shard.wheel.timeOf(agent));
        hash.int(shard.alertBelowOf(agent));
        hash.int(shard.alertAboveOf(agent));
      }
    }
    this.venue.hash(hash);
    writeExchange(this, hash);
    return hash.hex();
  }

  /** Runs every check of every stateful module. */
  check(): void {
    this.venue.check();
    this.board.check();
    for (const shard of this.shards) shard.check();
  }
}
