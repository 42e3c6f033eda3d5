/** The ledger against a table that holds an owner per level. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CauseEvent, MixturePool, OwnershipLedger, Shares } from '../../sim/contagion/index.js';

const LEVELS = 200;

/** Owner of each level by the definition: the last event that moved the price down through it. */
class OwnerTable {
  readonly owners = new Int32Array(LEVELS + 1).fill(-1);
  private price: number;

  constructor(price: number) {
    this.price = price;
  }

  move(price: number, owner: number): void {
    for (let level = price; level < this.price; level++) this.owners[level] = owner;
    for (let level = this.price; level < price; level++) this.owners[level] = -1;
    this.price = price;
  }
}

const path = fc.record({
  start: fc.integer({ min: 1, max: LEVELS }),
  moves: fc.array(
    fc.record({ to: fc.integer({ min: 1, max: LEVELS }), again: fc.boolean() }),
    { minLength: 1, maxLength: 80 },
  ),
});

test.each([1, -1] as const)('agrees with it on 300 random paths, sign %i', (sign) => {
  let compared = 0;
  let wrong = 0;
  fc.assert(
    fc.property(path, ({ start, moves }) => {
      const ledger = new OwnershipLedger(sign, sign * start, new MixturePool());
      const table = new OwnerTable(start);
      const event = new CauseEvent();
      const owner = new CauseEvent();
      let number = 0;
      for (const { to, again } of moves) {
        // Some moves go on with the event of the last.
        if (!again) number++;
        event.begin(number, 6, 0);
        ledger.move(sign * to, event);
        table.move(to, number);
        ledger.check();
        for (let level = 1; level <= LEVELS; level++) {
          const segment = ledger.segmentAt(level);
          if (segment >= 0) ledger.owner(segment, owner);
          if ((segment < 0 ? -1 : owner.seq) !== table.owners[level]) wrong++;
          compared++;
        }
      }
      const shares = new Shares();
      shares.addLevels(ledger, 1, LEVELS, 1);
      const owned = table.owners.subarray(1, LEVELS).filter((one) => one >= 0).length;
      const sum = shares.amounts.slice(0, shares.count).reduce((a, b) => a + b, 0);
      expect(sum).toBe(owned);
      expect(shares.total).toBe(LEVELS - 1);
    }),
    { seed: 22, numRuns: 300 },
  );
  expect(wrong).toBe(0);
  expect(compared).toBeGreaterThan(300_000);
});
