/**
 * The event behind a move of the mark: an index update, an order, a liquidation, and so on.
 *
 * Events that are nodes of a forest carry their generation. Which events are nodes depends on the
 * scope: L1 liquidations and deleveragings, L2 also fired stops, L3 also trades of sizing rules.
 */
import {
  GENERATION_MAX,
  type Scope,
  generationOf,
  packGenerations,
  packKinds,
  rootKindOf,
} from '../trace/index.js';
import type { NumberSink, NumberSource } from './number-stream.js';

/** One event; copied into ledgers, so that they need not know what became of it. */
export class CauseEvent {
  /** Number of the log row it began with; of its own cause row for a node. -1 for no event. */
  seq = -1;
  /** `packKinds`. */
  kinds = 0;
  account = -1;
  /** Id of the liquidation that the order belongs to, 0 for none. */
  liquidation = 0;
  /** `packGenerations`. */
  generations = 0;
  /** `seq` of its root at scope L1; its own where it is no node. */
  root = -1;

  get kind(): number {
    return this.kinds & 15;
  }

  copy(other: CauseEvent): void {
    this.seq = other.seq;
    this.kinds = other.kinds;
    this.account = other.account;
    this.liquidation = other.liquidation;
    this.generations = other.generations;
    this.root = other.root;
  }

  /** Becomes an event that is a node at no scope. */
  begin(seq: number, kind: number, account: number): void {
    this.seq = seq;
    // The event is its own root at every scope: the four kinds are one.
    this.kinds = kind * 0x1111;
    this.account = account;
    this.liquidation = 0;
    this.generations = 0;
    this.root = seq;
  }

  /**
   * Becomes a child of `parent`: a node from scope `lowest` up, an event of its own below.
   *
   * @param seq number of its cause row
   */
  descend(seq: number, kind: number, account: number, parent: CauseEvent, lowest: Scope): void {
    const one = lowest <= 1 ? next(parent.generations, 1) : 0;
    const two = lowest <= 2 ? next(parent.generations, 2) : 0;
    const three = next(parent.generations, 3);
    const kindOne = lowest <= 1 ? rootKindOf(parent.kinds, 1) : kind;
    const kindTwo = lowest <= 2 ? rootKindOf(parent.kinds, 2) : kind;
    const root = lowest <= 1 ? parent.root : seq;
    this.kinds = packKinds(kind, kindOne, kindTwo, rootKindOf(parent.kinds, 3));
    this.generations = packGenerations(one, two, three);
    this.seq = seq;
    this.account = account;
    this.liquidation = 0;
    this.root = root;
  }
}

/** Writes an event's six numbers. */
export function writeEvent(event: CauseEvent, sink: NumberSink): void {
  sink.float(event.seq);
  sink.float(event.kinds);
  sink.float(event.account);
  sink.float(event.liquidation);
  sink.float(event.generations);
  sink.float(event.root);
}

/** Reads what `writeEvent` wrote. */
export function readEvent(event: CauseEvent, source: NumberSource): void {
  event.seq = source.float();
  event.kinds = source.float();
  event.account = source.float();
  event.liquidation = source.float();
  event.generations = source.float();
  event.root = source.float();
}

function next(generations: number, scope: Scope): number {
  const generation = generationOf(generations, scope);
  return generation < GENERATION_MAX ? generation + 1 : generation;
}
