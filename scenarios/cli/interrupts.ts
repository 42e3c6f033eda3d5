/** Ctrl-C and SIGTERM: the first asks, the second insists. */
import { printErr } from './terminal.js';

/**
 * A terminal signals the whole group and npm passes its own signal on, so one Ctrl-C may arrive twice:
 * the same signal within this time is the same Ctrl-C.
 */
const ECHO_MILLIS = 200;

/** Calls `first`, then `second`, on SIGINT and SIGTERM; returns the function that lets go. */
export function onInterrupt(first: () => void, second: () => void): () => void {
  let signals = 0;
  let last: NodeJS.Signals | null = null;
  let lastAt = 0;
  const handler = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    const isEcho = signal === last && now - lastAt < ECHO_MILLIS;
    last = signal;
    lastAt = now;
    if (isEcho) return;
    signals++;
    if (signals === 1) first();
    else second();
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return () => {
    process.off('SIGINT', handler);
    process.off('SIGTERM', handler);
  };
}

/** Work that can be asked to end, and made to. */
interface Stoppable<T> {
  result: Promise<T>;
  stop(): void;
  abort(): void;
}

/**
 * Waits for work while its progress is shown. The first Ctrl-C tells `talk` and asks it to stop, a second one ends
 * it; the progress line is gone when this returns or throws.
 */
export async function untilEnded<T>(
  work: Stoppable<T>,
  progress: { end(): void },
  talk: string,
): Promise<T> {
  const release = onInterrupt(
    () => {
      progress.end();
      printErr(talk);
      work.stop();
    },
    () => work.abort(),
  );
  try {
    return await work.result;
  } finally {
    release();
    progress.end();
  }
}

/** Resolves at the first SIGINT or SIGTERM; further ones are ignored. */
export function untilInterrupted(): Promise<void> {
  return new Promise((done) => {
    onInterrupt(done, () => {});
  });
}
