/** Walking along the forest of a film: causes, effects, trees, and how a tree is laid out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutCascade } from '../../viz/charts/index.js';
import { CauseKind } from '../../sim/trace/index.js';
import type { CascadeBranch, CascadeTree } from '../../viz/data/index.js';
import {
  Film,
  GENERATIONS_SHOWN,
  eventOfOwnerWords,
  eventWords,
  generationStep,
  partWords,
} from '../../viz/data/index.js';
import type { MadeUpNode } from '../support/made-up-forest.js';
import { NODE_MICROS, madeUpFilm } from '../support/made-up-forest.js';
import { syntheticReplay } from '../support/synthetic-run.js';

const WIDTH = 304;
const none: ReadonlySet<number> = new Set();

async function open(nodes: readonly MadeUpNode[], samplesPerChunk?: number) {
  const { bytes, placed } = madeUpFilm(nodes, samplesPerChunk);
  let requests = 0;
  const film = await Film.open(async (offset, length) => {
    requests += 1;
    return bytes.slice(offset, offset + length);
  });
  return { film, placed, requests: () => requests };
}

function childrenOf(nodes: readonly MadeUpNode[], place: number): number[] {
  return nodes.flatMap((node, i) => (node.parent === place ? [i] : []));
}

/** Nodes below each, itself included. */
function subtrees(nodes: readonly MadeUpNode[]): number[] {
  const sizes = nodes.map(() => 1);
  for (let i = nodes.length - 1; i >= 0; i -= 1) {
    if (nodes[i].parent >= 0) sizes[nodes[i].parent] += sizes[i];
  }
  return sizes;
}

function eachBranch(tree: CascadeTree, visit: (branch: CascadeBranch) => void): void {
  const walk = (branches: readonly CascadeBranch[]) => {
    for (const branch of branches) {
      visit(branch);
      walk(branch.children);
    }
  };
  walk(tree.branches);
}

async function treeOf(film: Film, row: number, opened = none): Promise<CascadeTree> {
  const tree = await film.cascades.tree(row, opened);
  if (!tree) throw new Error('no tree');
  return tree;
}

/** A forest as drawn: each node hangs on an earlier one or on one of three root events. */
const forests = fc
  .array(fc.record({ up: fc.nat(), isDeleveraging: fc.integer({ min: 0, max: 6 }), root: fc.nat(5) }), {
    minLength: 1,
    maxLength: 90,
  })
  .map((drawn) =>
    drawn.map(({ up, isDeleveraging, root }, i): MadeUpNode => {
      const hangs = i > 0 && root > 0;
      return {
        parent: hangs ? up % i : -1 - (up % 3),
        // A tree begins with a liquidation.
        isDeleveraging: hangs && isDeleveraging === 0,
      };
    }),
  );

describe('a walk along a forest', () => {
  it('finds causes and effects as they were', async () => {
    await fc.assert(
      fc.asyncProperty(forests, async (nodes) => {
        const { film, placed } = await open(nodes);
        for (let i = 0; i < nodes.length; i += 1) {
          if (nodes[i].isDeleveraging) continue;
          const { row, liquidation, generation } = placed[i];
          expect(await film.cascades.rowOfLiquidation(liquidation)).toBe(row);
          let up = nodes[i].parent;
          while (up >= 0 && nodes[up].isDeleveraging) up = nodes[up].parent;
          expect(await film.cascades.cause(row)).toBe(up >= 0 ? placed[up].row : -1);
          const effects = await film.cascades.effects(row);
          const children = childrenOf(nodes, i);
          expect(effects.map((node) => node.event)).toEqual(children.map((k) => placed[k].event));
          const one = await film.liquidation(row);
          expect(one?.cause).toMatchObject({
            generation,
            hasParent: nodes[i].parent >= 0,
            levelPrice: 9_990 * 0.5,
          });
          const told = one?.cause?.parts.reduce((sum, part) => sum + part.weight, 0) ?? 0;
          expect(told + (one?.cause?.untold ?? 0)).toBeCloseTo(1, 6);
        }
        expect(await film.cascades.rowOfLiquidation(0)).toBe(-1);
        expect(await film.cascades.rowOfLiquidation(nodes.length + 1)).toBe(-1);
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  it('shows of a tree the path, and counts what it leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(forests, fc.nat(), async (nodes, pick) => {
        const { film, placed } = await open(nodes);
        const liquidations = nodes.flatMap((node, i) => (node.isDeleveraging ? [] : [i]));
        const chosen = liquidations[pick % liquidations.length];
        const tree = await treeOf(film, placed[chosen].row);
        const sizes = subtrees(nodes);
        const placeOf = new Map(placed.map((node, i) => [node.event, i]));
        let selected = 0;
        eachBranch(tree, (branch) => {
          const i = placeOf.get(branch.node.event) as number;
          expect(branch.node.generation).toBe(placed[i].generation);
          expect(branch.node.nodes).toBe(sizes[i]);
          if (branch.isSelected) {
            selected += 1;
            expect(i).toBe(chosen);
          }
          const shown = branch.children.length + (branch.hidden?.count ?? 0);
          if (branch.folded > 0) {
            expect(shown).toBe(0);
            expect(branch.folded).toBe(sizes[i] - 1);
          } else expect(shown).toBe(childrenOf(nodes, i).length);
        });
        expect(selected).toBe(1);
        const layout = layOutCascade(tree, WIDTH);
        expect(layout.columns.length).toBeLessThanOrEqual(GENERATIONS_SHOWN);
        expectTidy(layout);
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

function expectTidy(layout: ReturnType<typeof layOutCascade>): void {
  const { marks, links, width, height } = layout;
  expect(links.length).toBe(marks.length - 1);
  const columns = new Map<number, number[]>();
  marks.forEach((mark, i) => {
    expect(mark.parent).toBeLessThan(i);
    if (i > 0) expect(mark.level).toBe(marks[mark.parent].level + 1);
    expect(mark.x).toBeGreaterThan(0);
    expect(mark.x + mark.room).toBeLessThanOrEqual(width);
    expect(mark.y).toBeGreaterThan(0);
    expect(mark.y).toBeLessThan(height);
    columns.set(mark.x, [...(columns.get(mark.x) ?? []), mark.y]);
  });
  for (const rows of columns.values()) {
    const sorted = rows.sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i += 1) {
      expect(sorted[i] - sorted[i - 1]).toBeGreaterThan(23.9);
    }
  }
}

describe('a large tree', () => {
  // 3,000 of one root event; the fifth pushed 400, one of which began a chain of 60.
  const nodes: MadeUpNode[] = Array.from({ length: 3000 }, () => ({ parent: -1 }));
  for (let i = 0; i < 400; i += 1) nodes.push({ parent: 4 });
  for (let i = 0; i < 60; i += 1) nodes.push({ parent: nodes.length - (i === 0 ? 400 : 1) });
  const last = nodes.length - 1;

  it('stays small on screen and cheap to read', async () => {
    const { film, placed, requests } = await open(nodes, 64);
    const head = requests();
    const tree = await treeOf(film, placed[4].row);
    expect(tree.summary).toMatchObject({ nodes: 3460, roots: 3000, generations: 62 });
    expect(tree.branches.length).toBe(8);
    expect(tree.hidden?.count).toBe(2992);
    const fifth = tree.branches.find((branch) => branch.isSelected);
    expect(fifth?.node.liquidation).toBe(5);
    expect(fifth?.hidden?.count).toBe(392);
    const { marks } = layOutCascade(tree, WIDTH);
    expect(marks.length).toBeLessThan(40);
    // The root's children and the fifth's stand in the chunk of the first liquidation.
    expect(requests() - head).toBe(1);
  });

  it('shows the selected one among thousands, however small', async () => {
    const { film, placed } = await open(nodes, 64);
    const tree = await treeOf(film, placed[1234].row);
    const selected = tree.branches.filter((branch) => branch.isSelected);
    expect(selected.map((branch) => branch.node.liquidation)).toEqual([1235]);
    expect(tree.branches.some((branch) => branch.node.liquidation === 5)).toBe(true);
  });

  it('shows more of what is asked for, never all', async () => {
    const { film, placed } = await open(nodes, 64);
    const tree = await treeOf(film, placed[4].row, new Set([-1, placed[4].event]));
    const { marks } = layOutCascade(tree, WIDTH);
    expect(marks.length).toBeGreaterThan(250);
    expect(marks.length).toBeLessThan(400);
    expect(tree.hidden?.count).toBe(2850);
    expectTidy(layOutCascade(tree, WIDTH));
  });

  it('follows a chain from its end and says how much lies before', async () => {
    const { film, placed } = await open(nodes, 64);
    const tree = await treeOf(film, placed[last].row);
    expect(tree.generationsAbove).toBe(59);
    const { marks, columns } = layOutCascade(tree, WIDTH);
    expect(marks.map((mark) => mark.kind)).toEqual(['above', 'node', 'node', 'node']);
    expect(marks[0].count).toBe(59);
    expect(columns.map((column) => column.generation)).toEqual([60, 61, 62]);
    let row = placed[last].row;
    let steps = 0;
    for (; row >= 0; steps += 1) row = await film.cascades.cause(row);
    expect(steps).toBe(62);
  });
});

it('names the parent even when its part is small', async () => {
  const others = [0.2, 0.15, 0.14, 0.13, 0.12];
  const { film, placed } = await open([{ parent: -1 }, { parent: 0, weight: 0.05, others }]);
  const cause = (await film.liquidation(placed[1].row))?.cause;
  expect(cause?.parts.map((part) => part.weight)).toEqual(
    [...others.slice(0, 4), 0.05].map(Math.fround),
  );
  expect(cause?.parts[4]).toMatchObject({ kind: CauseKind.liquidation, liquidation: 1 });
  expect(cause?.untold).toBeCloseTo(0.33, 6);
  expect(cause?.parent.weight).toBe(Math.fround(0.05));
});

describe('generations in a view', () => {
  it('colours by the largest and says where several are merged', async () => {
    const { film } = await open([
      { parent: -1, notionalQuote: 100 },
      { parent: 0, notionalQuote: 900, isShort: true },
      { parent: 1, notionalQuote: 50 },
      { parent: 2, notionalQuote: 70 },
      { parent: 3, notionalQuote: 80 },
    ]);
    await film.ensure(0, 8 * NODE_MICROS, () => {});
    const prices = { priceTop: 6000, priceBottom: 4000, yTop: 0, yBottom: 200 };
    const wide = { fromMicros: 0, toMicros: 8 * NODE_MICROS, pixels: 800 };
    const apart = film.bubbles(wide, prices);
    expect(apart.map((bubble) => [bubble.generation, bubble.isMixed])).toEqual(
      [1, 2, 3, 4, 5].map((generation) => [generation, false]),
    );
    const together = film.bubbles({ ...wide, pixels: 2 }, prices);
    expect(together.length).toBe(1);
    expect(together[0]).toMatchObject({ generation: 2, isMixed: true, count: 5 });
    const bars = film.bars({ ...wide, pixels: 10 });
    const sums = (columns: Float64Array[]) => columns.map((one) => one.reduce((a, b) => a + b, 0));
    expect(sums(bars.longsByGeneration)).toEqual([100, 0, 50, 150]);
    expect(sums(bars.shortsByGeneration)).toEqual([0, 900, 0, 0]);
    expect(sums([bars.longsQuote, bars.shortsQuote])).toEqual([300, 900]);
    expect([0, 1, 2, 3, 4, 5, 99].map(generationStep)).toEqual([0, 0, 1, 2, 3, 3, 3]);
  });

  it('steps from cascade to cascade', async () => {
    const { film } = await open([-1, 0, -2, 2, -3].map((parent) => ({ parent })));
    const { cascades } = film;
    expect([-0.5, 0, 1, 2, 4].map((row) => cascades.startBeside(row, 1))).toEqual([0, 2, 2, -1, -1]);
    expect([0, 1, 2, 3, 4.5].map((row) => cascades.startBeside(row, -1))).toEqual([-1, 0, 0, 2, 2]);
  });
});

describe('films without causes', () => {
  it('open as before and say so', async () => {
    const bytes = syntheticReplay();
    const film = await Film.open(async (offset, length) => bytes.slice(offset, offset + length));
    expect(film.info.tellsCauses).toBe(false);
    expect((await film.liquidation(3))?.cause).toBe(null);
    expect(await film.cascades.tree(3, none)).toBe(null);
    expect(await film.cascades.cause(3)).toBe(-1);
    expect(await film.cascades.effects(3)).toEqual([]);
    expect(film.cascades.startBeside(3, 1)).toBe(-1);
  });
});

describe('causes in words', () => {
  it('name what it was and whose', () => {
    const index = { kind: CauseKind.index, account: -1, cohort: '', liquidation: 0 };
    expect(eventOfOwnerWords(index)).toBe('an index update');
    expect(partWords(index)).toBe('index updates');
    const forced = { kind: CauseKind.liquidation, account: 1204, cohort: 'grids', liquidation: 4120 };
    expect(eventWords(forced)).toBe('liquidation #4,120');
    expect(partWords(forced)).toBe('liquidation #4,120, trader 1,204 of grids');
    const rule = { kind: CauseKind.rule, account: 7, cohort: '', liquidation: 0 };
    expect(eventOfOwnerWords(rule)).toBe('a sizing rule\u2019s trade (outside the population)');
    for (const kind of Object.values(CauseKind)) {
      expect(eventOfOwnerWords({ ...index, kind }).length, String(kind)).toBeGreaterThan(5);
      expect(partWords({ ...index, kind }).length, String(kind)).toBeGreaterThan(3);
    }
  });
});
