/** The wakes of one window: per agent a short list in time order. Scratch, rebuilt every window. */

/** Wakes coincide when agent and time do; their reasons are joined. */
export class WakeQueue {
  /** Wakes not yet run. */
  waiting = 0;
  /** Two words per agent, side by side in memory: newest window stamp, first wake. */
  readonly #heads: Int32Array;
  #window = 0;
  #time = new Float64Array(1024);
  #reason = new Int32Array(1024);
  #next = new Int32Array(1024);
  #used = 0;
  /** Agents that have had a wake in this window, in order of first mention, for rounds. */
  #agents = new Int32Array(1024);
  #mentioned = 0;

  constructor(agents: number) {
    this.#heads = new Int32Array(2 * agents).fill(0);
  }

  /** Starts a window. */
  begin(): void {
    this.#window = (this.#window + 1) | 0;
    this.#used = 0;
    this.#mentioned = 0;
    this.waiting = 0;
  }

  /** Adds a wake. */
  add(agent: number, time: number, reason: number): void {
    let before = -1;
    let at = -1;
    if (this.#heads[2 * agent] === this.#window) at = this.#heads[2 * agent + 1];
    else {
      this.#heads[2 * agent] = this.#window;
      this.#heads[2 * agent + 1] = -1;
      if (this.#mentioned === this.#agents.length) this.#agents = grow(this.#agents);
      this.#agents[this.#mentioned++] = agent;
    }
    while (at >= 0 && this.#time[at] < time) {
      before = at;
      at = this.#next[at];
    }
    if (at >= 0 && this.#time[at] === time) {
      this.#reason[at] |= reason;
      return;
    }
    if (this.#used === this.#time.length) this.#growWakes();
    const wake = this.#used++;
    this.#time[wake] = time;
    this.#reason[wake] = reason;
    this.#next[wake] = at;
    if (before < 0) this.#heads[2 * agent + 1] = wake;
    else this.#next[before] = wake;
    this.waiting++;
  }

  /** Whether an agent has a wake left. */
  isWaiting(agent: number): boolean {
    return this.#heads[2 * agent] === this.#window && this.#heads[2 * agent + 1] >= 0;
  }

  /** Time of an agent's next wake; Infinity when it has none. */
  timeOf(agent: number): number {
    return this.isWaiting(agent) ? this.#time[this.#heads[2 * agent + 1]] : Infinity;
  }

  /** Reasons of an agent's next wake. */
  reasonOf(agent: number): number {
    return this.#reason[this.#heads[2 * agent + 1]];
  }

  /** Removes an agent's next wake. */
  pop(agent: number): void {
    this.#heads[2 * agent + 1] = this.#next[this.#heads[2 * agent + 1]];
    this.waiting--;
  }

  /** How many agents were mentioned so far: those that may have a wake in this round. */
  startRound(): number {
    return this.waiting === 0 ? 0 : this.#mentioned;
  }

  /** The k-th of them. */
  agentInRound(k: number): number {
    return this.#agents[k];
  }

  /** Forgets agents without a wake, so that a later round is as short as its work. */
  endRound(): void {
    let kept = 0;
    for (let k = 0; k < this.#mentioned; k++) {
      const agent = this.#agents[k];
      if (this.#heads[2 * agent + 1] >= 0) this.#agents[kept++] = agent;
      else this.#heads[2 * agent] = (this.#window - 1) | 0;
    }
    this.#mentioned = kept;
  }

  #growWakes(): void {
    this.#time = grow(this.#time);
    this.#reason = grow(this.#reason);
    this.#next = grow(this.#next);
  }
}

function grow<A extends Int32Array | Float64Array>(from: A): A {
  const to = new (from.constructor as new (n: number) => A)(2 * from.length);
  to.set(from as never);
  return to;
}
