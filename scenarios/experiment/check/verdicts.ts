/** The verdicts of a check as its looks come. */
import type { AssertionVerdict } from '../../../sim/statistics/index.js';
import { judge } from '../assertion/index.js';
import type { Claim } from '../assertion/index.js';
import type { Evidence } from './evidence.js';
import type { Schedule } from './schedule.js';

/** One claim's verdict, and the runs it rests on. */
export interface Found {
  found: AssertionVerdict;
  /** Runs that had been asked for at the look, failed ones included. */
  runs: number;
  isFinal: boolean;
}

/** Judges claims look by look; the first verdict that comes with its share of the error is final. */
export class Verdicts {
  readonly #claims: readonly Claim[];
  readonly #schedule: Schedule;
  readonly #confidence: number;
  readonly #found: (Found | null)[];

  constructor(claims: readonly Claim[], schedule: Schedule, confidence: number) {
    this.#claims = claims;
    this.#schedule = schedule;
    this.#confidence = confidence;
    this.#found = claims.map(() => null);
  }

  /** By claim; null before the first look. */
  get found(): readonly (Found | null)[] {
    return this.#found;
  }

  /** Looks, and returns whether every claim is decided. */
  look(look: number, evidence: Evidence): boolean {
    this.#claims.forEach((_, k) => {
      if (this.#found[k]?.isFinal !== true) this.#found[k] = this.#judge(k, look, evidence);
    });
    return this.#found.every((one, k) => one !== null && this.#isEnough(k, one));
  }

  /** Judges what is open by what there is, between looks: only what no further run can change. */
  interrupt(evidence: Evidence): void {
    const runs = this.#schedule.runs[this.#schedule.runs.length - 1];
    this.#claims.forEach((claim, k) => {
      const before = this.#found[k];
      if (before?.isFinal === true) return;
      const found = judge(claim, evidence.valuesOf(k, runs), { confidence: this.#confidence });
      const isCertain = isExtreme(claim) && found.verdict === 'fail';
      const open = { verdict: 'undecided', reason: 'interrupted before it was decided' } as const;
      this.#found[k] = { found: isCertain ? found : { ...found, ...open }, runs, isFinal: isCertain };
    });
  }

  #judge(k: number, look: number, evidence: Evidence): Found {
    const { runs, errors } = this.#schedule.looks[k][look];
    const found = judge(this.#claims[k], evidence.valuesOf(k, runs), { confidence: this.#confidence, errors });
    // A later run may still pass the extreme of the runs so far.
    const isFinal = isExtreme(this.#claims[k]) ? found.verdict === 'fail' : found.verdict !== 'undecided';
    return { found, runs, isFinal };
  }

  #isEnough(k: number, { found, runs, isFinal }: Found): boolean {
    if (isFinal) return true;
    return isExtreme(this.#claims[k]) && found.verdict === 'pass' && runs >= this.#schedule.extremeRuns;
  }
}

/** Whether a claim is about the largest or smallest value of the runs made. */
export function isExtreme({ assertion }: Claim): boolean {
  return assertion.statistic.kind === 'max' || assertion.statistic.kind === 'min';
}
