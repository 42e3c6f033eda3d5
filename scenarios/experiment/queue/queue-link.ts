/** A link to a queue's server that outlives the server's restarts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../sim/kernel/index.js';
import { closeQueue, LinkTalk, openPayloadQueue, openRunQueue } from './connection.js';
import type { PayloadQueue, RunQueue } from './connection.js';
import { errorText, reachQueue } from './queue-url.js';
import type { QueueUrl } from './queue-url.js';

/** What a server that answers may refuse before its refusal is believed. */
const REFUSALS_MAX = 8;
const PAUSE_MILLIS = 300;

/** The queues of a server. */
export class QueueLink {
  readonly at: QueueUrl;
  /** How often the server went away. */
  outages = 0;
  readonly #talk: LinkTalk;
  #runs: RunQueue;
  #payloads: PayloadQueue;
  #isClosed = false;

  /** Opens a link. @throws UserError `queue/unreachable` when the server does not answer now */
  static async open(at: QueueUrl, say: (line: string) => void): Promise<QueueLink> {
    await reachQueue(at);
    return new QueueLink(at, say);
  }

  private constructor(at: QueueUrl, say: (line: string) => void) {
    this.at = at;
    this.#talk = new LinkTalk(at, say);
    this.#runs = this.#heard(openRunQueue(at));
    this.#payloads = this.#heard(openPayloadQueue(at));
  }

  /**
   * Does something with the queues; while their server is away it waits and tries again.
   * @throws UserError `queue/closed` once the link is closed, `queue/refused` when the server answers and refuses
   */
  async use<T>(operation: (runs: RunQueue, payloads: PayloadQueue) => Promise<T>): Promise<T> {
    for (let refusals = 0; ; ) {
      if (this.#isClosed) throw new UserError('queue/closed', 'the link to the queue is closed', 130);
      try {
        const result = await operation(this.#runs, this.#payloads);
        this.#talk.back();
        return result;
      } catch (error) {
        if (error instanceof UserError) throw error;
        this.#lost(error);
        if (await this.#isReached()) {
          if (++refusals >= REFUSALS_MAX) {
            throw new UserError('queue/refused', `${this.at.shown} refuses: ${errorText(error, this.at)}`, 6);
          }
          this.#reopen();
        }
        await sleep(PAUSE_MILLIS);
      }
    }
  }

  /** Takes an error that another connection to the server met. */
  noteTrouble(error: unknown): void {
    this.#lost(error);
  }

  get isLost(): boolean {
    return this.#talk.isLost;
  }

  /** Cuts the link; what is under way is refused. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([closeQueue(this.#runs), closeQueue(this.#payloads)]);
  }

  async #isReached(): Promise<boolean> {
    try {
      await reachQueue(this.at);
      return true;
    } catch {
      return false;
    }
  }

  /** Queues whose first connection failed would never come up. */
  #reopen(): void {
    if (this.#isClosed) return;
    const old = [this.#runs, this.#payloads];
    this.#runs = this.#heard(openRunQueue(this.at));
    this.#payloads = this.#heard(openPayloadQueue(this.at));
    for (const queue of old) closeQueue(queue as RunQueue).catch(() => {});
  }

  #heard<Q extends RunQueue | PayloadQueue>(queue: Q): Q {
    queue.on('error', (error: Error) => this.#lost(error));
    return queue;
  }

  #lost(error: unknown): void {
    if (this.#isClosed || this.#talk.isLost) return;
    this.outages++;
    this.#talk.lost(error);
    void this.#untilBack();
  }

  /** Nobody may be using the link while its server comes back. */
  async #untilBack(): Promise<void> {
    while (!this.#isClosed && this.#talk.isLost) {
      await sleep(PAUSE_MILLIS, undefined, { ref: false });
      if (!this.#isClosed && (await this.#isReached())) this.#talk.back();
    }
  }
}
