/** The causal ledger: the same forest however a run is driven, and no part of its hash. */
import { describe, expect, it } from 'vitest';
import { type Forest, ForestReader } from '../../sim/contagion/index.js';
import { readSnapshot, runInMemory, WindowLoop, World, writeSnapshot } from '../../sim/engine/index.js';
import type { WorldSpec } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import {
  type Cause,
  CauseJoin,
  CauseKind,
  EventKind,
  EventLog,
  EventReader,
  causeSubjectNames,
  generationOf,
} from '../../sim/trace/index.js';
import type { Scope } from '../../sim/trace/index.js';
import { metadataOf } from '../support/world-metadata.js';
import { tinyWorld } from '../support/tiny-world.js';
import type { TinyOptions } from '../support/tiny-world.js';

const MARKS = ['last', 'fair', 'medianOfThree'] as const;

/** Rows of a run, from a snapshot cut on if one is given. */
function rowsOf(spec: WorldSpec, shards = 1, cutMicros = 0): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const log = () => new EventLog((bytes) => chunks.push(bytes.slice()));
  let world = new World(new LocalMemory(), spec, shards, log());
  world.open();
  if (cutMicros > 0) {
    new WindowLoop(world, { parallel: false, untilMicros: cutMicros }).run();
    const bytes = writeSnapshot(world);
    world.log.flush();
    world = new World(new LocalMemory(), spec, shards + 1, log());
    readSnapshot(world, bytes);
  }
  const { micros } = new WindowLoop(world, { parallel: false, check: true, checkWindows: 50 }).run();
  world.close(micros);
  return chunks;
}

function read(chunks: readonly Uint8Array[], spec: WorldSpec): ForestReader {
  const reader = new ForestReader(metadataOf(spec));
  for (const chunk of chunks) reader.add(new EventReader(chunk));
  return reader;
}

function causesOf(chunks: readonly Uint8Array[]): Cause[] {
  const join = new CauseJoin();
  const causes: Cause[] = [];
  for (const chunk of chunks) {
    const reader = new EventReader(chunk);
    while (reader.next()) {
      join.take(reader);
      if (reader.kind === EventKind.cause && join.latest !== null) causes.push(join.latest);
    }
  }
  return causes;
}

const world = (options: TinyOptions = {}) => tinyWorld({ seconds: 60, ...options });

describe.each(MARKS)('with mark %s', (mark) => {
  const spec = world({ mark, contract: mark === 'last' ? 'linear' : 'inverse' });
  const chunks = rowsOf(spec);
  const causes = causesOf(chunks);

  it('tells the cause of every subject, shares that sum to 1, and parents that come before', () => {
    const subjects = new Set<string>();
    const seen = new Set<number>();
    for (const cause of causes) {
      subjects.add(causeSubjectNames[cause.subject]);
      const sum = cause.shares.reduce((total, share) => total + share.weight, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
      for (const { weight, event } of cause.shares) {
        expect(weight).toBeGreaterThan(0);
        expect(weight).toBeLessThanOrEqual(1);
        expect(event).toBeLessThan(cause.event);
      }
      expect(cause.parent).toBeLessThan(cause.event);
      if (cause.parentKind === CauseKind.liquidation) expect(seen).toContain(cause.parent);
      seen.add(cause.event);
    }
    expect(subjects).toContain('liquidation');
    expect(subjects).toContain('rule trade');
  });

  it('gives forests whose generations are those the venue told', () => {
    const told = new Map(causes.map((cause) => [cause.event, cause.generations]));
    const reader = read(chunks, spec);
    const counts: number[] = [];
    for (const scope of [1, 2, 3] as Scope[]) {
      const forest = reader.forest(scope);
      counts.push(forest.count);
      for (let i = 0; i < forest.count; i++) {
        expect(forest.parent[i]).toBeLessThan(i);
        const packed = told.get(forest.event[i]) ?? -1;
        expect(forest.generation[i], `scope ${scope}, node ${i}`).toBe(generationOf(packed, scope));
      }
    }
    expect(counts[0]).toBeGreaterThan(5);
    expect(counts[2]).toBeGreaterThan(counts[0]);
    expect(sharesOf(reader.forest(1))).toBeLessThanOrEqual(1);
  });

  it('is the same on several shards and from a snapshot', () => {
    const wanted = read(chunks, spec).forest(3);
    expect(read(rowsOf(spec, 3), spec).forest(3)).toEqual(wanted);
    for (const cut of [20_000_000, 33_000_000, 41_000_000]) {
      expect(read(rowsOf(spec, 1, cut), spec).forest(3), `cut at ${cut}`).toEqual(wanted);
    }
  });

  it('counts online what the forest tells', () => {
    const { contagion, liquidations } = runInMemory(spec);
    const forest = read(chunks, spec).forest(1);
    const roots = forest.parent.filter((parent) => parent < 0).length;
    const liquidated = forest.liquidation.filter((id) => id > 0).length;
    expect(liquidated).toBe(liquidations.count);
    expect(contagion?.roots).toBe(roots);
    expect(contagion?.reproductionNumber).toBe((liquidated - roots) / liquidated);
    // Deleveragings are leaves of the forest and no liquidations.
    const generations = forest.generation.filter((_, i) => forest.liquidation[i] > 0);
    expect(contagion?.generations).toBe(Math.max(...generations));
  });

  it('changes no hash when it is switched off, and a snapshot without it restores with it', () => {
    const on = runInMemory(spec);
    const off = runInMemory(spec, { causality: false });
    expect(off.contagion).toBe(null);
    expect({ ...off, contagion: on.contagion }).toEqual(on);
    const half = new World(new LocalMemory(), spec, 1, new EventLog(() => {}), { causality: false });
    half.open();
    new WindowLoop(half, { parallel: false, untilMicros: 30_000_000 }).run();
    const rest = new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
    readSnapshot(rest, writeSnapshot(half));
    rest.close(new WindowLoop(rest, { parallel: false }).run().micros);
    expect(rest.stateHash()).toBe(on.hash);
  });
});

/** Part of the nodes that another caused. */
function sharesOf(forest: Forest): number {
  return forest.parent.filter((parent) => parent >= 0).length / forest.count;
}
