/** The regime predictor as a tree ensemble, trained on the agent's own simulated past. */
import {
  AgentField,
  type DecisionBatch,
  defineStrategy,
  MarketField,
  WakeOn,
} from '../../sim/strategy/index.js';
import { logTicks, standsDown, startClock } from '../parts/index.js';
import { askForest, EXAMPLES_MAX, FEATURES, Forest, trainForest } from './forest.js';
import { deadbandParameter, Lane, monocultureParameter } from './regime-common.js';

/** Longest look back of a feature, and longest look ahead of a label, bars. */
const BACK_BARS = 20;
const AHEAD_BARS_MAX = 20;
/** Bars remembered: a training window, what its first example looks back on, its last ahead to. */
const RING = EXAMPLES_MAX + BACK_BARS + AHEAD_BARS_MAX;
/** Examples without which nothing is learned. */
const EXAMPLES_MIN = 20;
/** Weight kept by the variance estimate over one bar. */
const VARIANCE_DECAY = 0.94;
const SEED_RANGE = 0x7fffffff;

// Working space, written before it is read.
const features = new Float64Array(EXAMPLES_MAX * FEATURES);
const labels = new Float64Array(EXAMPLES_MAX);
const aheads = new Float64Array(EXAMPLES_MAX);
const question = new Float64Array(FEATURES);

export const regimeForest = defineStrategy({
  name: 'regime-forest',
  family: 'signal',
  doc:
    'Asks a random forest for the probability of a bad return over the next bars and holds ' +
    'equity x leverage x (1 - P). Features: returns over 1, 5 and 20 bars, volatility, book ' +
    'imbalance, funding. Trained walk-forward on its own window; members of the monoculture ' +
    'share data, seed and features, others bootstrap with their own.',
  source: 'Breiman 2001 for the forest; Khandani & Lo 2011 for the monoculture',
  params: {
    leverage: {
      doc: 'Leverage without fear', unit: 'leverage', min: 0, max: 100, default: 1,
      source: 'assumption',
    },
    monoculture: monocultureParameter,
    deadband: deadbandParameter,
    fitBars: {
      doc: 'Bars between trainings; 0 for never', unit: 'bars', min: 0, max: 1e6, default: 250,
      integer: true, source: 'assumption',
    },
    windowBars: {
      doc: 'Examples it trains on, one a bar', unit: 'bars', min: EXAMPLES_MIN, max: EXAMPLES_MAX,
      default: 100, integer: true, source: 'assumption',
    },
    aheadBars: {
      doc: 'Bars ahead that a label speaks of', unit: 'bars', min: 1, max: AHEAD_BARS_MAX,
      default: 5, integer: true, source: 'assumption',
    },
    badShare: {
      doc: 'Share of the window called bad: its worst returns ahead', unit: 'fraction', min: 0.01,
      max: 0.9, default: 0.3, source: 'assumption',
    },
    featuresPerTree: {
      doc: 'Features drawn for a tree outside the monoculture', unit: '1', min: 1, max: FEATURES,
      default: 3, integer: true, source: 'assumption: about the square root of their number',
    },
    leafExamples: {
      doc: 'Examples below which a node is not split', unit: '1', min: 1, max: 64, default: 8,
      integer: true, source: 'assumption',
    },
  },
  state: {
    lastLog: { doc: 'Log of the mark in ticks at the last bar; -1 before', unit: '1', initial: -1 },
    stress: { doc: 'Probability of a bad return ahead', unit: 'fraction', initial: 0 },
    acted: { doc: 'Part of the leverage last traded for; -1 before', unit: 'fraction', initial: -1 },
    member: { doc: '1 when it shares the common model', unit: '1', initial: 0 },
    bars: { doc: 'Bars seen', unit: 'bars', initial: 0 },
    variance: { doc: "Variance of a bar's log return", unit: '1', initial: 0 },
    trained: { doc: 'Trainings so far', unit: '1', initial: 0 },
    logs: { doc: 'Ring of log prices', unit: '1', initial: 0, count: RING },
    deviations: { doc: 'Ring of volatilities a bar', unit: '1', initial: 0, count: RING },
    imbalances: {
      doc: 'Ring of (bid - ask) / (bid + ask) at the best quotes', unit: '1', initial: 0,
      count: RING,
    },
    fundings: { doc: 'Ring of funding rates', unit: 'fraction', initial: 0, count: RING },
    forest: {
      doc: 'Nodes of its trees: features (-1 in a leaf), thresholds, bad shares', unit: '1',
      initial: 0, count: Forest.length,
    },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'the classifier flips to bad',
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const shares = batch.uniformNoise(i, Lane.member, 0) < rows[r + at.monoculture];
      rows[r + at.member] = shares ? 1 : 0;
      // Until it has learned, it believes in the share of bad returns.
      rows[r + at.stress] = rows[r + at.badShare];
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { lastLog, stress, acted, leverage, deadband, bars, fitBars, variance } = at;
    const { logs, deviations, imbalances, fundings, trained, forest } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const now = logTicks(market[marketAt[i] + MarketField.mark]);
      const last = rows[r + lastLog];
      rows[r + lastLog] = now;
      if (last >= 0) {
        const square = (now - last) * (now - last);
        const v = rows[r + variance];
        rows[r + variance] = v > 0 ? square + VARIANCE_DECAY * (v - square) : square;
      }
      const slot = rows[r + bars] % RING;
      const bids = Math.max(market[marketAt[i] + MarketField.bestBidLots], 0);
      const asks = Math.max(market[marketAt[i] + MarketField.bestAskLots], 0);
      rows[r + logs + slot] = now;
      rows[r + deviations + slot] = Math.sqrt(rows[r + variance]);
      rows[r + imbalances + slot] = bids + asks > 0 ? (bids - asks) / (bids + asks) : 0;
      rows[r + fundings + slot] = market[marketAt[i] + MarketField.fundingRate];
      const seen = rows[r + bars] + 1;
      rows[r + bars] = seen;
      if (rows[r + fitBars] > 0 && seen % rows[r + fitBars] === 0) train(batch, i, at);
      if (rows[r + trained] > 0 && seen > BACK_BARS) {
        describe(rows, r, at, { bar: seen - 1, into: question, place: 0 });
        rows[r + stress] = askForest(rows, r + forest, question, 0);
      }
      const part = 1 - rows[r + stress];
      if (!(Math.abs(part - rows[r + acted]) < rows[r + deadband])) {
        rows[r + acted] = part;
        target[i] = equity[i] * rows[r + leverage] * part;
      }
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});

type Offsets = Readonly<
  Record<
    | 'logs' | 'deviations' | 'imbalances' | 'fundings' | 'bars' | 'forest' | 'member' | 'trained'
    | 'windowBars' | 'aheadBars' | 'badShare' | 'featuresPerTree' | 'leafExamples',
    number
  >
>;

/** Writes the features of a bar still in the rings, which hold BACK_BARS before it. */
function describe(
  rows: Float64Array,
  r: number,
  at: Offsets,
  to: { bar: number; into: Float64Array; place: number },
): void {
  const { bar, into, place } = to;
  const slot = bar % RING;
  const now = rows[r + at.logs + slot];
  into[place] = now - rows[r + at.logs + ((bar - 1) % RING)];
  into[place + 1] = now - rows[r + at.logs + ((bar - 5) % RING)];
  into[place + 2] = now - rows[r + at.logs + ((bar - BACK_BARS) % RING)];
  into[place + 3] = rows[r + at.deviations + slot];
  into[place + 4] = rows[r + at.imbalances + slot];
  into[place + 5] = rows[r + at.fundings + slot];
}

/**
 * Trains on the last bars whose label has come to pass: an example's features end at its bar, its
 * label at the latest bar seen now or before.
 */
function train(batch: DecisionBatch, i: number, at: Offsets): void {
  const { rows } = batch;
  const r = batch.row[i];
  const seen = rows[r + at.bars];
  const ahead = rows[r + at.aheadBars];
  const count = Math.min(rows[r + at.windowBars], seen - BACK_BARS - ahead);
  if (count < EXAMPLES_MIN) return;
  const first = seen - ahead - count;
  for (let j = 0; j < count; j++) {
    const bar = first + j;
    describe(rows, r, at, { bar, into: features, place: j * FEATURES });
    labels[j] = rows[r + at.logs + ((bar + ahead) % RING)] - rows[r + at.logs + (bar % RING)];
    aheads[j] = labels[j];
  }
  const sorted = aheads.subarray(0, count).sort();
  const worst = sorted[Math.floor(rows[r + at.badShare] * count)];
  for (let j = 0; j < count; j++) labels[j] = labels[j] < worst ? 1 : 0;
  const shares = rows[r + at.member] !== 0;
  // Members' seed is the bar's number, so that they agree on it without a word.
  const seed = shares ? seen : Math.floor(batch.uniformNoise(i, Lane.seed, seen) * SEED_RANGE);
  const featuresPerTree = shares ? FEATURES : rows[r + at.featuresPerTree];
  const leafExamples = rows[r + at.leafExamples];
  trainForest({ features, labels, count, seed, featuresPerTree, leafExamples }, rows, r + at.forest);
  rows[r + at.trained]++;
}
