/** A look at a live world between two windows: where it would break, and how hard it feeds back. */
import type { World } from '../engine/index.js';
import { Economics } from '../strategy/index.js';
import { exitConvergence } from '../metrics/index.js';
import { type ExitList, exitLots, listExits, listTimeExits } from './exit-list.js';
import type { ExitSearch } from './exit-point.js';
import { type GainList, listGains } from './gains.js';
import { impactPerQuote } from './impact.js';
import { type MoveSign, PriceGrid } from './price-grid.js';
import { depthLots, type DepthModel, peakOf, ratioByPrice, sumLots } from './ratios.js';
import { Rehearsal } from './rehearsal.js';
import { readVenueSide, type VenueSide } from './venue-side.js';

/** How a world is looked at. */
export interface SurveyOptions {
  /** The first by default. */
  instrument?: number;
  /** Width of a bucket of distance, fraction of the mark; .0025 by default. */
  bucketFraction?: number;
  /** Buckets on each side; 160 by default, 40 % of the mark. */
  buckets?: number;
  /** Distance within which resting orders set the impact; .01 by default. */
  nearFraction?: number;
  /** Part of a position whose end is an exit; .5 by default. */
  cutFraction?: number;
  /** Bars in which the price gets to an exit point; 1 by default. */
  bars?: number;
  /** Prices looked at in the search for one; 16 by default. */
  scanPoints?: number;
  /** Return at which gains without a closed form are measured; 1e-4 by default. */
  gainStep?: number;
}

/** Liquidations; with waiting stops; with what rules would cut by themselves. */
export type SurveyScope = 1 | 2 | 3;

/** One direction of a move. */
export interface SurveySide extends VenueSide {
  /** Exits that trade with the move: of longs below, of shorts above. */
  readonly exits: ExitList;
  /** Exits that lean against it, such as a volatility target's after a rise. */
  readonly leaning: ExitList;
  /** Lots of `exits` by bucket. */
  readonly exitLots: Float64Array;
  /** Move of a quote unit traded, fraction of the mark; Infinity without orders near it. */
  readonly impactPerQuote: number;
  /** Impact times the sum of all gains. */
  readonly loopGain: number;
  /** Exit-convergence index of the exits; NaN for fewer than two. */
  readonly exitConvergence: number;
}

/** What a survey found; columns are copies. */
export interface SurveyReading {
  readonly timeMicros: number;
  readonly instrument: number;
  readonly markTicks: number;
  readonly down: SurveySide;
  readonly up: SurveySide;
  readonly gains: GainList;
  /**
   * When each agent's rule would cut as much with the price unchanged, microseconds, else
   * Infinity.
   */
  readonly timeExitMicros: Float64Array;
}

/** Looks at one instrument of a world. It changes no bit of it. */
export class Survey {
  readonly grid: PriceGrid;
  readonly instrument: number;
  readonly #world: World;
  readonly #economics: Economics;
  readonly #nearFraction: number;
  readonly #gainStep: number;
  readonly #search: ExitSearch;
  /** Of cohorts of this instrument whose rules size; null for others. */
  readonly #rehearsals: readonly (Rehearsal | null)[];

  constructor(world: World, options: SurveyOptions = {}) {
    const { instrument = 0, bucketFraction = 0.0025, buckets = 160 } = options;
    const { cutFraction = 0.5, bars = 1, scanPoints = 16 } = options;
    this.grid = new PriceGrid(buckets, bucketFraction);
    this.instrument = instrument;
    this.#world = world;
    this.#economics = new Economics(world.spec.venue.instruments[instrument].contract);
    this.#nearFraction = options.nearFraction ?? 0.01;
    this.#gainStep = options.gainStep ?? 1e-4;
    const reachFraction = Math.min(buckets * bucketFraction, 0.999);
    this.#search = { cutFraction, bars, scanPoints, reachFraction };
    this.#rehearsals = world.spec.cohorts.map((cohort, c) =>
      cohort.instrument === instrument && cohort.strategy.style === 'sizing'
        ? new Rehearsal(world, c)
        : null,
    );
  }

  /** Looks at the world as it is. O(agents x scan + levels within reach). */
  take(): SurveyReading {
    const world = this.#world;
    for (const rehearsal of this.#rehearsals) rehearsal?.look();
    const gains = listGains(world, this.instrument, this.#rehearsals, this.#gainStep);
    return {
      timeMicros: world.nextWindow * world.spec.windowMicros,
      instrument: this.instrument,
      markTicks: world.venue.markTicks(this.instrument),
      down: this.#side(-1, gains.downSum),
      up: this.#side(1, gains.upSum),
      gains,
      timeExitMicros: listTimeExits(world, this.instrument, this.#rehearsals, this.#search),
    };
  }

  /** Depth, impact and loop gain alone, without exit points. O(agents + levels within reach). */
  loopGain(): { down: number; up: number } {
    for (const rehearsal of this.#rehearsals) rehearsal?.look();
    const world = this.#world;
    const gains = listGains(world, this.instrument, this.#rehearsals, this.#gainStep);
    const impact = (sign: MoveSign): number => this.#impact(this.#venueSide(sign));
    return { down: product(impact(-1), gains.downSum), up: product(impact(1), gains.upSum) };
  }

  #exits(sign: MoveSign, pushing: boolean): ExitList {
    const query = { sign, pushing, search: this.#search };
    return listExits(this.#world, this.instrument, this.#rehearsals, query);
  }

  #venueSide(sign: MoveSign): VenueSide {
    return readVenueSide(this.#world, this.instrument, sign, {
      grid: this.grid,
      nearFraction: this.#nearFraction,
    });
  }

  #impact(side: VenueSide): number {
    return impactPerQuote(side, this.#economics, this.#world.venue.markTicks(this.instrument));
  }

  #side(sign: MoveSign, gainSum: number): SurveySide {
    const side = this.#venueSide(sign);
    const exits = this.#exits(sign, true);
    const impact = this.#impact(side);
    const price = this.#world.venue.markTicks(this.instrument) * this.#economics.quotePerTick;
    return {
      ...side,
      exits,
      leaning: this.#exits(sign, false),
      exitLots: exitLots(exits, sign, this.grid, side.edges),
      impactPerQuote: impact,
      loopGain: product(impact, gainSum),
      exitConvergence: exitConvergence({
        exitPrice: exits.exitPrice,
        exitQuantity: exits.exitNotional,
        reachPrice: exits.exitNotional.map((notionalQuote) => impact * notionalQuote * price),
      }),
    };
  }
}

/** Without gain there is no feedback, whatever the impact. */
function product(impact: number, gain: number): number {
  return gain === 0 ? 0 : impact * gain;
}

/**
 * Returns R(p) by bucket: scope 1 liquidations, 2 also waiting stops, over depth. At scope 3 it
 * is the exit-pressure ratio: each agent leaves once, at the nearer of its rule's and the margin
 * engine's exit point, so that a bucket may hold less than at scope 1.
 */
export function exAnteByPrice(
  side: SurveySide,
  scope: SurveyScope = 1,
  model: DepthModel = 'resting',
): Float64Array {
  const leaving = scope === 3 ? side.exitLots : side.forcedLots;
  const lots = scope === 1 ? leaving : sumLots(leaving, side.stopLots);
  return ratioByPrice(lots, depthLots(side, model));
}

/** Returns the largest R(p) of both directions. */
export function exAntePeak(
  reading: SurveyReading,
  scope: SurveyScope = 1,
  model: DepthModel = 'resting',
): number {
  const of = (side: SurveySide): number => peakOf(exAnteByPrice(side, scope, model)).ratio;
  return Math.max(of(reading.down), of(reading.up));
}
