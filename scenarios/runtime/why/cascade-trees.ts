/** The trees of a forest of liquidations: those that go back to one event. */
import type { Forest } from '../../../sim/contagion/index.js';
import { CauseSubject } from '../../../sim/trace/index.js';

/** One tree: nodes in order of breach; more than one may have been pushed by the root event itself. */
export interface Tree {
  nodes: number[];
  liquidations: number;
}

/** Trees of a forest, the largest first, of equals the earliest. */
export class CascadeTrees {
  readonly trees: Tree[];
  private readonly forest: Forest;
  private readonly ofRoot = new Map<number, Tree>();
  private readonly children: number[][];

  constructor(forest: Forest) {
    this.forest = forest;
    this.children = Array.from({ length: forest.count }, () => []);
    for (let i = 0; i < forest.count; i++) {
      const root = forest.rootEvent[i];
      let tree = this.ofRoot.get(root);
      if (tree === undefined) {
        tree = { nodes: [], liquidations: 0 };
        this.ofRoot.set(root, tree);
      }
      tree.nodes.push(i);
      if (forest.subject[i] === CauseSubject.liquidation) tree.liquidations++;
      if (forest.parent[i] >= 0) this.children[forest.parent[i]].push(i);
    }
    // A tree of deleveragings alone has no liquidation to tell of.
    this.trees = [...this.ofRoot.values()]
      .filter((tree) => tree.liquidations > 0)
      .sort((a, b) => b.liquidations - a.liquidations);
  }

  treeOf(node: number): Tree {
    return this.ofRoot.get(this.forest.rootEvent[node]) as Tree;
  }

  childrenOf(node: number): readonly number[] {
    return this.children[node];
  }

  /** Returns the nodes from a tree's first generation down to a node, itself included. */
  pathTo(node: number): number[] {
    const path: number[] = [];
    for (let at = node; at >= 0; at = this.forest.parent[at]) path.unshift(at);
    return path;
  }

  /** Returns everything a node pushed, directly or not. O(descendants). */
  descendants(node: number): number[] {
    const found: number[] = [];
    const open = [...this.children[node]];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      found.push(one);
      open.push(...this.children[one]);
    }
    return found.sort((a, b) => a - b);
  }

  /** Returns the liquidation of the highest generation, of equals the one with most notional. */
  deepest(tree: Tree): number {
    const { generation, notionalQuote, subject } = this.forest;
    let best = -1;
    for (const node of tree.nodes) {
      if (subject[node] !== CauseSubject.liquidation) continue;
      const deeper = best < 0 || generation[node] > generation[best];
      const larger =
        !deeper &&
        generation[node] === generation[best] &&
        notionalQuote[node] > notionalQuote[best];
      if (deeper || larger) best = node;
    }
    return best;
  }
}
