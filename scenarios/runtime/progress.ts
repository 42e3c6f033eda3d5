/** A run's progress, read from the words the market thread writes. */
import { distinctUntilChanged, from, interval, map, merge, takeWhile } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Barrier } from '../../sim/engine/index.js';

/** How far a run is. */
export interface RunProgress {
  simulatedMicros: number;
  durationMicros: number;
  windows: number;
  liquidations: number;
  orderActions: number;
  wallSeconds: number;
  /** The loop has ended; the run's files are being made. */
  isWriting: boolean;
}

/** Samples per second. */
const SAMPLES = 10;

/**
 * Emits a sample at most ten times a second, when the run has moved, and a last one when `simulated`
 * resolves.
 */
export function watchProgress(
  barrier: Barrier,
  durationMicros: number,
  simulated: Promise<unknown>,
): Observable<RunProgress> {
  const begun = performance.now();
  let isWriting = false;
  const samples = interval(1000 / SAMPLES).pipe(takeWhile(() => !isWriting));
  const end = from(simulated.then(() => (isWriting = true)));
  return merge(samples, end).pipe(
    map(() => ({
      simulatedMicros: Math.min(barrier.progressMicros, durationMicros),
      durationMicros,
      windows: barrier.progressWindows,
      liquidations: barrier.progressLiquidations,
      orderActions: barrier.progressOrderActions,
      wallSeconds: (performance.now() - begun) / 1000,
      isWriting,
    })),
    distinctUntilChanged((a, b) => a.windows === b.windows && a.isWriting === b.isWriting),
  );
}
