/**
 * Liquidations that a counterfactual takes away: which ones, and what becomes of them.
 *
 * A liquidation is named by its account and the account's breach ordinal, 1 for its first, which stay
 * the same in a branch while identifiers do not.
 */
import type { NumberSink, NumberSource } from '../contagion/index.js';
import { UserError } from '../kernel/index.js';

/**
 * What becomes of a suppressed liquidation.
 *
 * - `warehouse`: the positions go at their bankruptcy price to a holder off the books that never trades,
 *   so that nothing of them reaches the market. The account is left as by a takeover.
 * - `recapitalise`: money from outside raises equity to the initial margin; the positions stay.
 * - `defer`: the account is liquidated after a delay, at a share of the volume traded.
 */
export type SuppressionMode = 'warehouse' | 'recapitalise' | 'defer';

/** How a deferred liquidation is executed. */
export interface DeferTerms {
  /** From the breach to the first order, at least `intervalMicros`. */
  delayMicros: number;
  /** Between two orders. */
  intervalMicros: number;
  /** Largest order, as a fraction of the lots traded in the last interval: above 0, at most 1. */
  participation: number;
}

/** One rule; a liquidation must meet every field that is given, and a rule without any takes all. */
export interface Suppression {
  mode: SuppressionMode;
  account?: number;
  /** Breach ordinal of the account. */
  ordinal?: number;
  cohort?: number;
  /** Sign of the position with the largest maintenance margin: 1 long, -1 short. */
  side?: 1 | -1;
  /** Liquidations at this time or later. */
  fromMicros?: number;
  /** With `defer`; `DEFER_DEFAULT` when left out. */
  defer?: DeferTerms;
}

/** After an hour, every minute, a tenth of the volume. */
export const DEFER_DEFAULT: Readonly<DeferTerms> = {
  delayMicros: 3_600_000_000,
  intervalMicros: 60_000_000,
  participation: 0.1,
};

/** A liquidation put off. */
export interface Deferred {
  account: number;
  /** Instrument the breach was found in. */
  instrument: number;
  /** When it is looked at next. */
  dueMicros: number;
  intervalMicros: number;
  participation: number;
  /** Its number once its orders began, else 0. */
  id: number;
  /** Per instrument, the lots traded when it was last looked at; empty before the first look. */
  volumes: number[];
}

/** The rules of a venue, and what they have done so far. */
export class Suppressions {
  readonly rules: readonly Suppression[];
  /** Liquidations taken away, deferred ones included. */
  count = 0;
  /** Deferred liquidations whose orders have begun. */
  begun = 0;
  /** Paid in from outside by `recapitalise`. */
  injectedQuanta = 0;
  readonly deferred: Deferred[] = [];

  /** @throws UserError `suppression/defer` on terms out of range. */
  constructor(rules: readonly Suppression[]) {
    for (const { defer } of rules) if (defer !== undefined) checkTerms(defer);
    this.rules = rules;
  }

  /** Returns the first rule that takes a liquidation, or null. O(rules). */
  find(account: number, ordinal: number, cohort: number, side: number, micros: number): Suppression | null {
    for (const rule of this.rules) {
      const isMeant =
        (rule.account ?? account) === account &&
        (rule.ordinal ?? ordinal) === ordinal &&
        (rule.cohort ?? cohort) === cohort &&
        (rule.side ?? side) === side &&
        (rule.fromMicros ?? micros) <= micros;
      if (isMeant) return rule;
    }
    return null;
  }

  /** Puts a liquidation off. */
  defer(account: number, instrument: number, terms: DeferTerms, nowMicros: number): void {
    const { delayMicros, intervalMicros, participation } = terms;
    // The volume of an interval is known an interval after the first look.
    const dueMicros = nowMicros + Math.max(0, delayMicros - intervalMicros);
    this.deferred.push({
      account, instrument, dueMicros, intervalMicros, participation, id: 0, volumes: [],
    });
  }

  /** Returns when something put off is due next, Infinity for never. O(deferred). */
  nextMicros(): number {
    let next = Infinity;
    for (const one of this.deferred) if (one.dueMicros < next) next = one.dueMicros;
    return next;
  }

  /** Removes and returns the first of what is due earliest, null when nothing is due by now. */
  takeDue(nowMicros: number): Deferred | null {
    const next = this.nextMicros();
    if (next > nowMicros) return null;
    const at = this.deferred.findIndex((one) => one.dueMicros === next);
    return this.deferred.splice(at, 1)[0];
  }

  /** Forgets what was done; the rules stay. */
  reset(): void {
    this.count = 0;
    this.begun = 0;
    this.injectedQuanta = 0;
    this.deferred.length = 0;
  }

  write(writer: NumberSink): void {
    writer.float(this.count);
    writer.float(this.begun);
    writer.float(this.injectedQuanta);
    writer.float(this.deferred.length);
    for (const one of this.deferred) {
      writer.float(one.account);
      writer.float(one.instrument);
      writer.float(one.dueMicros);
      writer.float(one.intervalMicros);
      writer.float(one.participation);
      writer.float(one.id);
      writer.float(one.volumes.length);
      for (const lots of one.volumes) writer.float(lots);
    }
  }

  /** Restores what `write` wrote. */
  read(reader: NumberSource): void {
    this.reset();
    this.count = reader.float();
    this.begun = reader.float();
    this.injectedQuanta = reader.float();
    const deferred = reader.float();
    for (let i = 0; i < deferred; i++) {
      const one: Deferred = {
        account: reader.float(),
        instrument: reader.float(),
        dueMicros: reader.float(),
        intervalMicros: reader.float(),
        participation: reader.float(),
        id: reader.float(),
        volumes: [],
      };
      const volumes = reader.float();
      for (let k = 0; k < volumes; k++) one.volumes.push(reader.float());
      this.deferred.push(one);
    }
  }
}

function checkTerms({ delayMicros, intervalMicros, participation }: DeferTerms): void {
  const bad = (what: string, was: number, must: string): never => {
    throw new UserError('suppression/defer', `defer: ${what} was ${was}, must be ${must}`);
  };
  if (!(delayMicros >= 0)) bad('delayMicros', delayMicros, 'at least 0');
  if (!(intervalMicros >= 1)) bad('intervalMicros', intervalMicros, 'at least 1');
  if (!(participation > 0 && participation <= 1)) {
    bad('participation', participation, 'above 0 and at most 1');
  }
}
