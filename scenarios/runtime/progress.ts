/** A run's progress, read from the words the market thread writes. */
import { distinctUntilChanged, interval, map, type Observable } from 'rxjs';
import type { Barrier } from '../../sim/engine/index.js';

/** How far a run is. */
export interface RunProgress {
  simulatedMicros: number;
  durationMicros: number;
  windows: number;
  liquidations: number;
  orderActions: number;
  wallSeconds: number;
}

/** Samples per second. */
const SAMPLES = 10;

/** Emits a sample at most ten times a second, and only when the run has moved; it never completes. */
export function watchProgress(barrier: Barrier, durationMicros: number): Observable<RunProgress> {
  const begun = performance.now();
  return interval(1000 / SAMPLES).pipe(
    map(() => ({
      simulatedMicros: Math.min(barrier.progressMicros, durationMicros),
      durationMicros,
      windows: barrier.progressWindows,
      liquidations: barrier.progressLiquidations,
      orderActions: barrier.progressOrderActions,
      wallSeconds: (performance.now() - begun) / 1000,
    })),
    distinctUntilChanged((a, b) => a.windows === b.windows),
  );
}
