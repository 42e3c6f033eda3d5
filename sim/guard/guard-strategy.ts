/** Runs a rule one agent at a time, on copies, and refuses what a rule must not do. */
import { hashText, mix32 } from '../kernel/index.js';
import { AgentField, ROW_HEADER } from '../strategy/index.js';
import type { DecisionBatch, Strategy } from '../strategy/index.js';
import { describeAgent, failure, firstLine, strategyCode } from './failure.js';
import { GuardedDesk } from './guarded-desk.js';
import { PrivateBatch } from './private-batch.js';

/** Told before and after each call of the rule; `enter` may be all that is ever told. */
export interface GuardWatch {
  /** An agent (hash of its cohort's name, ordinal) is about to decide at a simulated time. */
  enter(strategy: string, keyHigh: number, ordinal: number, timeMicros: number): void;
  leave(): void;
}

/** What a guard may be told beside the strategy. */
export interface GuardOptions {
  watch?: GuardWatch;
  /** Names of cohorts, to speak of them by name. */
  cohorts?: readonly string[];
  /**
   * The same strategy of a second load of its module. It is asked a part of the decisions, so that
   * what the module keeps from one decision to another differs between the two.
   */
  twin?: Strategy;
}

/** Header fields a rule may write: the count of its random draws. */
const WRITABLE: number = AgentField.draws;
const OUTPUTS = ['target', 'wakeAt', 'alertBelow', 'alertAbove'] as const;
/** One in this many decisions is repeated by the twin; a power of two. */
const TWIN_EVERY = 8;
const TARGET = 0;
const WAKE_AT = 1;

/**
 * Returns a strategy that decides as the given one does, or throws.
 *
 * Each decision is taken twice from the same inputs, bits compared. Cost: twice the rule's own and about
 * 1.5 microseconds, O(row length).
 *
 * @throws UserError `strategy/threw`, `nan`, `state`, `impure`, `wake`, `order`, from `start` and `decide`.
 */
export function guardStrategy(strategy: Strategy, options: GuardOptions = {}): Strategy {
  const guard = new Guard(strategy, options);
  return {
    ...strategy,
    start: (batch) => guard.run(batch, true),
    decide: (batch) => guard.run(batch, false),
  };
}

class Guard {
  readonly #strategy: Strategy;
  readonly #twin: Strategy;
  readonly #watch: GuardWatch | undefined;
  readonly #cohorts: ReadonlyMap<number, string>;
  readonly #copies = new Map<DecisionBatch, PrivateBatch>();
  readonly #desk: GuardedDesk;
  /** The member being decided. */
  #batch!: DecisionBatch;
  #i = 0;
  readonly #results = new Float64Array(OUTPUTS.length + 2);

  constructor(strategy: Strategy, { watch, cohorts = [], twin = strategy }: GuardOptions) {
    this.#strategy = strategy;
    this.#twin = twin;
    this.#watch = watch;
    this.#cohorts = new Map(cohorts.map((name) => [hashText(name), name]));
    this.#desk = new GuardedDesk(strategy, (code, what) => this.#refuse(code, what));
  }

  run(batch: DecisionBatch, isStart: boolean): void {
    let copy = this.#copies.get(batch);
    if (copy === undefined) {
      copy = new PrivateBatch(this.#strategy, batch, this.#desk);
      this.#copies.set(batch, copy);
    }
    this.#batch = batch;
    for (let i = 0; i < batch.count; i++) {
      this.#i = i;
      copy.from(i);
      this.#desk.begin(batch.orders, copy, i);
      this.#call(this.#strategy, copy, isStart);
      this.#checkRow(copy);
      this.#checkOutputs(copy, isStart);
      copy.keep();
      this.#noteOutputs(copy);
      copy.restore();
      this.#desk.replay();
      this.#call(this.#isTwinTurn() ? this.#twin : this.#strategy, copy, isStart);
      this.#desk.endReplay();
      this.#compare(copy);
      copy.handBack();
    }
  }

  /** Whether the twin repeats this decision: a hash of who decides and when, as no rule can know. */
  #isTwinTurn(): boolean {
    const { rows, row, time } = this.#batch;
    const r = row[this.#i];
    const who = rows[r + AgentField.keyHigh] ^ rows[r + AgentField.keyLow];
    return mix32(who, rows[r + AgentField.decisions], time[this.#i]) % TWIN_EVERY === 0;
  }

  #call(strategy: Strategy, copy: PrivateBatch, isStart: boolean): void {
    const { rows, row, time } = this.#batch;
    const r = row[this.#i];
    const watch = this.#watch;
    const { name } = this.#strategy;
    watch?.enter(name, rows[r + AgentField.keyHigh], rows[r + AgentField.keyLow], time[this.#i]);
    try {
      if (isStart) strategy.start(copy.seen);
      else strategy.decide(copy.seen);
    } catch (error) {
      watch?.leave();
      this.#rethrow(error);
    }
    watch?.leave();
    // The rule may have caught it.
    if (this.#refusal !== null) throw this.#refusal;
  }

  /** A refusal passes on; an error of the rule's own is told in one line. */
  #rethrow(error: unknown): never {
    if (this.#refusal !== null) throw this.#refusal;
    const code = strategyCode(error);
    if (code !== '') this.#refuse(code, `was refused: ${firstLine(error)}`);
    return this.#refuse('strategy/threw', `threw "${firstLine(error)}"`);
  }

  #refusal: unknown = null;

  #refuse(code: string, what: string): never {
    const { rows, row, time } = this.#batch;
    const r = row[this.#i];
    const decider = {
      keyHigh: rows[r + AgentField.keyHigh],
      ordinal: rows[r + AgentField.keyLow],
      timeMicros: time[this.#i],
    };
    this.#refusal = failure(code, this.#strategy.name, what, describeAgent(decider, this.#cohorts));
    throw this.#refusal;
  }

  /** Only the draw counter and the declared state may change; infinity may stand for "none", NaN not. */
  #checkRow(copy: PrivateBatch): void {
    const { rowLength, paramNames, style } = this.#strategy;
    if (copy.strayed()) this.#refuse('strategy/state', 'wrote outside its row');
    const stateAt = ROW_HEADER + paramNames.length;
    const { rows, row } = copy.seen;
    const from = row[0];
    for (let k = 0; k < stateAt; k++) {
      // The desk writes these for rules that quote, and the copy follows.
      const isDesk = k === AgentField.pending || k === AgentField.openOrders;
      if (isDesk && style === 'quoting') continue;
      if (k === WRITABLE || copy.isUnchanged(k)) continue;
      const what = k < ROW_HEADER ? headerName(k) : paramNames[k - ROW_HEADER];
      this.#refuse('strategy/state', `wrote to ${what}, which is not its state`);
    }
    const draws = rows[from + WRITABLE];
    if (!(Number.isSafeInteger(draws) && draws >= copy.before[WRITABLE])) {
      this.#refuse('strategy/state', `set its draw counter to ${draws}, it may only be counted up`);
    }
    for (let k = stateAt; k < rowLength; k++) {
      const value = rows[from + k];
      if (value === value) continue;
      this.#refuse('strategy/nan', `wrote NaN to state.${this.#stateName(k)}`);
    }
  }

  #checkOutputs(copy: PrivateBatch, isStart: boolean): void {
    const { seen } = copy;
    for (let output = 0; output < OUTPUTS.length; output++) {
      if (!copy.wrote(output)) continue;
      const name = OUTPUTS[output];
      const value = seen[name][0];
      if (value !== value) {
        this.#refuse('strategy/nan', `wrote NaN to ${name} (leave it unwritten for "no change")`);
      }
      const mayBeInfinite = output === WAKE_AT && value > 0;
      if (Number.isFinite(value) || mayBeInfinite) continue;
      this.#refuse('strategy/nan', `wrote ${value} to ${name}, must be finite`);
    }
    // `standsDown` leaves 0, which means nothing here; any other number would be lost.
    if (copy.wrote(TARGET) && seen.target[0] !== 0 && this.#strategy.style !== 'sizing') {
      this.#refuse('strategy/order', 'wrote target, which is for rules of style "sizing"');
    }
    const wake = seen.wakeAt[0];
    const now = seen.time[0];
    if (copy.wrote(WAKE_AT) && !(wake > now || (isStart && wake >= now))) {
      this.#refuse('strategy/wake', `asked to wake at ${wake}, must be later than now (${now} microseconds)`);
    }
    const urgency = seen.urgency[0];
    if (urgency < 0 || urgency > 3) {
      this.#refuse('strategy/order', `set urgency to ${urgency}, must be in 0..3`);
    }
    if (!(Number.isInteger(seen.continued) && seen.continued >= 0 && seen.continued <= 1)) {
      this.#refuse('strategy/state', `set continued to ${seen.continued}, must be 0 or 1 for one agent`);
    }
  }

  #noteOutputs({ seen }: PrivateBatch): void {
    OUTPUTS.forEach((name, output) => {
      this.#results[output] = seen[name][0];
    });
    this.#results[OUTPUTS.length] = seen.urgency[0];
    this.#results[OUTPUTS.length + 1] = seen.continued;
  }

  #compare(copy: PrivateBatch): void {
    const { seen } = copy;
    const results = this.#results;
    const why = 'when it was asked the same again: it keeps something outside its row, or reads a clock';
    OUTPUTS.forEach((name, output) => {
      if (Object.is(seen[name][0], results[output])) return;
      this.#refuse('strategy/impure', `gave another ${name} ${why}`);
    });
    const other = seen.urgency[0] !== results[OUTPUTS.length];
    if (other || seen.continued !== results[OUTPUTS.length + 1]) {
      this.#refuse('strategy/impure', `gave another urgency ${why}`);
    }
    const k = copy.differsAt();
    if (k < 0) return;
    const stateAt = ROW_HEADER + this.#strategy.paramNames.length;
    const what = k < stateAt ? headerName(k) : `state.${this.#stateName(k)}`;
    this.#refuse('strategy/impure', `left another ${what} ${why}`);
  }

  /** Name of the state variable at an offset of the row, with its place in an array. */
  #stateName(k: number): string {
    const { stateNames, state, at } = this.#strategy;
    for (const name of stateNames) {
      const { count } = state[name];
      if (k < at[name] || k >= at[name] + (count ?? 1)) continue;
      return count === undefined ? name : `${name}[${k - at[name]}]`;
    }
    return `[${k}]`;
  }
}

function headerName(k: number): string {
  const found = Object.entries(AgentField).find(([, offset]) => offset === k);
  return `AgentField.${found?.[0] ?? k}`;
}
