/** The behavioural trader: anchored beliefs, early gains, late losses, and capitulation. */
import { exp } from '../../sim/kernel/index.js';
import {
  AgentField,
  type DecisionBatch,
  defineStrategy,
  MarketField,
  Urgency,
  WakeOn,
} from '../../sim/strategy/index.js';
import { standsDown, startClock } from '../parts/index.js';
import { anchorState, noteHigh } from './anchor-high.js';
import { prospectValue } from './prospect-value.js';

/** Lots of the hazard form, each with a purchase price of its own. */
export const LOTS = 8;
/** Lanes of the signals: buying, giving up, and one for the sale of each lot. */
const Lane = { buy: 0, giveUp: 1, sell: 2 } as const;

const odean = 'Odean 1998: proportions of gains realised .148, of losses .098';

export const disposition = defineStrategy({
  name: 'disposition',
  family: 'signal',
  doc:
    'Believes in a mix of the index and an anchor and holds 1 + b (belief - price) + d ' +
    '(reference - price) base positions, gaps relative to the price, so that gains against the ' +
    'reference are sold; or, with a hazard, sells each of its lots by chance, gains sooner. ' +
    'Deep losses make it give up.',
  source:
    'Grinblatt & Han 2005 for the reference; Odean 1998, Ben-David & Hirshleifer 2012 for the ' +
    'hazard. Differs: gaps are relative to the price, so that demand has no currency',
  params: {
    leverage: {
      doc: 'Leverage of its base position at the start', unit: 'leverage', min: 0, max: 100,
      default: 1, source: 'assumption',
    },
    referenceWeight: {
      doc: 'Weight of the newest price in the reference', unit: 'fraction', min: 0, max: 1,
      default: 0.05, source: 'Grinblatt & Han 2005; .02 to .1',
    },
    valueWeight: {
      doc: 'Base positions per unit of gap to its belief (b)', unit: '1', min: 0, max: 1e4,
      default: 5, source: 'assumption',
    },
    dispositionWeight: {
      doc: 'Base positions per unit of gap to the reference (d)', unit: '1', min: 0, max: 1e4,
      default: 2.5, source: 'assumption: half of b',
    },
    anchorWeight: {
      doc: 'Weight of the anchor in its belief', unit: 'fraction', min: 0, max: 1, default: 0.3,
      source: 'assumption',
    },
    anchorBars: {
      doc: 'Bars of a window: the anchor is the high of 52 of them', unit: 'bars', min: 1,
      max: 1e6, default: 5, integer: true, source: 'practice: the 52-week high, in days',
    },
    roundPrice: {
      doc: 'Anchors on the nearest multiple of this instead; 0 for the high', unit: 'price',
      min: 0, max: 1e12, default: 0, source: 'assumption',
    },
    bias: {
      doc: 'Log error of its fair value; draw it per agent', unit: '1', min: -1, max: 1,
      default: 0, source: 'assumption',
    },
    hazard: {
      doc: 'Chance a bar of selling a lot at a loss; 0 for the demand form', unit: '1/bar',
      min: 0, max: 1, default: 0, source: 'assumption',
    },
    gainMultiple: {
      doc: 'Multiple of the hazard for a lot at a gain', unit: '1', min: 0, max: 100,
      default: 1.51, source: odean,
    },
    lossMultiple: {
      doc: 'Multiple of the hazard for a lot at a loss', unit: '1', min: 0, max: 100, default: 1,
      source: odean,
    },
    gainSlope: {
      doc: 'Rise of the hazard per unit of relative gain', unit: '1', min: 0, max: 1e4,
      default: 0, source: 'Ben-David & Hirshleifer 2012: V-shaped, steeper for gains',
    },
    lossSlope: {
      doc: 'Rise of the hazard per unit of relative loss', unit: '1', min: 0, max: 1e4,
      default: 0, source: 'Ben-David & Hirshleifer 2012',
    },
    buyChance: {
      doc: 'Chance a bar of buying a lot in the hazard form', unit: '1/bar', min: 0, max: 1,
      default: 0.1, source: 'assumption',
    },
    capitulationLoss: {
      doc: 'Relative loss on the purchase price beyond which it gives up; 1 for never',
      unit: 'fraction', min: 0, max: 1, default: 0.4, source: 'assumption',
    },
    capitulationMultiple: {
      doc: 'Multiple of the hazard then', unit: '1', min: 0, max: 1000, default: 10,
      source: 'assumption',
    },
    giveUpHazard: {
      doc: 'Chance a bar, times the multiple, of giving up in the demand form', unit: '1/bar',
      min: 0, max: 1, default: 0.02, source: 'assumption',
    },
    pauseBars: {
      doc: 'Bars it stays out after giving up', unit: 'bars', min: 1, max: 1e9, default: 50,
      integer: true, source: 'assumption',
    },
  },
  state: {
    reference: { doc: 'Reference price', unit: 'price', initial: 0 },
    demand: { doc: 'Base positions wanted', unit: '1', initial: 0 },
    baseLots: { doc: 'Size of the base position', unit: 'lots', initial: 0 },
    openGain: { doc: 'Relative gain on its average purchase price', unit: '1', initial: 0 },
    prospectValue: {
      doc: 'How that feels, of the gain in percent; tells, and drives nothing', unit: '1',
      initial: 0,
    },
    pause: { doc: 'Bars it still stays out', unit: 'bars', initial: 0 },
    gaveUp: { doc: 'Times it gave up', unit: '1', initial: 0 },
    valueFactor: { doc: 'Its fair value over the index', unit: '1', initial: 1 },
    belief: { doc: 'What it takes the price to be worth', unit: 'price', initial: 0 },
    ...anchorState,
    lotPrices: {
      doc: 'Purchase prices of its lots in the hazard form; 0 where there is none',
      unit: 'price', initial: 0, count: LOTS,
    },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: -1,
  gain: {
    formula:
      '-B (b F + d (1 - v) R + d v (R - p)) / p, B base exposure, F belief less what follows p',
    evaluate({ equity, exposure, price, leverageMax, of }) {
      const simple =
        of('hazard') === 0 && of('pause') === 0 && of('roundPrice') === 0 &&
        of('demand') !== 0 && Math.abs(exposure) < leverageMax * equity &&
        of('openGain') > -of('capitulationLoss');
      if (!simple) return { down: NaN, up: NaN };
      const base = exposure / of('demand');
      const weight = of('referenceWeight');
      const reference = of('reference');
      const behind = (1 - weight) * reference + weight * (reference - price);
      const slope = (belief: number) =>
        (-base * (of('valueWeight') * belief + of('dispositionWeight') * behind)) / price;
      // A new high is an anchor that moves with the price.
      const free = of('belief') - of('anchorWeight') * of('anchor');
      return {
        down: slope(of('belief')),
        up: slope(price >= of('anchor') ? free : of('belief')),
      };
    },
  },
  exitTrigger: 'a gain; a loss so deep that it capitulates',
  examples: [
    {
      card: 'B3',
      doc: 'The reference price on the reference path, v = .1',
      set: { referenceWeight: 0.1 },
      expect: [{ field: 'state.reference', from: 9, values: [100.632145] }],
    },
    {
      card: 'B3',
      doc: 'A loss of 10 feels like -17.07',
      prices: [100, 90],
      set: { valueWeight: 0, dispositionWeight: 0 },
      expect: [{ field: 'state.prospectValue', values: [0, -17.067995] }],
    },
    {
      card: 'B3',
      doc: 'Without anchor and disposition it is a fundamentalist: 1 + 5 (100 - p) / p',
      index: [100, 100, 100, 100, 100, 100, 100, 100, 100, 100],
      set: { anchorWeight: 0, dispositionWeight: 0 },
      expect: [
        { field: 'state.demand', values: [1, 0.950495, 0.854369, 0.901961, 1.050505, 1.154639] },
        { field: 'gain.down', values: [-500_000], tolerance: 0.01 },
        { field: 'gain.up', values: [-500_000], tolerance: 0.01 },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) rows[row[i] + at.valueFactor] = exp(rows[row[i] + at.bias]);
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, price, equity, target, wakeAt, economics } = batch;
    const { market, marketAt } = batch;
    const { leverage, referenceWeight, valueWeight, dispositionWeight, anchorWeight } = at;
    const { anchorBars, roundPrice, hazard, reference, demand, baseLots, anchor } = at;
    const { valueFactor, belief } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const p = price[i];
      const ticks = market[marketAt[i] + MarketField.mark];
      const before = rows[r + reference];
      const held = before > 0 ? before + rows[r + referenceWeight] * (p - before) : p;
      rows[r + reference] = held;
      if (rows[r + baseLots] === 0) {
        rows[r + baseLots] = economics.lotsOf(rows[r + leverage] * equity[i], ticks);
      }
      noteHigh(rows, r + anchor, rows[r + anchorBars], p);
      noteGain(batch, i, ticks, at);

      if (rows[r + hazard] > 0) {
        tradeLots(batch, i, p, at);
      } else if (!staysOut(batch, i, at)) {
        const grid = rows[r + roundPrice];
        const anchored = grid > 0 ? Math.round(p / grid) * grid : rows[r + anchor];
        const index = market[marketAt[i] + MarketField.index] * economics.quotePerTick;
        const fair = index * rows[r + valueFactor];
        const believed = fair + rows[r + anchorWeight] * (anchored - fair);
        rows[r + belief] = believed;
        const cheap = rows[r + valueWeight] * (believed - p);
        const behind = rows[r + dispositionWeight] * (held - p);
        rows[r + demand] = 1 + (cheap + behind) / p;
      }
      target[i] = economics.exposureQuote(rows[r + demand] * rows[r + baseLots], ticks);
    }
  },
});

type Offsets = Readonly<
  Record<
    | 'openGain' | 'prospectValue' | 'pause' | 'pauseBars' | 'gaveUp' | 'demand' | 'hazard'
    | 'capitulationLoss' | 'capitulationMultiple' | 'giveUpHazard' | 'gainMultiple'
    | 'lossMultiple' | 'gainSlope' | 'lossSlope' | 'buyChance' | 'lotPrices',
    number
  >
>;

/** Notes the gain on the average purchase price, and how it feels. */
function noteGain(batch: DecisionBatch, i: number, ticks: number, at: Offsets): void {
  const { rows, economics } = batch;
  const r = batch.row[i];
  const position = rows[r + AgentField.position];
  const cost = rows[r + AgentField.cost];
  let gain = 0;
  if (position !== 0 && cost !== 0) {
    const unit = position * economics.multiplier;
    const entry = economics.inverse ? -unit / cost : cost / unit;
    gain = position > 0 ? ticks / entry - 1 : 1 - ticks / entry;
  }
  rows[r + at.openGain] = gain;
  rows[r + at.prospectValue] = prospectValue(100 * gain);
}

/** Says whether a trader of the demand form stays out, having given up now or lately. */
function staysOut(batch: DecisionBatch, i: number, at: Offsets): boolean {
  const { rows } = batch;
  const r = batch.row[i];
  if (rows[r + at.pause] > 0) {
    rows[r + at.pause]--;
    rows[r + at.demand] = 0;
    return rows[r + at.pause] > 0;
  }
  if (!(rows[r + at.openGain] < -rows[r + at.capitulationLoss])) return false;
  const chance = rows[r + at.giveUpHazard] * rows[r + at.capitulationMultiple];
  if (!(batch.uniformNoise(i, Lane.giveUp, turnOf(batch, i)) < chance)) return false;
  rows[r + at.pause] = rows[r + at.pauseBars];
  rows[r + at.gaveUp]++;
  rows[r + at.demand] = 0;
  batch.urgency[i] = Urgency.forced | Urgency.reduceOnly;
  return true;
}

/** Sells each lot with the chance its gain or loss gives it, and may buy one; sets the demand. */
function tradeLots(batch: DecisionBatch, i: number, price: number, at: Offsets): void {
  const { rows } = batch;
  const r = batch.row[i];
  const lots = r + at.lotPrices;
  const turn = turnOf(batch, i);
  let kept = 0;
  let empty = -1;
  for (let k = 0; k < LOTS; k++) {
    const paid = rows[lots + k];
    if (paid === 0) {
      empty = k;
      continue;
    }
    const gain = price / paid - 1;
    let chance =
      gain > 0
        ? rows[r + at.gainMultiple] * (1 + rows[r + at.gainSlope] * gain)
        : rows[r + at.lossMultiple] * (1 - rows[r + at.lossSlope] * gain);
    if (gain < -rows[r + at.capitulationLoss]) chance *= rows[r + at.capitulationMultiple];
    if (batch.uniformNoise(i, Lane.sell + k, turn) < rows[r + at.hazard] * chance) {
      rows[lots + k] = 0;
    } else {
      kept++;
    }
  }
  // A place emptied just now is filled at the next bar at the earliest.
  if (empty >= 0 && batch.uniformNoise(i, Lane.buy, turn) < rows[r + at.buyChance]) {
    rows[lots + empty] = price;
    kept++;
  }
  rows[r + at.demand] = kept / LOTS;
}

function turnOf(batch: DecisionBatch, i: number): number {
  return Math.floor(batch.time[i] / batch.rows[batch.row[i] + AgentField.periodMicros]);
}
