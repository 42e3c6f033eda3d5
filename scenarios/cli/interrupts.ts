/** Ctrl-C and SIGTERM: the first asks, the second insists. */

/** Calls `first`, then `second`, on SIGINT and SIGTERM; returns the function that lets go. */
export function onInterrupt(first: () => void, second: () => void): () => void {
  let signals = 0;
  const handler = (): void => {
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

/** Resolves at the first SIGINT or SIGTERM. */
export function untilInterrupted(): Promise<void> {
  return new Promise((done) => {
    const release = onInterrupt(() => {
      release();
      done();
    }, () => {});
  });
}
