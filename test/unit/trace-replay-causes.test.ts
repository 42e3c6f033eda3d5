/** The causal tables of a replay against the forest read from the log of the same run. */
import { describe, expect, it } from 'vitest';
import { type Forest, ForestReader } from '../../sim/contagion/index.js';
import { runInMemory } from '../../sim/engine/index.js';
import {
  type Cause,
  CauseJoin,
  CauseKind,
  CauseSubject,
  EventKind,
  EventLog,
  EventReader,
  ReplayBuilder,
  type ReplayHead,
  type Table,
  appendSeries,
  columnOf,
  decodeReplayChunk,
  decodeReplayHead,
  emptySeriesSample,
  replayChunkRange,
  unknownRootKey,
} from '../../sim/trace/index.js';
import { joinBytes, traceMetadata } from '../support/trace-run.js';
import { tinyWorld } from '../support/tiny-world.js';
import type { TinyOptions } from '../support/tiny-world.js';
import { metadataOf } from '../support/world-metadata.js';

type Row = Record<string, number>;

interface Read {
  head: ReplayHead;
  /** Rows of a table, with the chunk they stand in. */
  rows(table: string): Row[];
  forest: Forest;
  causes: Map<number, Cause>;
}

function read(options: TinyOptions, causality = true): Read {
  const spec = tinyWorld({ seconds: 60, ...options });
  const metadata = metadataOf(spec);
  const builder = new ReplayBuilder(metadata, { samplesPerChunk: 3 });
  const reader = new ForestReader(metadata);
  const join = new CauseJoin();
  const causes = new Map<number, Cause>();
  runInMemory(spec, {
    causality,
    onChunk: (piece) => {
      const bytes = piece.slice();
      builder.add(new EventReader(bytes));
      reader.add(new EventReader(bytes));
      const r = new EventReader(bytes);
      while (r.next()) {
        const cause = join.take(r);
        if (cause !== null && r.kind === EventKind.liquidation) causes.set(r.cause, cause);
      }
    },
  });
  const file = joinBytes(builder.finish('0'.repeat(16), true));
  const head = decodeReplayHead(file, 'r');
  const chunks = Array.from({ length: head.chunks }, (_, i) => {
    const { offset, bytes } = replayChunkRange(head, i);
    return decodeReplayChunk(file.slice(offset, offset + bytes), 'r');
  });
  const rows = (table: string) =>
    chunks.flatMap((chunk, i) => rowsOf(chunk.get(table) as Table).map((row) => ({ ...row, chunk: i })));
  return { head, rows, forest: reader.forest(1), causes };
}

function rowsOf(table: Table): Row[] {
  const names = [...table.columns.keys()];
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(names.map((name) => [name, columnOf(table, name)[row]])),
  );
}

/** Nodes below each, itself included; a parent precedes its children. */
function subtrees(forest: Forest): number[] {
  const nodes = Array.from({ length: forest.count }, () => 1);
  for (let i = forest.count - 1; i >= 0; i -= 1) {
    if (forest.parent[i] >= 0) nodes[forest.parent[i]] += nodes[i];
  }
  return nodes;
}

describe.each(['last', 'fair', 'medianOfThree'] as const)('a replay with mark %s', (mark) => {
  const { head, rows, forest, causes } = read({ mark, contract: 'linear' });
  const liquidations = rows('liquidations');
  const deleverages = rows('deleverages');
  const nodeOfEvent = new Map(Array.from(forest.event, (event, i) => [event, i]));

  it('tells of every row where it stands in the forest', () => {
    expect(head.chunks).toBeGreaterThan(5);
    expect(liquidations.length).toBeGreaterThan(5);
    const told = new Set<number>();
    for (const row of [...liquidations, ...deleverages]) {
      const i = nodeOfEvent.get(row.event) ?? -1;
      expect(i).toBeGreaterThanOrEqual(0);
      told.add(i);
      const up = forest.parent[i];
      expect(row).toMatchObject({
        account: forest.account[i],
        generation: forest.generation[i],
        rootKind: forest.rootKind[i],
        rootEvent: forest.rootEvent[i],
        levelTicks: forest.levelTicks[i],
        parentLiquidation: up < 0 ? 0 : forest.liquidation[up],
      });
      if (up < 0) expect(row.parentRow).toBe(-1);
      else {
        const table = forest.liquidation[up] > 0 ? liquidations : deleverages;
        expect(table[row.parentRow].event).toBe(forest.event[up]);
      }
      const start = liquidations[row.treeRow];
      expect(start.rootEvent).toBe(row.rootEvent);
      expect(liquidations.findIndex((one) => one.rootEvent === row.rootEvent)).toBe(row.treeRow);
    }
    expect(told.size).toBe(forest.count);
  });

  it('finds children in the chunk of their parent, with the size of what they pushed', () => {
    const sizes = subtrees(forest);
    const children = rows('children');
    const found = new Set<number>();
    for (const child of children) {
      const i = nodeOfEvent.get(child.event) as number;
      found.add(i);
      const up = forest.parent[i];
      expect(child.nodes).toBe(sizes[i]);
      expect(child.liquidation).toBe(forest.liquidation[i]);
      expect(Math.abs(child.signedNotionalQuote)).toBe(Math.fround(forest.notionalQuote[i]));
      expect(Math.sign(child.signedNotionalQuote)).toBe(forest.side[i]);
      const isLiquidation = child.subject === CauseSubject.liquidation;
      const own = (isLiquidation ? liquidations : deleverages)[child.row];
      expect(own.event).toBe(child.event);
      if (up >= 0) {
        expect(child.parentEvent).toBe(forest.event[up]);
        const table = forest.liquidation[up] > 0 ? liquidations : deleverages;
        expect(child.chunk).toBe(table.find((one) => one.event === forest.event[up])?.chunk);
      } else {
        const { treeRow, rootEvent } = own;
        expect(child.parentEvent).toBe(rootEvent >= 0 ? rootEvent : unknownRootKey(treeRow));
        expect(child.chunk).toBe(liquidations[treeRow].chunk);
      }
    }
    const alone = [...forest.event.keys()].filter(
      (i) => forest.parent[i] < 0 && forest.rootEvent.filter((e) => e === forest.rootEvent[i]).length === 1,
    );
    expect(found.size + alone.length).toBe(forest.count);
  });

  it('sums trees, in their chunks and in the head', () => {
    const trees = rows('trees');
    const cascades = rowsOf(head.tables.get('cascades') as Table);
    expect(trees.map(({ chunk, ...tree }) => tree)).toEqual(cascades);
    expect(trees.length).toBeGreaterThan(0);
    for (const tree of trees) {
      const of = [...forest.event.keys()].filter((i) => forest.rootEvent[i] === tree.rootEvent);
      expect(tree.nodes).toBe(of.length);
      expect(tree.roots).toBe(of.filter((i) => forest.parent[i] < 0).length);
      expect(tree.liquidations).toBe(of.filter((i) => forest.liquidation[i] > 0).length);
      expect(tree.generations).toBe(Math.max(...of.map((i) => forest.generation[i])));
      const notional = of.reduce((sum, i) => sum + forest.notionalQuote[i], 0);
      expect(tree.notionalQuote).toBeCloseTo(notional, 3);
      expect(tree.chunk).toBe(liquidations[tree.firstRow].chunk);
    }
  });

  it('names the heaviest owners and the parent', () => {
    const shares = rows('shares');
    for (const [id, cause] of causes) {
      const own = shares.filter((share) => share.liquidation === id);
      const first = liquidations.find((row) => row.id === id) as Row;
      expect(own.every((share) => share.chunk === first.chunk)).toBe(true);
      const sum = own.reduce((total, share) => total + share.weight, 0);
      expect(sum).toBeLessThanOrEqual(1 + 1e-6);
      const parent = cause.shares.find(({ event }) => event >= 0 && event === cause.parent);
      expect(first.parentWeight).toBe(Math.fround(parent?.weight ?? 0));
      if (parent) {
        expect(own.map((share) => [share.kind, share.account, share.ownerLiquidation])).toContainEqual([
          parent.kind, parent.account, parent.liquidation,
        ]);
      }
      const heaviest = cause.shares.filter((share) => share.kind !== CauseKind.none);
      for (const { weight } of heaviest) {
        const sure = own.length >= 4 ? own[3].weight : 0;
        if (weight > sure + 1e-6) expect(own.some((share) => share.weight >= weight - 1e-6)).toBe(true);
      }
    }
  });

  it('counts the liquidations that began before each chunk', () => {
    const index = rowsOf(head.tables.get('chunks') as Table);
    index.forEach((chunk, i) => {
      const before = liquidations.filter((row) => row.chunk < i).map((row) => row.id);
      expect(chunk.liquidationIdsBefore).toBe(before.length === 0 ? 0 : Math.max(...before));
    });
  });
});

it('says nothing of causes when the ledger was off', () => {
  const { head, rows } = read({ mark: 'last', contract: 'linear' }, false);
  const liquidations = rows('liquidations');
  expect(liquidations.length).toBeGreaterThan(5);
  expect(liquidations.every((row) => row.generation === 0 && row.event === 0)).toBe(true);
  expect(rows('children').length + rows('shares').length + rows('trees').length).toBe(0);
  expect(head.tables.get('cascades')?.rows).toBe(0);
});

it('keeps the ids of later steps, and counts each liquidation once', () => {
  const builder = new ReplayBuilder(traceMetadata({ samples: 9 }), { samplesPerChunk: 1 });
  const log = new EventLog((bytes) => builder.add(new EventReader(bytes.slice())));
  const ids = [1, 2, 1, 3, 2, 4];
  ids.forEach((id, i) => {
    const time = i * 1_000_000;
    appendSeries(log, time, 0, emptySeriesSample());
    log.append(EventKind.liquidation, time, id, 3, 10_000, 5, id, 1, 1, 9_900, 5);
  });
  log.flush();
  const file = joinBytes(builder.finish('0'.repeat(16), true));
  const head = decodeReplayHead(file, 'r');
  const told = Array.from({ length: head.chunks }, (_, i) => {
    const { offset, bytes } = replayChunkRange(head, i);
    const chunk = decodeReplayChunk(file.slice(offset, offset + bytes), 'r');
    return [...columnOf(chunk.get('liquidations') as Table, 'id')];
  });
  expect(told.flat()).toEqual(ids);
  const began = columnOf(head.tables.get('chunks') as Table, 'liquidationIdsBefore');
  expect([...began]).toEqual([0, 1, 2, 2, 3, 3]);
});
