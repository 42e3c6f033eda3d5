/** Running counts of the forest of liquidations at scope L1, for summaries without a trace. */
import type { CauseEvent, NumberSink, NumberSource } from '../contagion/index.js';
import { generationOf } from '../trace/index.js';

/** Nodes, roots, widths and tree sizes so far. */
export class CascadeCount {
  nodes = 0;
  /** Liquidations in the largest tree. */
  largestTree = 0;
  /** Liquidations per generation; place 0 is generation 1. */
  readonly widths: number[] = [];
  private readonly sizes = new Map<number, number>();

  /** Liquidations that no other caused. */
  get roots(): number {
    return this.widths[0] ?? 0;
  }

  /** Liquidations caused by each, on average: ratio of sums; NaN without liquidations. */
  get reproductionNumber(): number {
    return (this.nodes - this.roots) / this.nodes;
  }

  /** Trees: liquidations and those they caused, by the event they go back to. */
  get episodes(): number {
    return this.sizes.size;
  }

  add(event: CauseEvent): void {
    const generation = Math.max(1, generationOf(event.generations, 1));
    this.nodes++;
    while (this.widths.length < generation) this.widths.push(0);
    this.widths[generation - 1]++;
    const size = (this.sizes.get(event.root) ?? 0) + 1;
    this.sizes.set(event.root, size);
    if (size > this.largestTree) this.largestTree = size;
  }

  reset(): void {
    this.nodes = 0;
    this.largestTree = 0;
    this.widths.length = 0;
    this.sizes.clear();
  }

  write(sink: NumberSink): void {
    sink.float(this.nodes);
    sink.float(this.largestTree);
    sink.float(this.widths.length);
    for (const width of this.widths) sink.float(width);
    sink.float(this.sizes.size);
    for (const [root, size] of this.sizes) {
      sink.float(root);
      sink.float(size);
    }
  }

  read(source: NumberSource): void {
    this.reset();
    this.nodes = source.float();
    this.largestTree = source.float();
    const widths = source.float();
    for (let i = 0; i < widths; i++) this.widths.push(source.float());
    const trees = source.float();
    for (let i = 0; i < trees; i++) {
      const root = source.float();
      this.sizes.set(root, source.float());
    }
  }
}
