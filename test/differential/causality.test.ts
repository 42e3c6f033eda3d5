/** The causal ledger against causes recomputed by their definitions from the rows of whole runs. */
import { describe, expect, test } from 'vitest';
import { runInMemory } from '../../sim/engine/index.js';
import type { WorldSpec } from '../../sim/engine/index.js';
import {
  type Cause,
  CauseJoin,
  CauseKind,
  CauseSubject,
  EventKind,
  EventReader,
} from '../../sim/trace/index.js';
import { NaiveCauses } from '../naive/causes.js';
import { tinyWorld } from '../support/tiny-world.js';
import type { TinyOptions } from '../support/tiny-world.js';

/** Longs suffer below, shorts above; told by the position when the breach is found. */
interface Breach {
  cause: Cause;
  long: boolean;
  parent: ReturnType<NaiveCauses['parentOf']>;
  shares: Map<number, number>;
}

function breachesOf(spec: WorldSpec): Breach[] {
  const { instruments } = spec.venue;
  const accounts = spec.cohorts.reduce((sum, cohort) => sum + cohort.count, 1);
  const naive = new NaiveCauses(instruments.map((one) => one.startTicks), accounts);
  const join = new CauseJoin();
  const positions = new Map<number, number>();
  const breaches: Breach[] = [];
  const shift = (account: number, lots: number): void => {
    positions.set(account, (positions.get(account) ?? 0) + lots);
  };
  runInMemory(spec, {
    onChunk: (bytes) => {
      const r = new EventReader(bytes.slice());
      while (r.next()) {
        if (r.kind === EventKind.trade) {
          shift(r.account, r.sizeLots);
          shift(r.other, -r.sizeLots);
        } else if (r.kind === EventKind.opening) shift(r.account, r.sizeLots);
        else if (r.kind === EventKind.autoDeleverage) shift(r.account, r.sizeLots);
        else if (r.kind === EventKind.takeover) shift(r.account, -r.sizeLots);
        naive.take(r);
        join.take(r);
        const { latest } = join;
        if (r.kind !== EventKind.cause || latest?.subject !== CauseSubject.liquidation) continue;
        const long = (positions.get(r.account) ?? 0) > 0;
        breaches.push({
          cause: latest,
          long,
          parent: naive.parentOf(r.instrument, r.priceTicks),
          shares: naive.sharesOf(r.instrument, r.account, r.priceTicks, long),
        });
      }
    },
  });
  return breaches;
}

const CASES: [string, TinyOptions][] = [
  ['last', { seed: 1, mark: 'last', contract: 'linear' }],
  ['last, no makers', { seed: 2, mark: 'last', contract: 'linear', without: ['makers'] }],
  ['last, no anchor', { seed: 3, mark: 'last', contract: 'linear', without: ['anchor'] }],
  ['last, no noise', { seed: 4, mark: 'last', contract: 'linear', without: ['noise'] }],
  ['fair, inverse', { seed: 5, mark: 'fair', contract: 'inverse' }],
];

describe.each(CASES)('mark %s', (_, options) => {
  const spec = tinyWorld(options);
  const breaches = breachesOf(spec);

  test('names the mover that carried the mark through the threshold', () => {
    let crossed = 0;
    for (const { cause, parent } of breaches) {
      if (parent === null) continue;
      crossed++;
      expect(cause.parentLiquidation).toBe(parent.liquidation);
      // The desk's order for a position it took belongs to that liquidation's account.
      if (parent.liquidation === 0) expect(cause.parentAccount).toBe(parent.account);
      expect(cause.parentKind === CauseKind.liquidation).toBe(parent.liquidation > 0);
    }
    expect(crossed).toBeGreaterThan(10);
  });

  test('splits the buffer as the owners of its levels say', () => {
    let split = 0;
    for (const { cause, shares } of breaches) {
      const total = [...shares.values()].reduce((sum, levels) => sum + levels, 0);
      if (total === 0) continue;
      split++;
      const told = new Map<number, number>();
      for (const { liquidation, weight } of cause.shares) {
        if (liquidation > 0) told.set(liquidation, (told.get(liquidation) ?? 0) + weight);
      }
      for (const [liquidation, levels] of shares) {
        if (liquidation > 0) expect(told.get(liquidation)).toBeCloseTo(levels / total, 12);
      }
      expect(told.size).toBe([...shares.keys()].filter((id) => id > 0).length);
    }
    expect(split).toBeGreaterThan(10);
  });
});
