/** The forest of a run, built from the rows of its event log. */
import {
  type Cause,
  CauseJoin,
  CauseKind,
  CauseSubject,
  EventKind,
  type EventReader,
  GENERATION_MAX,
  type RunMetadata,
  type Scope,
  cohortOfAccount,
  notionalQuote,
} from '../trace/index.js';

/**
 * Nodes in the order in which they were found; a parent precedes its children. All arrays have
 * `count` entries.
 */
export interface Forest {
  readonly scope: Scope;
  readonly count: number;
  readonly timeMicros: Float64Array;
  readonly account: Int32Array;
  /** Index of the account's cohort, -1 outside the population. */
  readonly cohort: Int32Array;
  readonly instrument: Uint8Array;
  /** A `CauseSubject`. */
  readonly subject: Uint8Array;
  /** Id of the liquidation, 0 where the node is none. */
  readonly liquidation: Int32Array;
  /** `seq` of the node's event: the number of its cause row in the log. */
  readonly event: Float64Array;
  /** Node that pushed it; -1 for a root. */
  readonly parent: Int32Array;
  /** 1 for roots. */
  readonly generation: Int32Array;
  /** Kind of the event a node's tree goes back to, a `CauseKind`; and its `seq`, -1 unknown. */
  readonly rootKind: Uint8Array;
  readonly rootEvent: Float64Array;
  /** Notional closed, quote units: at the mark of each step. */
  readonly notionalQuote: Float64Array;
  /** 1: a long was sold (or the rule sells), -1: a short was bought. */
  readonly side: Int8Array;
  /** Level of the price at which it came to be, ticks; 0 for none. */
  readonly levelTicks: Int32Array;
  /** Breach number of the account; 0 where it is no liquidation. */
  readonly ordinal: Int32Array;
}

interface NodeRecord {
  cause: Cause;
  liquidation: number;
  notionalQuote: number;
  side: number;
  /** A breach that was never acted upon is no node, nor is a stop whose order was never sent. */
  happened: boolean;
}

/** Reads the rows of a log, whole or piece by piece, and returns forests of them. */
export class ForestReader {
  private readonly metadata: RunMetadata;
  private readonly join = new CauseJoin();
  private readonly nodes: NodeRecord[] = [];
  private readonly ofEvent = new Map<number, NodeRecord>();
  /** Number of each account's latest liquidation. */
  private readonly ordinals = new Map<number, number>();

  constructor(metadata: RunMetadata) {
    this.metadata = metadata;
  }

  /** Takes all rows from where the reader stands. */
  add(reader: EventReader): void {
    while (reader.next()) this.addRow(reader);
  }

  /**
   * Returns the forest at a scope: 1 liquidations and deleveragings, 2 also stops, 3 also trades of
   * sizing rules. O(nodes).
   */
  forest(scope: Scope): Forest {
    const kept = this.nodes.filter((node) => node.happened && isNode(node.cause.subject, scope));
    const place = new Map<number, number>();
    const forest = emptyForest(scope, kept.length);
    kept.forEach((node, i) => {
      const { cause } = node;
      place.set(cause.event, i);
      const parent = place.get(cause.parent) ?? -1;
      forest.timeMicros[i] = cause.timeMicros;
      forest.account[i] = cause.account;
      forest.cohort[i] = cohortOfAccount(this.metadata, cause.account);
      forest.instrument[i] = cause.instrument;
      forest.subject[i] = cause.subject;
      forest.liquidation[i] = node.liquidation;
      forest.event[i] = cause.event;
      forest.parent[i] = parent;
      forest.generation[i] =
        parent < 0 ? 1 : Math.min(GENERATION_MAX, forest.generation[parent] + 1);
      forest.rootKind[i] = parent < 0 ? cause.parentKind : forest.rootKind[parent];
      forest.rootEvent[i] = parent < 0 ? cause.parent : forest.rootEvent[parent];
      forest.notionalQuote[i] = node.notionalQuote;
      forest.side[i] = node.side;
      forest.levelTicks[i] = cause.levelTicks;
      forest.ordinal[i] = cause.ordinal;
    });
    return forest;
  }

  private addRow(r: EventReader): void {
    const { kind } = r;
    if (kind === EventKind.share) return;
    const cause = this.join.take(r);
    if (kind === EventKind.cause && this.join.latest !== null) this.addNode(this.join.latest);
    if (cause === null) return;
    const node = this.ofEvent.get(cause.event);
    if (node === undefined) return;
    node.happened = true;
    if (kind === EventKind.triggered) return;
    if (kind === EventKind.liquidation) {
      if (node.liquidation === 0) this.number(cause);
      node.liquidation = r.cause;
      node.notionalQuote += r.extra;
      if (node.side === 0) node.side = r.sizeLots > 0 ? 1 : -1;
      return;
    }
    node.side = r.sizeLots < 0 ? 1 : -1;
    if (kind === EventKind.autoDeleverage) node.notionalQuote += r.extra;
    else {
      const one = this.metadata.instruments[r.instrument];
      node.notionalQuote += notionalQuote(one, r.sizeLots, r.priceTicks);
    }
  }

  /** Isolated positions in breach at once were told one number; they are closed one after the other. */
  private number(cause: Cause): void {
    const least = (this.ordinals.get(cause.account) ?? 0) + 1;
    if (cause.ordinal < least) cause.ordinal = least;
    this.ordinals.set(cause.account, cause.ordinal);
  }

  private addNode(cause: Cause): void {
    const { subject } = cause;
    const happened = subject === CauseSubject.deleveraging || subject === CauseSubject.ruleTrade;
    const node = { cause, liquidation: 0, notionalQuote: 0, side: 0, happened };
    this.nodes.push(node);
    this.ofEvent.set(cause.event, node);
  }
}

function isNode(subject: number, scope: Scope): boolean {
  if (subject === CauseSubject.stop) return scope >= 2;
  return subject === CauseSubject.ruleTrade ? scope === 3 : true;
}

function emptyForest(scope: Scope, count: number): Forest {
  return {
    scope,
    count,
    timeMicros: new Float64Array(count),
    account: new Int32Array(count),
    cohort: new Int32Array(count),
    instrument: new Uint8Array(count),
    subject: new Uint8Array(count),
    liquidation: new Int32Array(count),
    event: new Float64Array(count),
    parent: new Int32Array(count),
    generation: new Int32Array(count),
    rootKind: new Uint8Array(count).fill(CauseKind.none),
    rootEvent: new Float64Array(count),
    notionalQuote: new Float64Array(count),
    side: new Int8Array(count),
    levelTicks: new Int32Array(count),
    ordinal: new Int32Array(count),
  };
}
