import { describe, expect, it } from 'vitest';
import {
  ConservationAudit,
  EventKind,
  EventReader,
  ExactSum,
  decodeLog,
} from '../../sim/trace/index.js';
import { runInMemory } from '../../sim/engine/index.js';
import { tinyWorld } from '../support/tiny-world.js';
import { traceLogBytes } from '../support/trace-run.js';

function audit(rows: Uint8Array) {
  const it = new ConservationAudit();
  it.add(new EventReader(rows));
  return it.result();
}

/** Adds to a float field (4..7) of the first row of a kind that `picks` accepts. */
function tampered(rows: Uint8Array, kind: number, field: number, by: number): Uint8Array {
  const copy = rows.slice();
  const reader = new EventReader(copy);
  const floats = new Float64Array(copy.buffer);
  while (reader.next()) {
    if (reader.kind !== kind || reader.account < 0) continue;
    floats[reader.row * 8 + field] += by;
    return copy;
  }
  throw new Error(`no row of kind ${kind}`);
}

describe('ConservationAudit', () => {
  const { bytes } = traceLogBytes({ trades: 4000 });
  const { rows } = decodeLog(bytes, 'x');

  it('finds nothing wrong with a run whose books balance', () => {
    const result = audit(rows);
    expect(result).toEqual({
      errorQuanta: 0,
      accountErrorQuanta: 0n,
      fundErrorQuanta: 0n,
      imbalanceQuanta: 0n,
      positionErrorLots: 0,
    });
  });

  it.each([
    ['a deposit', EventKind.deposit, 4],
    ['an opening', EventKind.opening, 4],
    ['the value of a trade', EventKind.trade, 4],
    ['a taker fee', EventKind.trade, 5],
    ['a maker fee', EventKind.trade, 6],
    ['a funding payment', EventKind.funding, 4],
    ['the cost of a takeover', EventKind.takeover, 4],
    ['the wallet of a takeover', EventKind.takeover, 5],
    ['a deleveraging', EventKind.autoDeleverage, 4],
    ['a move of the fund', EventKind.fund, 4],
    ['a balance of the fund', EventKind.fund, 7],
    ['bad debt', EventKind.badDebt, 4],
    ['a final wallet', EventKind.account, 4],
    ['a final cost', EventKind.account, 5],
  ])('notices one quantum in %s', (_, kind, field) => {
    expect(audit(tampered(rows, kind, field, 1)).errorQuanta).toBeGreaterThanOrEqual(1);
    expect(audit(tampered(rows, kind, field, -1)).errorQuanta).toBeGreaterThanOrEqual(1);
  });

  it('notices a missing row', () => {
    const reader = new EventReader(rows);
    const kinds = new Set<number>();
    while (reader.next()) {
      const { kind, row } = reader;
      const money = [1, 4, 6, 7, 8, 9, 13, 14, 15].includes(kind);
      if (!money || kinds.has(kind) || reader.value === 0) continue;
      kinds.add(kind);
      const without = new Uint8Array(rows.length - 64);
      without.set(rows.subarray(0, row * 64));
      without.set(rows.subarray((row + 1) * 64), row * 64);
      expect(audit(without).errorQuanta, `row ${row}, ${reader.kindName}`).toBeGreaterThan(0);
    }
    expect(kinds.size).toBe(9);
  });

  it('counts an amount that is not a number as an error', () => {
    expect(audit(tampered(rows, EventKind.account, 4, NaN)).errorQuanta).toBeGreaterThan(0);
    expect(audit(tampered(rows, EventKind.fund, 7, Infinity)).errorQuanta).toBeGreaterThan(0);
  });

  it.each([
    ['inverse', 'fair'],
    ['linear', 'medianOfThree'],
  ] as const)('agrees with the ledger of a simulated %s market', (contract, mark) => {
    const parts: Buffer[] = [];
    const figures = runInMemory(tinyWorld({ contract, mark, seconds: 60, halt: true }), {
      onChunk: (chunk) => parts.push(Buffer.from(chunk)),
    });
    expect(figures.liquidations.count).toBeGreaterThan(0);
    const result = audit(new Uint8Array(Buffer.concat(parts)));
    expect(result.errorQuanta).toBe(0);
    expect(result.positionErrorLots).toBe(0);
  });

  it('agrees with it when the fund is empty and counterparties are deleveraged', () => {
    const parts: Buffer[] = [];
    const world = tinyWorld({ contract: 'linear', mark: 'last', seconds: 60 });
    world.venue.insuranceFundQuanta = 0;
    const figures = runInMemory(world, { onChunk: (chunk) => parts.push(Buffer.from(chunk)) });
    expect(figures.autoDeleveraging.count).toBeGreaterThan(0);
    expect(audit(new Uint8Array(Buffer.concat(parts))).errorQuanta).toBe(0);
  });

  it('agrees with it when nobody pays and the loss is bad debt', () => {
    const parts: Buffer[] = [];
    const world = tinyWorld({ contract: 'linear', mark: 'last', seconds: 60 });
    world.venue.insuranceFundQuanta = 0;
    world.venue.waterfall = ['insuranceFund', 'badDebt'];
    const figures = runInMemory(world, { onChunk: (chunk) => parts.push(Buffer.from(chunk)) });
    expect(figures.badDebtQuote).toBeGreaterThan(0);
    expect(audit(new Uint8Array(Buffer.concat(parts))).errorQuanta).toBe(0);
  });
});

describe('ExactSum', () => {
  it('sums what a number cannot', () => {
    const sum = new ExactSum();
    const max = Number.MAX_SAFE_INTEGER;
    for (let i = 0; i < 1000; i += 1) sum.add(max);
    for (let i = 0; i < 1000; i += 1) sum.add(1);
    expect(sum.total()).toBe(BigInt(max) * 1000n + 1000n);
    for (let i = 0; i < 1001; i += 1) sum.add(-max);
    expect(sum.total()).toBe(1000n - BigInt(max));
  });
});
