/**
 * The tree that a liquidation belongs to, read along the path that is looked at: ancestors up to three
 * generations back, their other children, and what the liquidation itself pushed.
 */
import { CauseKind, CauseSubject, columnOf } from '../../sim/trace/index.js';
import type { Table } from '../../sim/trace/index.js';
import type { ChunkLoader } from './chunk-loader.js';
import { cohortName, forestPlace } from './causes.js';
import type { ForestPlace } from './causes.js';
import { firstAtOrAfter, lastAtOrBefore } from './segments.js';
import type { CascadeBranch, CascadeNode, CascadeSummary, CascadeTree } from './view-types.js';

/** Generations that are shown at once. */
export const GENERATIONS_SHOWN = 4;
/** A tree of at most so many forced trades is shown with all its branches. */
const WHOLE_NODES = 60;
/** Brothers and sisters that are shown one by one, and so many when asked for. */
const SIBLINGS = 8;
const SIBLINGS_ASKED = 150;

type Kind = 'liquidations' | 'deleverages';

/** Reads trees of a film. */
export class CascadeReader {
  private readonly loader: ChunkLoader;

  constructor(loader: ChunkLoader) {
    this.loader = loader;
  }

  /**
   * Reads the tree of liquidation row `row`; null where the film tells no causes. Loads the chunks of
   * what is shown.
   *
   * @param opened events whose children are wanted beyond the first few; the root's key is -1
   */
  async tree(row: number, opened: ReadonlySet<number>): Promise<CascadeTree | null> {
    const selected = await this.place('liquidations', row);
    if (!selected) return null;
    const summary = await this.summary(selected, row);
    const deep = summary.generations > GENERATIONS_SHOWN;
    const from = deep ? Math.max(1, selected.generation - 2) : 1;
    const path = await this.path(selected, from);
    const view: View = {
      opened,
      path: new Set(path.map((place) => place.event)),
      selected: selected.event,
      whole: summary.nodes <= WHOLE_NODES,
      last: from + GENERATIONS_SHOWN - 1,
    };
    const top = path[path.length - 1];
    const isRoot = top.parentRow < 0;
    const home = isRoot ? this.chunkOf('liquidations', top.treeRow) : this.parentChunk(top);
    const key = isRoot ? top.rootKey : top.parentEvent;
    const siblings =
      summary.nodes > 1
        ? await this.children(key, home, from)
        : [await this.alone(selected, row)];
    const { kept, hidden } = choose(siblings, view, opened.has(-1));
    return {
      summary,
      generationsAbove: from - 1,
      branches: await this.branches(kept, view),
      hidden,
    };
  }

  /** Row of the liquidation that pushed this one, passing over deleveragings; -1 for none. */
  async cause(row: number): Promise<number> {
    let place = await this.place('liquidations', row);
    while (place && place.parentRow >= 0) {
      if (place.parentKind !== CauseKind.deleveraging) return place.parentRow;
      place = await this.place('deleverages', place.parentRow);
    }
    return -1;
  }

  /** What a liquidation pushed, in the order in which it happened. */
  async effects(row: number): Promise<CascadeNode[]> {
    const place = await this.place('liquidations', row);
    if (!place) return [];
    const first = await this.firstRow(row);
    return this.children(place.event, this.chunkOf('liquidations', first), place.generation + 1);
  }

  /** First row of the liquidation that row `row` is a step of. */
  async firstRow(row: number): Promise<number> {
    const table = await this.table(this.chunkOf('liquidations', row), 'liquidations');
    const before = this.before('liquidations')[this.chunkOf('liquidations', row)];
    return table ? this.rowOfLiquidation(columnOf(table, 'id')[row - before]) : row;
  }

  /** First row of liquidation `id`, -1 when there is none. */
  async rowOfLiquidation(id: number): Promise<number> {
    const index = this.loader.head.tables.get('chunks') as Table;
    const began = columnOf(index, 'liquidationIdsBefore');
    const chunk = firstAtOrAfter(began, id) - 1;
    const table = chunk < 0 ? null : await this.table(chunk, 'liquidations');
    const found = table ? columnOf(table, 'id').indexOf(id) : -1;
    return found < 0 ? -1 : this.before('liquidations')[chunk] + found;
  }

  /** First row of the nearest large tree that begins after or before a row; -1 when there is none. */
  startBeside(row: number, direction: 1 | -1): number {
    const cascades = this.loader.head.tables.get('cascades');
    if (!cascades) return -1;
    const starts = columnOf(cascades, 'firstRow');
    const after = firstAtOrAfter(starts, direction > 0 ? row + 0.25 : row);
    return starts[direction > 0 ? after : after - 1] ?? -1;
  }

  /** Places from the row's own up to generation `from`, the own first. */
  private async path(own: ForestPlace, from: number): Promise<ForestPlace[]> {
    const path = [own];
    let place = own;
    while (place.generation > from && place.parentRow >= 0) {
      const parent = await this.place(kindOf(place.parentKind), place.parentRow);
      if (!parent) break;
      path.push(parent);
      place = parent;
    }
    return path;
  }

  private async branches(nodes: readonly CascadeNode[], view: View): Promise<CascadeBranch[]> {
    const branches: CascadeBranch[] = [];
    for (const node of nodes) {
      const onPath = view.path.has(node.event);
      const branch: CascadeBranch = {
        node,
        onPath,
        isSelected: node.event === view.selected,
        children: [],
        hidden: null,
        folded: node.nodes - 1,
      };
      branches.push(branch);
      const opens = view.whole || onPath;
      if (!opens || node.nodes < 2 || node.generation >= view.last) continue;
      const home = this.chunkOf(node.isLiquidation ? 'liquidations' : 'deleverages', node.row);
      const children = await this.children(node.event, home, node.generation + 1);
      const { kept, hidden } = choose(children, view, view.opened.has(node.event));
      branch.children = await this.branches(kept, view);
      branch.hidden = hidden;
      branch.folded = 0;
    }
    return branches;
  }

  private async children(event: number, chunk: number, generation: number): Promise<CascadeNode[]> {
    const table = await this.table(chunk, 'children');
    if (!table) return [];
    const parents = columnOf(table, 'parentEvent');
    const { metadata } = this.loader.head.header;
    const nodes: CascadeNode[] = [];
    for (let i = firstAtOrAfter(parents, event); i < table.rows && parents[i] === event; i += 1) {
      const value = (column: string) => columnOf(table, column)[i];
      const signed = value('signedNotionalQuote');
      nodes.push({
        event: value('event'),
        isLiquidation: value('subject') === CauseSubject.liquidation,
        row: value('row'),
        liquidation: value('liquidation'),
        account: value('account'),
        cohort: cohortName(metadata, value('account')),
        side: signed >= 0 ? 'long' : 'short',
        notionalQuote: Math.abs(signed),
        weight: value('weight'),
        nodes: value('nodes'),
        generation,
      });
    }
    return nodes;
  }

  /** A tree of one node has no table of children: its row tells all. */
  private async alone(place: ForestPlace, row: number): Promise<CascadeNode> {
    const chunk = this.chunkOf('liquidations', row);
    const table = (await this.table(chunk, 'liquidations')) as Table;
    const before = this.before('liquidations')[chunk];
    const value = (column: string) => columnOf(table, column)[row - before];
    return {
      event: place.event,
      isLiquidation: true,
      row: place.treeRow,
      liquidation: value('id'),
      account: value('account'),
      cohort: cohortName(this.loader.head.header.metadata, value('account')),
      side: value('sizeLots') >= 0 ? 'long' : 'short',
      notionalQuote: value('notionalQuote'),
      weight: value('parentWeight'),
      nodes: 1,
      generation: 1,
    };
  }

  private async summary(place: ForestPlace, row: number): Promise<CascadeSummary> {
    const chunk = this.chunkOf('liquidations', place.treeRow);
    const trees = await this.table(chunk, 'trees');
    const { metadata } = this.loader.head.header;
    const found = trees ? columnOf(trees, 'firstRow').indexOf(place.treeRow) : -1;
    if (trees && found >= 0) {
      const value = (column: string) => columnOf(trees, column)[found];
      return summaryOf(value, value('rootAccount'), cohortName(metadata, value('rootAccount')));
    }
    const own = this.chunkOf('liquidations', row);
    const table = (await this.table(own, 'liquidations')) as Table;
    const at = row - this.before('liquidations')[own];
    const value = (column: string) => {
      if (column === 'fromMicros') return columnOf(table, 'timeMicros')[at];
      const isCount = ['nodes', 'roots', 'liquidations', 'generations'].includes(column);
      return isCount ? 1 : columnOf(table, column)[at];
    };
    const account = value('parentAccount');
    return summaryOf(value, account, cohortName(metadata, account));
  }

  private parentChunk(place: ForestPlace): number {
    return this.chunkOf(kindOf(place.parentKind), place.parentRow);
  }

  private async place(kind: Kind, row: number): Promise<ForestPlace | null> {
    const chunk = this.chunkOf(kind, row);
    const table = await this.table(chunk, kind);
    const at = row - this.before(kind)[chunk];
    return table && at >= 0 && at < table.rows ? forestPlace(table, at) : null;
  }

  private async table(chunk: number, name: string): Promise<Table | null> {
    await this.loader.load([chunk]);
    return this.loader.loaded(chunk)?.get(name) ?? null;
  }

  private chunkOf(kind: Kind, row: number): number {
    return Math.max(0, lastAtOrBefore(this.before(kind), row));
  }

  private before(kind: Kind) {
    return columnOf(this.loader.head.tables.get('chunks') as Table, `${kind}Before`);
  }
}

/** What decides which branches are shown. */
interface View {
  opened: ReadonlySet<number>;
  path: ReadonlySet<number>;
  selected: number;
  whole: boolean;
  /** The last generation that is shown. */
  last: number;
}

function kindOf(parentKind: number): Kind {
  return parentKind === CauseKind.deleveraging ? 'deleverages' : 'liquidations';
}

function summaryOf(
  value: (column: string) => number,
  account: number,
  cohort: string,
): CascadeSummary {
  return {
    root: { kind: value('rootKind') as CauseKind, account, cohort, liquidation: 0 },
    fromMicros: value('fromMicros'),
    nodes: value('nodes'),
    roots: value('roots'),
    liquidations: value('liquidations'),
    generations: value('generations'),
    notionalQuote: value('notionalQuote'),
  };
}

/** The path, then those that pushed most, then the largest; shown in the order they happened. */
function choose(
  nodes: readonly CascadeNode[],
  view: View,
  isOpened: boolean,
): { kept: CascadeNode[]; hidden: CascadeBranch['hidden'] } {
  const most = isOpened ? SIBLINGS_ASKED : SIBLINGS;
  // Two more or fewer are no reason to fold: the line that says so is as long.
  if (nodes.length <= most + 2) return { kept: [...nodes], hidden: null };
  const rank = (node: CascadeNode) => (view.path.has(node.event) ? Infinity : node.nodes);
  const ordered = [...nodes].sort((a, b) => {
    const difference = rank(a) === rank(b) ? 0 : rank(b) - rank(a);
    return difference || b.notionalQuote - a.notionalQuote;
  });
  const kept = ordered.slice(0, most);
  const rest = ordered.slice(most);
  return {
    kept: kept.sort((a, b) => a.event - b.event),
    hidden: {
      count: rest.length,
      notionalQuote: rest.reduce((sum, node) => sum + node.notionalQuote, 0),
    },
  };
}
