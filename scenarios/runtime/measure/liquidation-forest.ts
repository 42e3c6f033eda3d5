/** The forest of a run without its deleveragings: what liquidations tip. */
import type { Forest } from '../../../sim/contagion/index.js';
import { cascadesOf } from '../../../sim/metrics/index.js';
import { CauseSubject } from '../../../sim/trace/index.js';

/** Columns of `Forest`, one entry a node. */
export interface LiquidationForest
  extends Pick<
    Forest,
    | 'count'
    | 'timeMicros'
    | 'cohort'
    | 'instrument'
    | 'subject'
    | 'event'
    | 'parent'
    | 'generation'
    | 'rootEvent'
    | 'notionalQuote'
  > {
  /** Deleveragings that were left out. */
  readonly deleveragings: number;
}

/**
 * Leaves deleveragings out, which are counted by metrics of their own; what one of them tipped becomes
 * the child of what had tipped it. O(nodes).
 */
export function liquidationForest(forest: Forest): LiquidationForest {
  const kept: number[] = [];
  // Place of a node, or of the nearest one above it that is kept; -1 for none.
  const place = new Int32Array(forest.count);
  const parent: number[] = [];
  for (let i = 0; i < forest.count; i++) {
    const above = forest.parent[i] < 0 ? -1 : place[forest.parent[i]];
    if (forest.subject[i] === CauseSubject.deleveraging) {
      place[i] = above;
      continue;
    }
    place[i] = kept.length;
    kept.push(i);
    parent.push(above);
  }
  const floats = (column: Float64Array): Float64Array => Float64Array.from(kept, (i) => column[i]);
  return {
    count: kept.length,
    timeMicros: floats(forest.timeMicros),
    cohort: Int32Array.from(kept, (i) => forest.cohort[i]),
    instrument: Uint8Array.from(kept, (i) => forest.instrument[i]),
    subject: Uint8Array.from(kept, (i) => forest.subject[i]),
    event: floats(forest.event),
    parent: Int32Array.from(parent),
    generation: cascadesOf(parent).generation,
    rootEvent: floats(forest.rootEvent),
    notionalQuote: floats(forest.notionalQuote),
    deleveragings: forest.count - kept.length,
  };
}
