/** What a run comes to. */
import type { RunFigures } from '../../sim/engine/index.js';
import type { Summary } from './trace/index.js';

/** A run's result: what `--json` prints, and the engine's further figures. */
export type RunResult = Summary & RunFigures & { logHash: string };
