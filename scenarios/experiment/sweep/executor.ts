/** Whatever makes runs: threads of this machine, or workers behind a queue. */
import type { RunOutcome, RunRequest } from '../run/index.js';

/** Makes runs. */
export interface RunExecutor {
  /**
   * Makes runs and hands on each outcome with its request's place; resolves when all have ended, or, after
   * `stop`, those under way.
   */
  run(
    requests: Iterable<RunRequest>,
    take: (outcome: RunOutcome, request: RunRequest, place: number) => void,
  ): Promise<void>;
  stop(): void;
  abort(): void;
  close(): Promise<void>;
}
