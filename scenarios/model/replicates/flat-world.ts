/**
 * The world of a flat book, run again and again in place.
 *
 * It has the venue of an ordinary run: order book, ledger, margin, threshold index, liquidator and causal
 * ledger, built from the same specification and given the same orders and deposits. It leaves out what
 * has no part in a flat book: the window loop, agents that never act, their mail, index, series. A
 * replicate equals the ordinary run of the same seed, liquidation by liquidation.
 */
import { exogenousSlots, venueAccounts } from '../../../sim/engine/index.js';
import type { ExogenousOrder, WorldSpec } from '../../../sim/engine/index.js';
import { assert } from '../../../sim/kernel/index.js';
import { CountingLog } from '../../../sim/trace/index.js';
import { OrderKind, PerpetualVenue, VenueReset } from '../../../sim/venue/index.js';
import type { BreachWatcher } from '../../../sim/venue/index.js';
import { buildWorld } from '../build-world.js';
import { FlatAccounts, flatTerms, STEP_TICKS, Thresholds } from '../flat/index.js';
import type { FlatTerms } from '../flat/index.js';
import type { Scenario } from '../schema.js';

/** Liquidations that thresholds are drawn for at first, at least; then so many times as deep. */
const FIRST_MIN = 16;
const FIRST_MEANS = 3;
const FIRST_RUNAWAY = 20;
const DEEPER = 4;

/** The liquidations of one run; places are their ids, from 1. */
export class FlatRun {
  /** Liquidations. */
  count = 0;
  /** Mark at the end, ticks. */
  markTicks = 0;
  /** Liquidation that pushed each, 0 for the shock. */
  readonly parents: Int32Array;
  readonly accounts: Int32Array;

  constructor(cap: number) {
    this.parents = new Int32Array(cap + 1);
    this.accounts = new Int32Array(cap + 1);
  }
}

/** A venue that is reset and shocked. */
export class FlatWorld implements BreachWatcher {
  /** What the world is now; see `tune`. */
  terms: FlatTerms;
  readonly startTicks: number;
  readonly venue: PerpetualVenue;
  /** What the last run came to. */
  readonly run: FlatRun;
  private readonly accounts: FlatAccounts;
  private thresholds: Thresholds;
  private readonly origin: VenueReset;
  private shock: ExogenousOrder;
  /** Accounts at risk are 0..cap-1; then follow the counterparty, the book's owner, and the seller. */
  private readonly counterparty: number;
  private readonly deposits: Float64Array;
  /** Deposits that are known, and accounts that the last run opened. */
  private known = 0;
  private opened = 0;
  private breaches = 0;
  private drawnSeed = -1;
  private firstTicks: number;
  /** Widest shock that its seller has the money for. */
  private readonly shockTicksMax: number;

  /** Whether a runaway ends at the breach that makes it one; see `replicate`. */
  private readonly isCut: boolean;

  /**
   * With `isWhole`, runaways are run to their ends like the rest.
   *
   * @throws UserError `scenario/range` when the scenario cannot be built.
   */
  constructor(scenario: Scenario, isWhole = false) {
    const terms = flatTerms(scenario);
    assert(terms !== null, 'the scenario has a flat book');
    const spec = buildWorld(scenario, { seed: 0 });
    const full = withAccountsAtRisk(spec, terms.cap);
    this.terms = terms;
    this.shockTicksMax = terms.shockTicks;
    this.counterparty = terms.cap;
    this.startTicks = spec.venue.instruments[0].startTicks;
    this.accounts = new FlatAccounts(terms, spec.venue.instruments[0]);
    this.thresholds = new Thresholds(terms, 0);
    this.run = new FlatRun(terms.cap);
    this.deposits = new Float64Array(terms.cap);
    this.firstTicks = firstTicks(terms);
    this.isCut = !isWhole;
    const reports = { report: () => {} };
    this.venue = new PerpetualVenue(full.venue, venueAccounts(full), new CountingLog(), reports, { shares: false });
    this.shock = this.openOutside(spec);
    this.origin = new VenueReset(this.venue);
    this.venue.breaches.watcher = this;
  }

  /**
   * Turns the world into that of another R and theta, at a small part of what building it costs;
   * returns false, and stays as it is, where something else differs or the shock is wider than the
   * first one.
   */
  tune(scenario: Scenario): boolean {
    const terms = flatTerms(scenario);
    if (terms === null || terms.shockTicks > this.shockTicksMax) return false;
    const { refill, cap, levelLots } = this.terms;
    const isSame = terms.refill === refill && terms.cap === cap && terms.levelLots === levelLots;
    if (!isSame) return false;
    this.terms = terms;
    this.shock = { ...this.shock, sizeLots: terms.shockTicks * terms.levelLots };
    this.thresholds = new Thresholds(terms, 0);
    this.firstTicks = firstTicks(terms);
    this.drawnSeed = -1;
    return true;
  }

  /**
   * Runs a seed's replicate and leaves its liquidations in `run`. The liquidation of `suppressed`, an
   * account at risk, goes to a holder off the book (-1 for none) and is not counted.
   *
   * Thresholds are drawn as deep as may be needed; when the price comes to where the next one may lie,
   * more are drawn and all is run again. Once the last of `cap` accounts is in breach, what follows is
   * known: each that waits sells eight levels and pushes nobody. It is not run.
   * O(levels consumed + accounts opened).
   */
  replicate(seed: number, suppressed = -1): void {
    const { thresholds, terms } = this;
    if (seed !== this.drawnSeed) {
      thresholds.begin(seed);
      this.known = 0;
      this.drawnSeed = seed;
      thresholds.drawTo(this.firstTicks);
    }
    for (;;) {
      this.runOnce(seed, suppressed);
      const fallTicks = this.startTicks - this.run.markTicks;
      if (thresholds.next >= fallTicks) return;
      // What has come this far above R = 1 hardly ever ends.
      const isRunaway = terms.R * (1 - terms.refill) >= 1;
      const deeper = isRunaway ? Infinity : (fallTicks - terms.shockTicks) * DEEPER;
      thresholds.drawTo(Math.min(terms.depthTicks, terms.shockTicks + deeper));
    }
  }

  breached(account: number, instrument: number, levelTicks: number, ordinal: number): void {
    const { causality } = this.venue;
    assert(causality !== null, 'the venue keeps a causal ledger');
    causality.breached(account, instrument, levelTicks, ordinal);
    const id = ++this.breaches;
    this.run.accounts[id] = account;
    this.run.parents[id] = causality.parent.liquidation;
    if (this.isCut && id === this.terms.cap) this.venue.breaches.queue.clear();
  }

  private runOnce(seed: number, suppressed: number): void {
    const { venue, thresholds, run, shock, counterparty, terms } = this;
    this.origin.reset(seed, this.opened, counterparty);
    this.breaches = 0;
    this.open(thresholds.count);
    if (suppressed >= 0) {
      venue.liquidator.suppress([{ mode: 'warehouse', account: suppressed, ordinal: 1 }]);
    }
    venue.submit(
      shock.timeMicros, counterparty + 2, 0, 0, shock.side, OrderKind.market, shock.priceTicks,
      shock.sizeLots, 1, 0, 0, 0,
    );
    run.count = venue.liquidationCount;
    run.markTicks = venue.markTicks(0);
    if (!this.isCut || this.breaches < terms.cap) return;
    run.count = suppressed < 0 ? terms.cap : terms.cap - 1;
    run.markTicks = this.startTicks - this.fallOf(run.count);
  }

  /** Returns how far so many liquidations move the price, ticks: what came back is sold into again. */
  private fallOf(count: number): number {
    const { terms, venue } = this;
    const fall = terms.shockTicks + STEP_TICKS * count;
    if (venue.refill === null || count === 0) return fall;
    const earlier = (count - 1) * terms.positionLots;
    return fall - venue.refill.dueAfter(venue.instruments[0], earlier) / terms.levelLots;
  }

  /** Opens the first accounts at risk, and the other side of them. */
  private open(count: number): void {
    const { venue, accounts, deposits, thresholds, counterparty } = this;
    while (this.known < count) {
      deposits[this.known] = accounts.depositQuanta(thresholds.depths[this.known]);
      this.known++;
    }
    const { positionLots, costQuanta } = accounts;
    for (let a = 0; a < count; a++) {
      venue.deposit(a, deposits[a]);
      venue.open(a, 0, positionLots, costQuanta);
    }
    if (count > 0) venue.open(counterparty, 0, -count * positionLots, -count * costQuanta);
    this.opened = count;
  }

  /** Seeds the book and gives those outside their money; returns the shock. */
  private openOutside(spec: WorldSpec): ExogenousOrder {
    const { venue, counterparty } = this;
    const slots = exogenousSlots(spec.exogenous);
    for (let a = 0; a < counterparty; a++) venue.setLeverage(a, 0, 1);
    venue.deposit(counterparty, spec.populate()[1].depositQuanta[0]);
    venue.deposit(counterparty + 1, spec.exogenousQuanta);
    venue.deposit(counterparty + 2, spec.programQuanta ?? 0);
    let shock: ExogenousOrder | null = null;
    spec.exogenous.forEach((order, i) => {
      const { timeMicros, side, kind, priceTicks, sizeLots } = order;
      if (order.isProgram === true) shock = order;
      else {
        venue.submit(
          timeMicros, counterparty + 1, 0, slots[i], side, kind, priceTicks, sizeLots, 0, 0, 0, 0,
        );
      }
    });
    assert(shock !== null, 'a flat book has a shock');
    return shock;
  }
}

/** Returns the world with room for as many accounts at risk as there may be. */
function withAccountsAtRisk(spec: WorldSpec, cap: number): WorldSpec {
  const cohorts = spec.cohorts.map((cohort, c) => (c === 0 ? { ...cohort, count: cap } : cohort));
  return { ...spec, cohorts };
}

/** Returns the depth to which thresholds are drawn at first: beyond most cascades. */
function firstTicks({ R, theta, refill, shockTicks, depthTicks }: FlatTerms): number {
  const next = R * (1 - refill);
  const mean = next < 1 ? (theta + refill * R) / (1 - next) : FIRST_RUNAWAY;
  return Math.min(depthTicks, shockTicks + STEP_TICKS * Math.max(FIRST_MIN, FIRST_MEANS * mean));
}
