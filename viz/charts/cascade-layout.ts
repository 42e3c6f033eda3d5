/** Where the parts of a cascade tree lie: a column for each generation, children beside their parent. */
import { hierarchy, tree } from 'd3';
import type { HierarchyPointNode } from 'd3';
import type { CascadeBranch, CascadeTree } from '../data/index.js';

/** A mark of the tree. */
export interface TreeMark {
  /** `root` the event it goes back to, `above` the same with generations left out between, `more`
   * children left out. */
  kind: 'root' | 'above' | 'node' | 'more';
  branch: CascadeBranch | null;
  /** For `more`: whose children, -1 for the root event's; and how many. */
  parentEvent: number;
  count: number;
  notionalQuote: number;
  /** 1 for the first mark. */
  level: number;
  /** Place of its parent among the marks, -1 for the first. */
  parent: number;
  x: number;
  y: number;
  radius: number;
  /** Pixels for words to its right. */
  room: number;
}

/** A line from a parent to a child; `width` grows with the root of the parent's part of the
 * child's cause, as parts are often a few percent. */
export interface TreeLink {
  from: number;
  to: number;
  width: number;
  isOnPath: boolean;
}

/** Marks in reading order (a parent, then its children), and the size of it all in pixels. */
export interface TreeLayout {
  marks: TreeMark[];
  links: TreeLink[];
  columns: { x: number; generation: number }[];
  width: number;
  height: number;
}

/** Height of a row: large enough to hit. */
const ROW_PIXELS = 24;
const TOP_PIXELS = 22;
const LEFT_PIXELS = 12;
/** Words to the right of the last column; more where it is the only one. */
const LABEL_PIXELS = 96;
const LABEL_ALONE_PIXELS = 216;
const COLUMN_PIXELS = 140;
const RADIUS_MAX = 8;

interface Item {
  kind: TreeMark['kind'];
  branch: CascadeBranch | null;
  parentEvent: number;
  count: number;
  notionalQuote: number;
  children: Item[];
}

/** Lays a tree out on `width` pixels: tidy (Reingold and Tilford 1981), from left to right. */
export function layOutCascade(shown: CascadeTree, width: number): TreeLayout {
  const root = hierarchy(itemsOf(shown));
  const words = root.height === 1 ? LABEL_ALONE_PIXELS : LABEL_PIXELS;
  const step = Math.min(COLUMN_PIXELS, (width - LEFT_PIXELS - words) / root.height);
  const placed = tree<Item>()
    .nodeSize([ROW_PIXELS, step])
    .separation(() => 1)(root);
  const nodes: HierarchyPointNode<Item>[] = [];
  placed.eachBefore((node) => nodes.push(node));
  const top = Math.min(...nodes.map((node) => node.x));
  const bottom = Math.max(...nodes.map((node) => node.x));
  const largest = Math.max(...nodes.map((node) => node.data.notionalQuote));
  const places = new Map(nodes.map((node, i) => [node, i]));
  const marks = nodes.map((node): TreeMark => {
    const { kind, branch, parentEvent, count, notionalQuote } = node.data;
    const x = LEFT_PIXELS + node.depth * step;
    const radius = kind === 'node' ? nodeRadius(notionalQuote, largest) : 5;
    const isLast = node.depth === root.height;
    return {
      kind,
      branch,
      parentEvent,
      count,
      notionalQuote,
      level: node.depth + 1,
      parent: node.parent ? (places.get(node.parent) as number) : -1,
      x,
      y: TOP_PIXELS + ROW_PIXELS / 2 + node.x - top,
      radius,
      room: (isLast ? width - x : step) - radius - 8,
    };
  });
  return {
    marks,
    links: linksOf(marks),
    columns: columnsOf(shown, marks),
    width,
    height: TOP_PIXELS + bottom - top + ROW_PIXELS,
  };
}

function nodeRadius(notionalQuote: number, largest: number): number {
  return Math.max(2.5, Math.sqrt(notionalQuote / Math.max(1e-9, largest)) * RADIUS_MAX);
}

function linksOf(marks: readonly TreeMark[]): TreeLink[] {
  const links: TreeLink[] = [];
  marks.forEach((mark, to) => {
    if (mark.parent < 0) return;
    const weight = mark.branch?.node.weight ?? 0;
    links.push({
      from: mark.parent,
      to,
      width: mark.kind === 'node' ? 0.8 + 6 * Math.sqrt(weight) : 0.8,
      isOnPath: mark.branch?.onPath ?? false,
    });
  });
  return links;
}

function columnsOf(
  shown: CascadeTree,
  marks: readonly TreeMark[],
): { x: number; generation: number }[] {
  const columns = new Map<number, number>();
  for (const { kind, branch, x } of marks) {
    if (kind === 'node' && branch) columns.set(branch.node.generation, x);
  }
  return [...columns]
    .map(([generation, x]) => ({ generation, x }))
    .filter(({ generation }) => generation > shown.generationsAbove)
    .sort((a, b) => a.generation - b.generation);
}

function itemsOf(shown: CascadeTree): Item {
  const children = shown.branches.map(itemOf);
  addMore(children, shown.hidden, -1);
  const above = shown.generationsAbove;
  const plain = { branch: null, parentEvent: -1, notionalQuote: 0 };
  if (above > 0) return { ...plain, kind: 'above', count: above, children };
  return { ...plain, kind: 'root', count: shown.summary.nodes, children };
}

function itemOf(branch: CascadeBranch): Item {
  const { node } = branch;
  const children = branch.children.map(itemOf);
  addMore(children, branch.hidden, node.event);
  return {
    kind: 'node',
    branch,
    parentEvent: node.event,
    count: 1,
    notionalQuote: node.notionalQuote,
    children,
  };
}

function addMore(children: Item[], hidden: CascadeBranch['hidden'], parentEvent: number): void {
  if (!hidden) return;
  children.push({
    kind: 'more',
    branch: null,
    parentEvent,
    count: hidden.count,
    // Its words say how much it stands for; it has no area.
    notionalQuote: 0,
    children: [],
  });
}
