/** The fewest parts that still do what the whole does. Source: Zeller & Hildebrandt 2002, ddmin. */

/** Judges candidates, each a list of the parts that are kept; null of one that cannot be. */
export type Judge = (candidates: readonly (readonly number[])[]) => Promise<(boolean | null)[]>;

/** What is left. */
export interface Shrunk {
  /** Parts that are kept, ascending. */
  kept: number[];
  /** Candidates that were judged. */
  judged: number;
  /** Whether none of them can be left out alone. */
  isMinimal: boolean;
}

/**
 * Leaves out parts 0..count-1, in halves, then quarters, down to single ones, as long as what
 * remains still does it. Candidates of one division are judged together and the first that does it
 * is taken, so the answer does not depend on who is judged sooner. O(count^2) candidates at most.
 *
 * Differs: subsets are not judged, only what remains without one of them.
 */
export async function shrink(count: number, judge: Judge, judgedMax: number): Promise<Shrunk> {
  let kept = Array.from({ length: count }, (_, part) => part);
  let pieces = Math.min(2, count);
  let judged = 0;
  while (kept.length > 0 && pieces > 0) {
    const candidates = withoutPieces(kept, pieces);
    if (judged + candidates.length > judgedMax) return { kept, judged, isMinimal: false };
    const found = await judge(candidates);
    judged += found.filter((one) => one !== null).length;
    const at = found.indexOf(true);
    if (at >= 0) {
      kept = [...candidates[at]];
      pieces = Math.min(kept.length, Math.max(2, pieces - 1));
    } else if (pieces >= kept.length) {
      break;
    } else {
      pieces = Math.min(kept.length, 2 * pieces);
    }
  }
  return { kept, judged, isMinimal: true };
}

function withoutPieces(kept: readonly number[], pieces: number): number[][] {
  return Array.from({ length: pieces }, (_, k) => {
    const from = Math.floor((k * kept.length) / pieces);
    const to = Math.floor(((k + 1) * kept.length) / pieces);
    return kept.filter((__, i) => i < from || i >= to);
  });
}
