/** The ownership ledger: its worked example, shares of a buffer, mixtures, snapshots. */
import { describe, expect, test } from 'vitest';
import { CauseEvent, Mixture, MixturePool, OwnershipLedger, Shares } from '../../sim/contagion/index.js';

/** Prices in tenths, so that every level is whole. */
const NAMES = ['news', 'buyer', 'liqA', 'liqB', 'mm', 'liqC'];
const PATH = [970, 985, 960, 950, 972, 940];

function eventOf(name: string): CauseEvent {
  const event = new CauseEvent();
  event.begin(NAMES.indexOf(name), 6, 0);
  return event;
}

function segments(ledger: OwnershipLedger): [number, number, string][] {
  const owner = new CauseEvent();
  return Array.from({ length: ledger.count }, (_, i) => {
    ledger.owner(i, owner);
    return [ledger.topOf(i), ledger.bottomOf(i), NAMES[owner.seq]];
  });
}

function worked(sign: 1 | -1, moves = PATH.length): OwnershipLedger {
  const ledger = new OwnershipLedger(sign, 1000, new MixturePool());
  for (let i = 0; i < moves; i++) ledger.move(mirrored(PATH[i], sign), eventOf(NAMES[i]));
  return ledger;
}

/** The same path, or its mirror image about 1000. */
function mirrored(price: number, sign: 1 | -1): number {
  return sign > 0 ? price : 2000 - price;
}

describe('the worked example', () => {
  test('leaves news, liqA and liqC as owners', () => {
    expect(segments(worked(1))).toEqual([
      [1000, 985, 'news'],
      [985, 972, 'liqA'],
      [972, 940, 'liqC'],
    ]);
  });

  test('does so in the mirror', () => {
    expect(segments(worked(-1)).map(([, , name]) => name)).toEqual(['news', 'liqA', 'liqC']);
    expect(segments(worked(-1)).map(([top]) => top)).toEqual([-1000, -1015, -1028]);
  });

  test('gave 95.5 to liqB when it was crossed, and gives it to liqC later', () => {
    const owner = new CauseEvent();
    const before = worked(1, 4);
    before.owner(before.segmentAt(955), owner);
    expect(NAMES[owner.seq]).toBe('liqB');
    const after = worked(1);
    after.owner(after.segmentAt(955), owner);
    expect(NAMES[owner.seq]).toBe('liqC');
  });

  test('splits the buffer from 100 to 94 into .25, .2167 and .5333', () => {
    const shares = new Shares();
    shares.addLevels(worked(1), 940, 1000, 1);
    const told = Array.from({ length: shares.count }, (_, i) => [
      NAMES[shares.events[i].seq],
      shares.weight(i).toFixed(4),
    ]);
    expect(Object.fromEntries(told)).toEqual({ news: '0.2500', liqA: '0.2167', liqC: '0.5333' });
  });

  test('owns nothing above its start or below the price', () => {
    const ledger = worked(1);
    expect(ledger.segmentAt(1000)).toBe(-1);
    expect(ledger.segmentAt(999)).toBe(0);
    expect(ledger.segmentAt(940)).toBe(2);
    expect(ledger.segmentAt(939)).toBe(-1);
  });
});

describe('mixtures', () => {
  test('share the levels of a move by their weights', () => {
    const ledger = new OwnershipLedger(1, 100, new MixturePool());
    const mixture = new Mixture();
    mixture.add(eventOf('liqA'), 3);
    mixture.add(eventOf('liqB'), 1);
    mixture.normalise();
    ledger.move(90, eventOf('liqA'), mixture);
    ledger.move(80, eventOf('liqC'));
    const shares = new Shares();
    shares.addLevels(ledger, 80, 100, 1);
    const by = Object.fromEntries(
      Array.from({ length: shares.count }, (_, i) => [NAMES[shares.events[i].seq], shares.weight(i)]),
    );
    expect(by).toEqual({ liqA: 0.375, liqB: 0.125, liqC: 0.5 });
  });

  test('name the heaviest, of equals the latest', () => {
    const mixture = new Mixture();
    expect(mixture.heaviest()).toBe(null);
    mixture.add(eventOf('liqA'), 2);
    mixture.add(eventOf('liqC'), 2);
    mixture.add(eventOf('liqB'), 1);
    mixture.normalise();
    expect(mixture.heaviest()?.seq).toBe(NAMES.indexOf('liqC'));
  });
});

test('a snapshot restores every segment, mixtures included', () => {
  const pool = new MixturePool();
  const ledger = new OwnershipLedger(1, 100, pool);
  const mixture = new Mixture();
  mixture.add(eventOf('liqA'), 0.5);
  mixture.add(eventOf('mm'), 0.5);
  mixture.normalise();
  ledger.move(95, eventOf('news'));
  ledger.move(90, eventOf('liqA'), mixture);
  ledger.move(92, eventOf('buyer'));
  const numbers: number[] = [];
  ledger.write({ float: (x) => numbers.push(x) });
  const copy = new OwnershipLedger(1, 7, new MixturePool());
  let at = 0;
  copy.read({ float: () => numbers[at++] });
  expect(at).toBe(numbers.length);
  expect(segments(copy)).toEqual(segments(ledger));
  expect(copy.mixtureOf(1)?.count).toBe(2);
  expect(copy.mixtureOf(1)?.weights.slice(0, 2)).toEqual(Float64Array.of(0.5, 0.5));
  expect(copy.at).toBe(92);
});
