/** What a sweep will cost, before anything runs. */
import { durationMicros } from '../../model/index.js';
import type { StudyPlan } from '../study/index.js';

/** An estimate: the time is rough, within a factor of about two. */
export interface CostEstimate {
  runs: number;
  secondsPerRun: number;
  wallSeconds: number;
  bytes: number;
  /** What it rests on. */
  basis: string;
}

/** Measured over the library on one core: from .07 (monoculture) to .13 (flash-crash). */
const SECONDS_PER_TRADER_HOUR = 1e-4;
/** World, measures, transport. */
const SECONDS_FIXED = 0.03;
/** Posting a level of a flat book. */
const SECONDS_PER_LEVEL = 1e-5;
const FUNCTION_SECONDS = 1e-5;
/** A result's line and its row in the tables: fixed part, and a figure. */
const BYTES_FIXED = 260;
const BYTES_PER_FIGURE = 22;

/** Estimates from the size of the base scenario; factors are not looked at. */
export function estimateCost(plan: StudyPlan, runs: number, jobs: number): CostEstimate {
  const { seconds, basis } = perRun(plan);
  const bytes = runs * (BYTES_FIXED + BYTES_PER_FIGURE * (plan.metrics.length + plan.study.factors.length));
  return { runs, secondsPerRun: seconds, wallSeconds: (runs * seconds) / jobs, bytes, basis };
}

function perRun({ subject }: StudyPlan): { seconds: number; basis: string } {
  if (subject.kind === 'function') return { seconds: FUNCTION_SECONDS, basis: 'a function' };
  const { time, population, venue } = subject.scenario;
  const hours = durationMicros(time.duration) / 3600e6;
  const traders = population.reduce((sum, cohort) => sum + cohort.count, 0);
  const levels = venue.instruments.reduce((sum, one) => sum + (one.book?.levels ?? 0), 0);
  const seconds = SECONDS_FIXED + traders * hours * SECONDS_PER_TRADER_HOUR + levels * SECONDS_PER_LEVEL;
  return { seconds, basis: `${traders} traders over ${hours} h at 0.1 ms a trader and hour` };
}
