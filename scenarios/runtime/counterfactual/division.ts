/** Fair division of outcomes over cohorts: whose forced sales did it. */
import {
  PLAYERS_EXACT_MAX,
  coalitionsOf,
  drawPermutations,
  shapleyExact,
  shapleySampled,
  synergy,
} from '../../../sim/counterfactual/index.js';
import type { ShapleyValues } from '../../../sim/counterfactual/index.js';
import type { BranchOutcome, BranchPoint } from '../../../sim/engine/index.js';
import type { SuppressionMode } from '../../../sim/venue/index.js';
import type { BranchPool } from './branch-pool.js';
import type { LiquidationList } from './liquidation-list.js';
import { type Measure, perMeasure } from './measures.js';

/** Orders of the players that are sampled where there are too many for an exact division. */
const PERMUTATIONS = 30;

/** A division of one measure. */
export interface MeasureDivision extends ShapleyValues {
  /** With all forced sales, and with none of the players'. */
  all: number;
  none: number;
  /** all - none, less what each player's forced sales do alone on top of all others'. */
  synergy: number;
}

/** A division over cohorts. */
export interface Division {
  /** Cohorts that were liquidated from the branch point on. */
  players: string[];
  /** Orders sampled; 0 where all were taken. */
  permutations: number;
  runs: number;
  measures: Record<Measure, MeasureDivision>;
}

/** Divides the outcomes of a branch over the cohorts liquidated in it; null without any. */
export async function divide(
  pool: BranchPool,
  point: BranchPoint,
  list: LiquidationList,
  terms: { seed: number; untilMicros: number; mode: SuppressionMode },
): Promise<Division | null> {
  const { seed, untilMicros, mode } = terms;
  const from = point.window * list.metadata.windowMicros;
  const isPlayer = list.metadata.cohorts.map((_, c) =>
    list.liquidations.some(
      (one) => one.cohort === c && one.timeMicros >= from && one.timeMicros < untilMicros,
    ),
  );
  const players = isPlayer.flatMap((is, c) => (is ? [c] : []));
  const count = players.length;
  if (count === 0) return null;
  const isExact = count <= PLAYERS_EXACT_MAX;
  const orders = isExact ? [] : drawPermutations(count, PERMUTATIONS, seed);
  const everybody = (1 << count) - 1;
  const alone = players.map((_, i) => everybody & ~(1 << i));
  const masks = isExact
    ? Array.from({ length: 1 << count }, (_, mask) => mask)
    : [...new Set([...coalitionsOf(orders), ...alone])];
  const outcomes = await pool.branches(
    point,
    masks.map((mask) => ({
      untilMicros,
      suppressions: players
        .filter((_, i) => (mask & (1 << i)) === 0)
        .map((cohort) => ({ mode, cohort })),
    })),
  );
  const byMask = new Map(masks.map((mask, k) => [mask, outcomes[k]]));
  const measures = perMeasure((measure): MeasureDivision => {
    const worthOf = (mask: number): number => (byMask.get(mask) as BranchOutcome)[measure];
    const values = isExact
      ? shapleyExact(count, masks.map(worthOf))
      : shapleySampled(orders, worthOf);
    const [all, none] = [worthOf(everybody), worthOf(0)];
    return { ...values, all, none, synergy: synergy(all, none, alone.map((mask) => all - worthOf(mask))) };
  });
  return {
    players: players.map((c) => list.metadata.cohorts[c].name),
    permutations: orders.length,
    runs: masks.length,
    measures,
  };
}
