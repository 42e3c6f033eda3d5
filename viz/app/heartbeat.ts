/** Signs of life of a run with a user's strategies: a worker that loops sends none. */
import type { GuardWatch } from '../../sim/guard/index.js';
import type { RunMessage } from './run-messages.js';

/** Time between two signs, milliseconds. */
const BEAT_MILLIS = 250;

/** The part of a market that is listened to. */
interface Matching {
  match(window: number): boolean;
}

/** Tells of decisions and windows, a few times a second. */
export class Heartbeat implements GuardWatch {
  private readonly post: (message: RunMessage) => void;
  private last = 0;
  private hasStrategies = false;

  constructor(post: (message: RunMessage) => void) {
    this.post = post;
  }

  /** A module is about to be loaded. */
  loading(strategy: string): void {
    this.hasStrategies = true;
    this.post({ kind: 'deciding', strategy, micros: 0, isOver: false });
  }

  /** No strategy will be called for a while. */
  over(): void {
    if (!this.hasStrategies) return;
    this.post({ kind: 'deciding', strategy: '', micros: 0, isOver: true });
    // The next decision is told of at once.
    this.last = -Infinity;
  }

  enter(strategy: string, _keyHigh: number, _ordinal: number, timeMicros: number): void {
    if (this.isDue()) this.post({ kind: 'deciding', strategy, micros: timeMicros, isOver: false });
  }

  leave(): void {}

  /** Tells of windows too, so that work between two decisions is no silence. */
  watch(market: Matching, windowMicros: number, durationMicros: number): void {
    const match = market.match.bind(market);
    market.match = (window) => {
      const micros = window * windowMicros;
      if (this.isDue()) this.post({ kind: 'progress', micros, durationMicros });
      return match(window);
    };
  }

  private isDue(): boolean {
    const now = performance.now();
    if (now - this.last < BEAT_MILLIS) return false;
    this.last = now;
    return true;
  }
}
