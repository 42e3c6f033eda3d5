/** A server behind a queue, for tests that end it. */
import { createServer } from 'node:net';

/** A server of a test's own. */
export interface TestServer {
  url: string;
  /** Starts it again on the same data; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it without a word, as a loss of power would end its process. */
  kill(): Promise<void>;
  /** Ends it orderly. */
  stop(): Promise<void>;
}

/** Returns a port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
