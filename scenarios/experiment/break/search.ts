/** The search for the value at which violations reach a probability. */
import { UserError } from '../../../sim/kernel/index.js';
import { isotonicFit } from '../../../sim/metrics/index.js';
import { ProbabilisticBisection } from './bisection.js';
import type { Outcomes, Question } from './bisection.js';
import { extensionValues, frequencyOf, pilotValues, trendOf } from './pilot.js';
import type { PilotPoint, Trend } from './pilot.js';
import { valueGrid } from './value-grid.js';
import type { DialRange } from './value-grid.js';

/** Makes runs at a value; null of one that could not be made. */
export type Trial = (asked: readonly Asked[]) => Promise<(boolean | null)[][]>;

/** Seeds to run at a value. */
export interface Asked {
  value: number;
  seeds: readonly number[];
}

/** What is searched, and how far. */
export interface SearchOptions {
  range: DialRange;
  /** How far the range may be extended at each end; the range itself where it may not. */
  widest: { from: number; to: number };
  alpha: number;
  confidence: number;
  /** Wanted width of the interval, see `valueGrid`. */
  precision: number;
  /** Runs in all. */
  budget: number;
  /** The first seed; each run's follows from the order of the search alone. */
  seed: number;
  trial: Trial;
  /** Asked before every round: whether to stop. */
  isStopped?: () => boolean;
}

/** Frequency of violations at a value. */
export interface ValueFrequency {
  value: number;
  runs: number;
  violations: number;
}

/** What was found. */
export interface SearchResult extends Trend {
  /**
   * `found`: the interval is as narrow as wanted. `notBroken`: nowhere in the range does the
   * probability reach alpha. `brokenThroughout`: it does so at the mildest value already.
   * `undecided`: the budget was spent first.
   */
  verdict: 'found' | 'notBroken' | 'brokenThroughout' | 'undecided';
  /** Where the fitted frequencies cross alpha; null where they do not. */
  value: number | null;
  /** Ends of the interval, milder then harsher; null where the interval goes beyond the range. */
  mild: number | null;
  harsh: number | null;
  /** The range searched. */
  from: number;
  to: number;
  runs: number;
  failed: number;
  interrupted: boolean;
  /** Every value asked about, ascending. */
  frequencies: ValueFrequency[];
  /** A seed that violates at the harsh end, else at the harshest value at which any was seen. */
  witness: { value: number; seed: number } | null;
}

const PILOT_SEEDS_MIN = 8;
/** Seeds of the first look, budget allowing: fewer would hardly show violations that fall. */
const PILOT_SEEDS = 40;
/** Part of the budget that the first look may take. */
const PILOT_PART = 0.25;
const PILOT_VALUES = 9;
/** Violations expected of the pilot's runs at the value searched. */
const PILOT_VIOLATIONS = 2;
const EXTENSIONS_MAX = 3;
const EXTENSION = 4;
/** Runs of a round at each value: so many, or this part of those made. */
const ROUND = 24;
const ROUND_PART = 0.05;

/**
 * Searches; deterministic if trials are. @throws UserError `break/failed` when no run can be made
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  return new Search(options).run();
}

class Search {
  readonly #options: SearchOptions;
  readonly #seen = new Map<number, ValueFrequency & { witness: number | null }>();
  #runs = 0;
  #failed = 0;
  #nextSeed: number;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#nextSeed = options.seed;
  }

  async run(): Promise<SearchResult> {
    const pilot = await this.#pilot();
    const trend = trendOf(pilot);
    const inOrder = trend.direction === 'rising' ? pilot : [...pilot].reverse();
    const { alpha } = this.#options;
    const crossing = inOrder.findIndex((one) => frequencyOf(one) >= alpha);
    // Where violations do not rise all the way, only the first rise can be searched.
    const used = trend.against === null || crossing < 1 ? inOrder : inOrder.slice(0, crossing + 1);
    const values = this.#gridOf(used);
    return this.#bisect(values, used, trend);
  }

  /** Looks at a few values with common seeds, further out while nothing or all breaks. */
  async #pilot(): Promise<PilotPoint[]> {
    const { range, widest, alpha, budget } = this.#options;
    const afforded = Math.floor((PILOT_PART * budget) / PILOT_VALUES);
    const wanted = Math.max(PILOT_SEEDS, Math.ceil(PILOT_VIOLATIONS / Math.min(alpha, 1 - alpha)));
    const seeds = this.#seeds(Math.max(PILOT_SEEDS_MIN, Math.min(wanted, afforded)));
    let points = await this.#look(pilotValues(range), seeds);
    let { from, to } = range;
    for (let k = 0; k < EXTENSIONS_MAX && points.length >= 2 && !this.#isOver(); k++) {
      const { up, down } = this.#wanted(points);
      const further = up ? Math.min(widest.to, to * EXTENSION) : to;
      const nearer = down ? Math.max(widest.from, from / EXTENSION) : from;
      const beyond = further > to && to > 0 ? { ...range, from: to, to: further } : null;
      const before = nearer < from && from > 0 ? { ...range, from: nearer, to: from } : null;
      const added = [
        ...(beyond === null ? [] : extensionValues(beyond).slice(1)),
        ...(before === null ? [] : extensionValues(before).slice(0, -1)),
      ];
      if (added.length === 0) break;
      const more = await this.#look(added, seeds);
      points = [...points, ...more].sort((a, b) => a.value - b.value);
      [from, to] = [nearer, further];
    }
    if (points.length >= 2) return points;
    if (this.#isOver()) throw new UserError('run/interrupted', 'interrupted before anything was known', 130);
    const where = `at ${points.length} values of the range alone`;
    const fix = 'give another one with --from and --to';
    throw new UserError('break/failed', `runs could be made ${where}; ${fix}`);
  }

  /** Says which ends do not bracket the crossing. */
  #wanted(points: readonly PilotPoint[]): { up: boolean; down: boolean } {
    const { alpha } = this.#options;
    const isBroken = (one: PilotPoint): boolean => frequencyOf(one) >= alpha;
    if (!points.some(isBroken)) return { up: true, down: true };
    const isRising = trendOf(points).direction === 'rising';
    const isOpen = isBroken(isRising ? points[0] : points[points.length - 1]);
    return { up: isOpen && !isRising, down: isOpen && isRising };
  }

  /** Runs the pilot's seeds at values; those at which no run can be made are left out. */
  async #look(values: readonly number[], seeds: readonly number[]): Promise<PilotPoint[]> {
    const found = await this.#try(values.map((value) => ({ value, seeds })));
    return values
      .map((value, k) => ({ value, violated: found[k] }))
      .filter((one) => !Number.isNaN(frequencyOf(one)));
  }

  /** Values from mild to harsh. */
  #gridOf(points: readonly PilotPoint[]): { values: number[]; reach: number } {
    const ends = [points[0].value, points[points.length - 1].value];
    const { range, precision } = this.#options;
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    const { values, reach } = valueGrid({ ...range, from, to }, precision);
    return { values: ends[0] <= ends[1] ? values : values.reverse(), reach };
  }

  async #bisect(
    { values, reach }: { values: number[]; reach: number },
    pilot: readonly PilotPoint[],
    trend: Trend,
  ): Promise<SearchResult> {
    const { alpha, confidence, budget } = this.#options;
    const bisection = new ProbabilisticBisection({ size: values.length, alpha, confidence, reach });
    bisection.hint(pilot.map((one) => ({ ...outcomesOf(one.violated), at: nearest(values, one.value) })));
    let question = bisection.next();
    while ((question.below ?? question.above) !== null && !bisection.isContradicted && !this.#isOver()) {
      const size = Math.max(ROUND, Math.floor(ROUND_PART * this.#runs));
      const roles = (['below', 'above'] as const).filter((role) => question[role] !== null);
      if (this.#runs + size * roles.length > budget) break;
      // Both values take the same seeds, which no round before has had.
      const seeds = this.#seeds(size);
      const at = (role: keyof Question): number => question[role] as number;
      const found = await this.#try(roles.map((role) => ({ value: values[at(role)], seeds })));
      roles.forEach((role, k) => {
        bisection.add(role, { ...outcomesOf(found[k]), at: at(role) });
      });
      question = bisection.next();
    }
    const isOver = (question.below ?? question.above) === null;
    return this.#result(bisection, values, { isOver, trend });
  }

  #result(
    { range, isContradicted }: ProbabilisticBisection,
    values: readonly number[],
    { isOver, trend }: { isOver: boolean; trend: Trend },
  ): SearchResult {
    const { first, last } = range;
    const mild = first === 0 ? null : values[first - 1];
    const harsh = last === values.length ? null : values[last];
    // Runs that speak against every value speak against a curve that rises.
    const ends = { from: values[0], to: values[values.length - 1] };
    const found = isContradicted ? { ...trend, against: ends } : trend;
    const verdict = !isOver || isContradicted
      ? 'undecided'
      : mild === null
        ? 'brokenThroughout'
        : harsh === null
          ? 'notBroken'
          : 'found';
    const frequencies = [...this.#seen.values()].sort((a, b) => a.value - b.value);
    const inOrder = trend.direction === 'rising' ? frequencies : [...frequencies].reverse();
    const witnesses = inOrder.filter((one) => one.witness !== null);
    const witness = witnesses.find((one) => one.value === harsh) ?? witnesses[witnesses.length - 1];
    return {
      ...found,
      verdict,
      value: crossingOf(inOrder, this.#options.alpha, { mild, harsh }),
      mild,
      harsh,
      from: Math.min(values[0], values[values.length - 1]),
      to: Math.max(values[0], values[values.length - 1]),
      runs: this.#runs,
      failed: this.#failed,
      interrupted: this.#isOver(),
      frequencies: frequencies.map(({ witness: _, ...one }) => one),
      witness: witness === undefined ? null : { value: witness.value, seed: witness.witness as number },
    };
  }

  async #try(asked: readonly Asked[]): Promise<(boolean | null)[][]> {
    const found = await this.#options.trial(asked);
    asked.forEach(({ value, seeds }, k) => {
      const { runs, violations } = outcomesOf(found[k]);
      const seen = this.#seen.get(value) ?? { value, runs: 0, violations: 0, witness: null };
      const first = found[k].indexOf(true);
      this.#seen.set(value, {
        value,
        runs: seen.runs + runs,
        violations: seen.violations + violations,
        witness: seen.witness ?? (first < 0 ? null : seeds[first]),
      });
      // Runs that were not made any more have not failed.
      this.#runs += this.#isOver() ? runs : seeds.length;
      this.#failed += this.#isOver() || runs === 0 ? 0 : seeds.length - runs;
    });
    return found;
  }

  #seeds(count: number): number[] {
    const from = this.#nextSeed;
    this.#nextSeed += count;
    return Array.from({ length: count }, (_, k) => from + k);
  }

  #isOver(): boolean {
    return this.#options.isStopped?.() === true;
  }
}

function outcomesOf(violated: readonly (boolean | null)[]): Omit<Outcomes, 'at'> {
  const made = violated.filter((one) => one !== null);
  return { runs: made.length, violations: made.filter(Boolean).length };
}

function nearest(values: readonly number[], value: number): number {
  let best = 0;
  values.forEach((one, i) => {
    if (Math.abs(one - value) < Math.abs(values[best] - value)) best = i;
  });
  return best;
}

/**
 * Returns where the rising fit of frequencies, from mild to harsh, crosses alpha, within the
 * interval.
 */
function crossingOf(
  frequencies: readonly ValueFrequency[],
  alpha: number,
  { mild, harsh }: { mild: number | null; harsh: number | null },
): number | null {
  const made = frequencies.filter((one) => one.runs > 0);
  const fit = isotonicFit(
    made.map((one) => one.violations / one.runs),
    made.map((one) => one.runs),
  );
  const at = fit.findIndex((p) => p >= alpha);
  if (at < 0) return null;
  const here = made[at].value;
  const before = at === 0 ? here : made[at - 1].value;
  const part = at === 0 ? 0 : (alpha - fit[at - 1]) / (fit[at] - fit[at - 1]);
  const value = before + part * (here - before);
  const [low, high] = [mild ?? value, harsh ?? value];
  return Number(Math.min(Math.max(value, Math.min(low, high)), Math.max(low, high)).toPrecision(6));
}
