/**
 * The causal forest in a replay: what a page needs to walk from a liquidation to its cause, to what it
 * pushed and to the whole tree, without reading more than the chunks it walks through.
 *
 * Nodes are liquidations and deleveragings (scope L1). A node's children stand in the chunk of its first
 * row, those of an event that is no node in the chunk of the tree's first liquidation.
 */
import { type Cause, CauseJoin } from './cause-join.js';
import { CauseKind, CauseSubject, GENERATION_MAX } from './cause-kind.js';
import { EventKind } from './event-kind.js';
import type { EventReader } from './event-reader.js';
import { type ReplaySpan, spanAtRow } from './replay-span.js';
import { type Table, tableOf } from './table-block.js';

/** Owners of a cause that a replay names, the heaviest first; the parent is named besides. */
const sharesMax = 4;
/** Trees in the head's table, the largest first chosen. */
const headTreesMax = 512;

/** Columns that the tables `liquidations` and `deleverages` have for the cause of a row. */
export const causeColumns = {
  /** Event number of the row's own node; children name it. */
  event: 'f64',
  /** Event number of the parent, -1 for none; its kind (`CauseKind`), account, liquidation id or 0. */
  parentEvent: 'f64',
  parentKind: 'u8',
  parentAccount: 'i32',
  parentLiquidation: 'i32',
  /** First row of the parent among `liquidations`, or `deleverages` if its kind says so; -1 for none. */
  parentRow: 'i32',
  /** The parent's part of the cause, 0 to 1. */
  parentWeight: 'f32',
  /** 1 for a root; 0 where the log tells no causes: then the other columns say nothing. */
  generation: 'i32',
  /** The event that the tree goes back to: `CauseKind`, event number. */
  rootKind: 'u8',
  rootEvent: 'f64',
  /** First liquidation row of the tree. */
  treeRow: 'i32',
  levelTicks: 'i32',
} as const;

const withoutCause: readonly number[] = Object.keys(causeColumns).map(() => 0);

/** A forced trade of the forest. */
interface Node {
  cause: Cause;
  liquidation: number;
  /** Its first row in its table. */
  row: number;
  parent: Node | null;
  parentWeight: number;
  generation: number;
  tree: Tree;
  /** + a long that was sold, - a short that was bought. */
  signedNotionalQuote: number;
  /** Nodes of its subtree, itself included. */
  nodes: number;
}

interface Tree {
  rootKind: number;
  rootAccount: number;
  rootEvent: number;
  fromMicros: number;
  firstRow: number;
  nodes: number;
  roots: number;
  liquidations: number;
  generations: number;
  notionalQuote: number;
}

/** Collects the forest while a log's rows are read in order. */
export class CauseCollector {
  private readonly join = new CauseJoin();
  private readonly nodes: Node[] = [];
  private readonly ofEvent = new Map<number, Node>();
  private readonly trees: Tree[] = [];
  private readonly treeOfRoot = new Map<number, Tree>();
  private isForced = false;

  /** Takes a cause or share row; those of stops and of rules' trades are passed over. */
  take(r: EventReader): void {
    if (r.kind === EventKind.cause) {
      const subject = r.other & 15;
      this.isForced =
        subject === CauseSubject.liquidation || subject === CauseSubject.deleveraging;
    }
    if (this.isForced) this.join.take(r);
  }

  /**
   * Returns the `causeColumns` of a liquidation or deleveraging that becomes row `row` of its table.
   *
   * @param signedNotionalQuote + for a long that is sold, - for a short that is bought
   */
  columns(r: EventReader, row: number, signedNotionalQuote: number): readonly number[] {
    const cause = this.join.take(r);
    if (cause === null) return withoutCause;
    let node = this.ofEvent.get(cause.event);
    if (node === undefined) {
      node = this.add(cause, r.kind === EventKind.liquidation ? r.cause : 0, row);
    }
    node.signedNotionalQuote += signedNotionalQuote;
    node.tree.notionalQuote += Math.abs(signedNotionalQuote);
    const { parent, tree } = node;
    return [
      cause.event,
      cause.parent,
      cause.parentKind,
      cause.parentAccount,
      cause.parentLiquidation,
      parent === null ? -1 : parent.row,
      node.parentWeight,
      node.generation,
      tree.rootKind,
      tree.rootEvent,
      tree.firstRow,
      cause.levelTicks,
    ];
  }

  /** Returns for each chunk its tables `shares`, `children` and `trees`. */
  tables(spans: readonly ReplaySpan[]): Table[][] {
    const cells = spans.map((): Cell => ({ subjects: [], children: [], trees: [] }));
    for (let i = this.nodes.length - 1; i >= 0; i -= 1) {
      const { parent, nodes } = this.nodes[i];
      if (parent !== null) parent.nodes += nodes;
    }
    for (const node of this.nodes) {
      const { parent, tree } = node;
      if (node.liquidation > 0) cells[homeOf(node, spans)].subjects.push(node);
      if (parent !== null) cells[homeOf(parent, spans)].children.push(node);
      else if (tree.nodes > 1 && tree.firstRow >= 0) {
        cells[spanAtRow(spans, 'liquidations', tree.firstRow)].children.push(node);
      }
    }
    for (const tree of this.trees) {
      if (tree.nodes < 2 || tree.firstRow < 0) continue;
      cells[spanAtRow(spans, 'liquidations', tree.firstRow)].trees.push(tree);
    }
    return cells.map((cell) => [
      sharesTable(cell.subjects),
      childrenTable(cell.children),
      treesTable('trees', cell.trees),
    ]);
  }

  /** Returns the head's table `cascades`: the largest trees of two nodes or more, in order of time. */
  cascades(): Table {
    const largest = this.trees
      .filter((tree) => tree.nodes > 1 && tree.firstRow >= 0)
      .sort((a, b) => b.nodes - a.nodes || b.notionalQuote - a.notionalQuote || a.firstRow - b.firstRow)
      .slice(0, headTreesMax);
    return treesTable('cascades', largest.sort((a, b) => a.firstRow - b.firstRow));
  }

  private add(cause: Cause, liquidation: number, row: number): Node {
    const parent = this.ofEvent.get(cause.parent) ?? null;
    const tree = parent?.tree ?? this.treeOf(cause);
    const owner = cause.shares.find(({ event }) => event >= 0 && event === cause.parent);
    const node: Node = {
      cause,
      liquidation,
      row,
      parent,
      parentWeight: owner?.weight ?? 0,
      generation: parent === null ? 1 : Math.min(GENERATION_MAX, parent.generation + 1),
      tree,
      signedNotionalQuote: 0,
      nodes: 1,
    };
    tree.nodes += 1;
    if (parent === null) tree.roots += 1;
    if (liquidation > 0) {
      tree.liquidations += 1;
      if (tree.firstRow < 0) tree.firstRow = row;
    }
    tree.generations = Math.max(tree.generations, node.generation);
    this.nodes.push(node);
    this.ofEvent.set(cause.event, node);
    return node;
  }

  private treeOf(cause: Cause): Tree {
    // Where the root is not known, each node without a parent has a tree of its own.
    const known = cause.parent < 0 ? undefined : this.treeOfRoot.get(cause.parent);
    if (known !== undefined) return known;
    const tree: Tree = {
      rootKind: cause.parentKind,
      rootAccount: cause.parentAccount,
      rootEvent: cause.parent,
      fromMicros: cause.timeMicros,
      firstRow: -1,
      nodes: 0,
      roots: 0,
      liquidations: 0,
      generations: 0,
      notionalQuote: 0,
    };
    this.trees.push(tree);
    this.treeOfRoot.set(cause.parent, tree);
    return tree;
  }
}

/** What belongs into one chunk. */
interface Cell {
  subjects: Node[];
  children: Node[];
  trees: Tree[];
}

function homeOf(node: Node, spans: readonly ReplaySpan[]): number {
  return spanAtRow(spans, node.liquidation > 0 ? 'liquidations' : 'deleverages', node.row);
}

/** Owners of the causes of a chunk's liquidations; what is left to 1 is not told one by one. */
function sharesTable(subjects: readonly Node[]): Table {
  const rows = subjects.flatMap((node) =>
    ownersOf(node.cause).map((owner) => ({ ...owner, subject: node.liquidation })),
  );
  return tableOf('shares', rows.length, [
    ['liquidation', Int32Array.from(rows, (row) => row.subject)],
    ['kind', Uint8Array.from(rows, (row) => row.kind)],
    ['account', Int32Array.from(rows, (row) => row.account)],
    ['ownerLiquidation', Int32Array.from(rows, (row) => row.liquidation)],
    ['weight', Float32Array.from(rows, (row) => row.weight)],
  ]);
}

interface Owner {
  kind: number;
  account: number;
  liquidation: number;
  weight: number;
}

/** The parent and the heaviest owners: events of one kind, account and liquidation are one owner. */
function ownersOf(cause: Cause): Owner[] {
  const owners = new Map<string, Owner>();
  let ofParent = '';
  for (const { event, kind, account, liquidation, weight } of cause.shares) {
    if (kind === CauseKind.none) continue;
    const key = `${kind} ${account} ${liquidation}`;
    if (event >= 0 && event === cause.parent) ofParent = key;
    const known = owners.get(key);
    if (known === undefined) owners.set(key, { kind, account, liquidation, weight });
    else known.weight += weight;
  }
  const ordered = [...owners].sort((a, b) => b[1].weight - a[1].weight);
  return ordered
    .filter(([key], place) => place < sharesMax || key === ofParent)
    .map(([, owner]) => owner);
}

/** Event number by which a table of children names the unknown root of a tree. */
export function unknownRootKey(treeRow: number): number {
  return -2 - treeRow;
}

function parentKeyOf(node: Node): number {
  const { parent } = node.cause;
  return parent >= 0 ? parent : unknownRootKey(node.tree.firstRow);
}

/** Children by their parent's event number, then in the order in which they came to be. */
function childrenTable(children: readonly Node[]): Table {
  const rows = [...children].sort(
    (a, b) => parentKeyOf(a) - parentKeyOf(b) || a.cause.event - b.cause.event,
  );
  const f64 = (value: (node: Node) => number) => Float64Array.from(rows, value);
  const i32 = (value: (node: Node) => number) => Int32Array.from(rows, value);
  return tableOf('children', rows.length, [
    ['parentEvent', f64(parentKeyOf)],
    ['event', f64((node) => node.cause.event)],
    ['subject', Uint8Array.from(rows, (node) => node.cause.subject)],
    ['row', i32((node) => node.row)],
    ['liquidation', i32((node) => node.liquidation)],
    ['account', i32((node) => node.cause.account)],
    ['weight', Float32Array.from(rows, (node) => node.parentWeight)],
    ['signedNotionalQuote', Float32Array.from(rows, (node) => node.signedNotionalQuote)],
    ['nodes', i32((node) => node.nodes)],
  ]);
}

function treesTable(name: string, trees: readonly Tree[]): Table {
  const i32 = (value: (tree: Tree) => number) => Int32Array.from(trees, value);
  return tableOf(name, trees.length, [
    ['fromMicros', Float64Array.from(trees, (tree) => tree.fromMicros)],
    ['rootEvent', Float64Array.from(trees, (tree) => tree.rootEvent)],
    ['rootKind', Uint8Array.from(trees, (tree) => tree.rootKind)],
    ['rootAccount', i32((tree) => tree.rootAccount)],
    ['firstRow', i32((tree) => tree.firstRow)],
    ['nodes', i32((tree) => tree.nodes)],
    ['roots', i32((tree) => tree.roots)],
    ['liquidations', i32((tree) => tree.liquidations)],
    ['generations', i32((tree) => tree.generations)],
    ['notionalQuote', Float64Array.from(trees, (tree) => tree.notionalQuote)],
  ]);
}
