/** Pools of threads by what they run: neighbouring jobs mostly share it. */
import { RunPool } from '../pool/index.js';
import type { Subject } from '../run/index.js';
import { loadPayload } from './payload.js';
import type { QueueLink } from './queue-link.js';

/** A pool and what it runs. */
export interface ShelfPool {
  pool: RunPool;
  subjects: readonly Subject[];
}

interface Place {
  opening: Promise<ShelfPool>;
  /** Jobs under way in it. */
  users: number;
}

/** Pools kept open that nobody uses. */
const IDLE_MAX = 1;

/** Opens pools as jobs ask for them. */
export class PoolShelf {
  readonly #link: QueueLink;
  readonly #threads: number;
  /** The one used last is last. */
  readonly #places = new Map<string, Place>();

  constructor(link: QueueLink, threads: number) {
    this.#link = link;
    this.#threads = threads;
  }

  /**
   * Does something with the pool of a payload.
   *
   * A pool in which it fails is given up: a rule of a user that never returns holds its thread.
   */
  async with<T>(payload: string, use: (pool: ShelfPool) => Promise<T>): Promise<T> {
    const place = this.#places.get(payload) ?? { opening: this.#open(payload), users: 0 };
    this.#places.delete(payload);
    this.#places.set(payload, place);
    place.users++;
    try {
      return await use(await place.opening);
    } catch (error) {
      if (this.#places.get(payload) === place) this.#places.delete(payload);
      throw error;
    } finally {
      place.users--;
      await this.#tidy(place, payload);
    }
  }

  /** Ends the runs under way. */
  async abort(): Promise<void> {
    for (const { opening } of this.#places.values()) {
      const opened = await opening.catch(() => null);
      opened?.pool.abort();
    }
  }

  async close(): Promise<void> {
    const places = [...this.#places.values()];
    this.#places.clear();
    await Promise.all(places.map(close));
  }

  async #open(payload: string): Promise<ShelfPool> {
    const { subjects, strategyMillisMax } = await this.#link.use((_, payloads) => loadPayload(payloads, payload));
    return { subjects, pool: new RunPool({ subjects, threads: this.#threads, strategyMillisMax }) };
  }

  async #tidy(used: Place, payload: string): Promise<void> {
    if (used.users === 0 && this.#places.get(payload) !== used) await close(used);
    const idle = [...this.#places].filter(([, { users }]) => users === 0);
    for (const [key, place] of idle.slice(0, Math.max(0, idle.length - IDLE_MAX))) {
      this.#places.delete(key);
      await close(place);
    }
  }
}

async function close({ opening }: Place): Promise<void> {
  const opened = await opening.catch(() => null);
  await opened?.pool.close();
}
