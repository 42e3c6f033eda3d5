/** Where a queue is: a Redis or PostgreSQL server, as a URL. */
import { UserError } from '../../../sim/kernel/index.js';

/** A queue's server. */
export interface QueueUrl {
  kind: 'redis' | 'postgres';
  /** As given: it may hold a password and is never shown. */
  url: string;
  /** Without user and password. */
  shown: string;
}

const KINDS: Readonly<Record<string, QueueUrl['kind']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};
/** A server that does not answer for so long is out of reach, milliseconds. */
const CONNECT_MILLIS = 5000;

/** Reads the URL of a queue. @throws UserError `queue/url`, without the password */
export function parseQueueUrl(text: string): QueueUrl {
  const must = 'must be redis://host:6379 or postgres://user:password@host:5432/database';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError('queue/url', `the queue was no URL, ${must}`);
  }
  const kind = KINDS[url.protocol];
  if (kind === undefined) throw new UserError('queue/url', `the queue was a ${url.protocol}// URL, ${must}`);
  if (url.hostname === '') throw new UserError('queue/url', `the queue named no host, ${must}`);
  return { kind, url: text, shown: `${url.protocol}//${url.host}${url.pathname}`.replace(/\/$/, '') };
}

/** Returns what an error says, in one line and without the passwords of the URL. */
export function errorText(error: unknown, { url }: QueueUrl): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  const first = error instanceof Error ? error.message : String(error);
  // A name with several addresses fails with one error each and no message of its own.
  const text = first === '' ? errorText(errors?.[0] ?? String(code ?? 'unknown'), { url } as QueueUrl) : first;
  const { username, password } = new URL(url);
  let line = text.split('\n')[0];
  for (const secret of [password, decodeURIComponent(password), username]) {
    if (secret.length > 2) line = line.replaceAll(secret, '***');
  }
  return line;
}

/**
 * Looks whether the server answers.
 * @throws UserError `queue/unreachable` with the reason, within some seconds
 */
export async function reachQueue(queue: QueueUrl): Promise<void> {
  try {
    await (queue.kind === 'redis' ? reachRedis(queue.url) : reachPostgres(queue.url));
  } catch (error) {
    const fix = 'is the server running, and the URL right?';
    throw new UserError('queue/unreachable', `${queue.shown} is out of reach: ${errorText(error, queue)}; ${fix}`);
  }
}

async function reachRedis(url: string): Promise<void> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MILLIS,
    commandTimeout: CONNECT_MILLIS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Without a listener the reason would be printed beside our own line.
  let reason: Error | null = null;
  client.on('error', (error: Error) => {
    reason ??= error;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}

async function reachPostgres(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MILLIS,
    query_timeout: CONNECT_MILLIS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => {});
  }
}
