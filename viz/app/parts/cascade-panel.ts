/** The tree of the selected liquidation: what it goes back to, who else was pushed, what it pushed. */
import { layOutCascade } from '../../charts/index.js';
import type { TreeLayout, TreeMark } from '../../charts/index.js';
import type { CascadeNode, CascadeTree, FilmInfo } from '../../data/index.js';
import {
  amountText,
  clockText,
  eventOfOwnerWords,
  generationStep,
  groupText,
  percentText,
} from '../../data/index.js';
import { element, svgElement } from '../dom.js';

/** What the tree can ask for. */
export interface CascadeActions {
  /** Selects a liquidation by its row. */
  select(ordinal: number): void;
  /** Shows more of what an event pushed; -1 is the root event. */
  openMore(event: number): void;
  seek(micros: number): void;
}

/** Letters that fit a pixel, for words beside marks. */
const PIXELS_PER_LETTER = 6.1;

/** Draws the tree; arrow keys walk in it, Enter selects. */
export class CascadePanel {
  readonly root: HTMLElement;
  private readonly info: FilmInfo;
  private readonly actions: CascadeActions;
  private readonly body = element('div');
  private tree: CascadeTree | null = null;
  private layout: TreeLayout | null = null;
  private items: SVGGElement[] = [];
  private width = 0;
  /** Which of the forms of a label fits all marks of a level. */
  private forms = new Map<number, number>();

  constructor(info: FilmInfo, actions: CascadeActions) {
    this.info = info;
    this.actions = actions;
    this.root = element(
      'section',
      { class: 'card cascade', 'aria-label': 'The cascade of the selected liquidation', hidden: true },
      element('h2', {}, 'Who pushed whom'),
      this.body,
    );
    this.root.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => {
      if (this.tree && Math.abs(this.body.clientWidth - this.width) > 1) this.draw();
    }).observe(this.body);
  }

  /** Shows a tree; null hides the panel. */
  show(tree: CascadeTree | null): void {
    if (tree === this.tree) return;
    this.tree = tree;
    this.root.hidden = tree === null;
    if (tree) this.draw();
  }

  private draw(): void {
    const tree = this.tree as CascadeTree;
    const hadFocus = this.root.contains(document.activeElement);
    this.width = Math.max(220, this.body.clientWidth || 304);
    const words = element('p', { class: 'cascade-words' }, cascadeWords(tree, this.info));
    this.root.dataset.nodes = String(tree.summary.nodes);
    this.root.dataset.generations = String(tree.summary.generations);
    if (tree.summary.nodes === 1) {
      this.layout = null;
      this.items = [];
      this.body.replaceChildren(words);
      return;
    }
    this.layout = layOutCascade(tree, this.width);
    const { marks } = this.layout;
    this.forms = formsByLevel(marks);
    this.items = marks.map((mark, i) => this.item(mark, i));
    const svg = svgElement(
      'svg',
      {
        role: 'tree',
        'aria-label': 'Cascade tree; arrow keys walk in it, Enter selects',
        width: this.layout.width,
        height: this.layout.height,
      },
      ...this.headings(this.layout),
      ...this.links(this.layout),
      ...this.items,
    );
    this.body.replaceChildren(words, element('div', { class: 'cascade-scroll' }, svg));
    this.root.dataset.marks = String(marks.length);
    const at = Math.max(0, marks.findIndex((mark) => mark.branch?.isSelected));
    this.makeStop(at);
    const scroll = svg.parentElement as HTMLElement;
    scroll.scrollTop = marks[at].y - scroll.clientHeight / 2;
    if (hadFocus) this.items[at].focus({ preventScroll: true });
  }

  /** Leaves one of the marks in the order of Tab. */
  private makeStop(at: number): void {
    for (const [i, item] of this.items.entries()) item.setAttribute('tabindex', i === at ? '0' : '-1');
  }

  private headings({ columns }: TreeLayout): SVGElement[] {
    return columns.map(({ x, generation }, i) => {
      const name = `generation ${groupText(generation)}`;
      const text = columns.length === 1 || (i === 0 && columns.length < 3) ? name : `gen ${generation}`;
      return svgElement('text', { x: x - 5, y: 12, class: 'cascade-heading', 'aria-hidden': 'true' }, text);
    });
  }

  private links({ marks, links }: TreeLayout): SVGElement[] {
    return links.map(({ from, to, width, isOnPath }) => {
      const a = marks[from];
      const b = marks[to];
      const middle = (a.x + b.x) / 2;
      return svgElement('path', {
        d: `M${a.x} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${b.x} ${b.y}`,
        class: `cascade-link${isOnPath ? ' on-path' : ''}`,
        'stroke-width': width.toFixed(2),
        'aria-hidden': 'true',
      });
    });
  }

  private item(mark: TreeMark, place: number): SVGGElement {
    const { x, y } = mark;
    const node = mark.branch?.node ?? null;
    const item = svgElement(
      'g',
      {
        role: 'treeitem',
        class: `cascade-item ${mark.kind}${mark.branch?.isSelected ? ' selected' : ''}`,
        'aria-level': mark.level,
        'aria-selected': mark.branch?.isSelected ? 'true' : 'false',
        'aria-label': this.sentence(mark),
        'data-liquidation': node && node.liquidation > 0 ? node.liquidation : undefined,
      },
      svgElement('title', {}, this.sentence(mark)),
      svgElement('rect', { x: x - 12, y: y - 12, width: mark.room + 24, height: 24, class: 'hit' }),
      ...shapeOf(mark),
    );
    const label = this.label(mark, this.forms.get(mark.level) ?? 0);
    if (label) {
      item.append(svgElement('text', { x: x + mark.radius + 5, y: y + 4 }, label));
    }
    item.addEventListener('click', () => this.activate(place));
    return item;
  }

  private label(mark: TreeMark, form: number): string {
    if (mark.parent < 0) return '';
    const node = mark.branch?.node;
    if (!node) return `and ${groupText(mark.count)} more`;
    return labelForms(node, mark.branch?.folded ?? 0)[form];
  }

  private sentence(mark: TreeMark): string {
    const tree = this.tree as CascadeTree;
    const node = mark.branch?.node;
    if (mark.kind === 'root' || mark.kind === 'above') {
      const at = clockText(tree.summary.fromMicros, this.info.startEpochMs);
      const between = mark.count === 1 ? 'one generation' : `${groupText(mark.count)} generations`;
      const left = mark.kind === 'above' ? `; ${between} between, not shown` : '';
      return `The root: ${eventOfOwnerWords(tree.summary.root)} at ${at}${left}`;
    }
    if (mark.kind === 'more' || !node) {
      return `${groupText(mark.count)} more, not shown one by one; Enter shows them`;
    }
    return nodeSentence(node);
  }

  private activate(place: number): void {
    const mark = this.layout?.marks[place];
    if (!mark || !this.tree) return;
    if (mark.parent < 0) this.actions.seek(this.tree.summary.fromMicros);
    if (mark.kind === 'more') this.actions.openMore(mark.parentEvent);
    const node = mark.branch?.node;
    if (node?.isLiquidation) this.actions.select(node.row);
  }

  private key(event: KeyboardEvent): void {
    const marks = this.layout?.marks;
    const at = this.items.findIndex((item) => item === document.activeElement);
    if (!marks || at < 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    let to = -1;
    if (event.key === 'ArrowDown') to = Math.min(at + 1, marks.length - 1);
    else if (event.key === 'ArrowUp') to = Math.max(at - 1, 0);
    else if (event.key === 'ArrowLeft') to = Math.max(marks[at].parent, 0);
    else if (event.key === 'ArrowRight') {
      to = marks[at + 1]?.parent === at ? at + 1 : at;
    } else if (event.key === 'Enter' || event.key === ' ') this.activate(at);
    else return;
    // The same keys move the clock elsewhere.
    event.preventDefault();
    event.stopPropagation();
    if (to < 0) return;
    this.makeStop(to);
    this.items[to].focus();
  }
}

/** From the longest to the shortest. */
function labelForms(node: CascadeNode, folded: number): [string, string, string] {
  const number = node.liquidation > 0 ? `#${groupText(node.liquidation)}` : 'ADL';
  const short = folded > 0 ? `${number} +${groupText(folded)}` : number;
  const arrow = node.side === 'long' ? '\u25bc' : '\u25b2';
  const amount = `${short} ${arrow} $${amountText(node.notionalQuote)}`;
  return [`${amount} ${node.cohort || 'outside'}`, amount, short];
}

function formsByLevel(marks: readonly TreeMark[]): Map<number, number> {
  const forms = new Map<number, number>();
  for (const { branch, level, room } of marks) {
    if (!branch) continue;
    const all = labelForms(branch.node, branch.folded);
    const fits = all.findIndex((text) => text.length * PIXELS_PER_LETTER <= room);
    forms.set(level, Math.max(forms.get(level) ?? 0, fits < 0 ? 2 : fits));
  }
  return forms;
}

/** A disc in the colour of its generation, a triangle for a deleveraging, a diamond for the root. */
function shapeOf(mark: TreeMark): SVGElement[] {
  const { x, y, radius, kind } = mark;
  const node = mark.branch?.node;
  if (kind === 'root' || kind === 'above') {
    const root = svgElement('path', { d: `M${x} ${y - 7}l7 7l-7 7l-7 -7z`, class: 'cascade-root' });
    return kind === 'root' ? [root] : [root, ...dots(x + 16, y)];
  }
  if (kind !== 'node' || !node) {
    return dots(x, y);
  }
  if (!node.isLiquidation) {
    return [svgElement('path', { d: `M${x} ${y - 5}l5 9h-10z`, class: 'cascade-deleveraging' })];
  }
  const name = `legend-generation-${generationStep(node.generation) + 1}`;
  const shapes: SVGElement[] = [svgElement('circle', { cx: x, cy: y, r: radius, class: name })];
  if (mark.branch?.isSelected) {
    shapes.push(svgElement('circle', { cx: x, cy: y, r: radius + 3, class: 'cascade-selection' }));
  }
  return shapes;
}

function dots(x: number, y: number): SVGElement[] {
  return [-4, 0, 4].map((dx) =>
    svgElement('circle', { cx: x + dx, cy: y, r: 1.7, class: 'cascade-dot' }),
  );
}

function nodeSentence(node: CascadeNode): string {
  const what = node.isLiquidation
    ? `Liquidation #${groupText(node.liquidation)}`
    : 'Auto-deleveraging';
  const whose = `trader ${groupText(node.account)}${node.cohort ? ` of ${node.cohort}` : ''}`;
  const did = node.side === 'long' ? 'sold' : 'bought back';
  const pushed =
    node.nodes > 1 ? `; it pushed ${groupText(node.nodes - 1)} more` : '; it pushed nobody';
  const part = percentText(node.weight, 0).replace('+', '');
  return (
    `${what}, generation ${groupText(node.generation)}: ${whose}, $${amountText(node.notionalQuote)} ` +
    `${did}; its parent did ${part} of the push${pushed}`
  );
}

/** The tree in words, also where there is little to draw. */
export function cascadeWords(tree: CascadeTree, info: FilmInfo): string {
  const { root, fromMicros, nodes, roots, generations, notionalQuote } = tree.summary;
  const at = clockText(fromMicros, info.startEpochMs);
  const what = eventOfOwnerWords({ ...root, liquidation: 0 });
  const start = `${what[0].toUpperCase()}${what.slice(1)} at ${at}`;
  if (nodes === 1) return `${start} tipped this trader alone, and nobody else was pushed.`;
  const traders = roots === 1 ? 'one trader' : `${groupText(roots)} traders at once`;
  const amount = `$${amountText(notionalQuote)} in all`;
  if (generations === 1) return `${start} reached ${traders}; nobody else was pushed. ${amount}.`;
  const more = nodes - roots;
  return (
    `${start} reached ${traders}; ${roots === 1 ? 'its' : 'their'} forced trades pushed ` +
    `${groupText(more)} more, over ${groupText(generations)} generations. ${amount}.`
  );
}
