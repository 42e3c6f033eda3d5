/** What a search for a critical point tells. */
import type { Located } from './resample.js';
import type { SizeCurves, TurnName } from './size-curve.js';

/** One size, with where it turns. */
export interface SizeReport {
  size: number;
  population: number;
  /** Runs at the setting with the fewest. */
  runsMin: number;
  curves: SizeCurves;
  turns: Record<TurnName, Located>;
  /** How often the reproduction number rises through 1. */
  rises: number;
}

/** Another way to find the same point. */
export interface SecondOpinion extends Located {
  /**
   * `peak.mean`, `peak.dispersion`: of cascades that do not span, largest size. `spanning.onset`: where
   * cascades begin to span, in an infinite population.
   */
  name: 'peak.mean' | 'peak.dispersion' | 'spanning.onset';
  /** Whether its interval meets that of R = 1, each half a step of the settings wider; null: not found. */
  agrees: boolean | null;
}

/** How outcomes are spread at the critical point: two kinds of runs speak for a jump. */
export interface OrderParameter {
  control: number;
  bimodality: number;
  dip: number;
  dipPValue: number;
}

/** The critical point. */
export interface CriticalPoint {
  /** Where R = 1 at the largest size; null where it is not crossed. */
  primary: Located | null;
  secondOpinions: SecondOpinion[];
  /** Whether R = 1 was found, and all second opinions that were found agree, at least one. */
  agrees: boolean;
  warnings: string[];
  /** Of the largest cascades over the population, at the setting nearest to it; null without one. */
  order: OrderParameter | null;
  sizes: SizeReport[];
}
