/** Who stands behind a move of a mark that averages: the print without which it would have moved least. */
import { expect, test } from 'vitest';
import { CauseEvent } from '../../sim/contagion/index.js';
import { makeMark } from '../../sim/risk/index.js';
import type { Instrument } from '../../sim/venue/instrument.js';
import { PriceOwners } from '../../sim/venue/price-owners.js';

function event(seq: number, kind = 6): CauseEvent {
  const made = new CauseEvent();
  made.begin(seq, kind, seq);
  return made;
}

/** An instrument whose mark averages four samples; index, mark and last price at 1,000. */
function instrument() {
  return {
    number: 0,
    spec: { mark: { kind: 'medianOfThree' } },
    mark: makeMark({ kind: 'medianOfThree', samples: 4 }),
    indexTicks: 1000,
    lastTicks: 1000,
    markTicks: 1000,
    bidTicks: 999,
    askTicks: 1001,
    nowMicros: 0,
    fundingRate: 0,
    nextFundingMicros: Infinity,
    fundingIntervalMicros: 0,
  };
}

test('the clock that takes the sample is not the parent, nor a later buy, but who made the price low', () => {
  const one = instrument();
  const owners = new PriceOwners([one as unknown as Instrument]);
  const trade = (by: CauseEvent, ticks: number): void => {
    const before = one.lastTicks;
    one.lastTicks = ticks;
    one.bidTicks = ticks - 1;
    one.askTicks = ticks + 1;
    owners.traded(one as unknown as Instrument, before, by);
  };
  const sample = (clock: CauseEvent, place: number): void => {
    one.mark.sample(one);
    owners.sampled(one as unknown as Instrument, place, true);
    const before = one.markTicks;
    one.markTicks = one.mark.price(one);
    if (one.markTicks !== before) owners.marked(one as unknown as Instrument, before, clock);
  };
  const [seller, buyer, small] = [event(10), event(11), event(12)];
  trade(seller, 900);
  trade(buyer, 904);
  const first = event(20, 2);
  sample(first, 0);
  expect(one.markTicks).toBe(904);
  expect(owners.tipping(0, 950, first).seq).toBe(seller.seq);
  // A level that this move did not cross, and another event, are that event's own.
  expect(owners.tipping(0, 903, first).seq).toBe(first.seq);
  expect(owners.tipping(0, 950, event(21)).seq).toBe(21);
  // A further fall: the first sample still holds the mean down least, the new one most.
  trade(small, 880);
  const second = event(30, 2);
  sample(second, 1);
  expect(one.markTicks).toBe(892);
  expect(owners.tipping(0, 895, second).seq).toBe(small.seq);
  const { falls } = owners.marks[0];
  const owner = new CauseEvent();
  falls.owner(falls.segmentAt(950), owner);
  expect(owner.seq).toBe(seller.seq);
});
