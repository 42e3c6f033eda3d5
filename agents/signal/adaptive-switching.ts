/** The adaptive trader: goes by the rule that has paid, fundamentals or the trend. */
import { exp } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import { logRatio, logTicks, squash, standsDown, startClock } from '../parts/index.js';

const CHOICE_LANE = 0;
/** Weight kept by the variance estimate over one bar. */
const VARIANCE_DECAY = 0.94;
/** Beyond this a share is 0 or 1 in a float anyway. */
const EXPONENT_MAX = 700;

/**
 * Returns the share of the first of two rules under a logit choice: exp(b u1) over the sum.
 *
 * @param intensity b >= 0: 0 chooses blindly, infinity the better one.
 * Source: Brock & Hommes 1998, eq. 2.
 */
export function logitShare(intensity: number, first: number, second: number): number {
  const gap = intensity * (second - first);
  return 1 / (1 + exp(Math.min(Math.max(gap, -EXPONENT_MAX), EXPONENT_MAX)));
}

export const adaptiveSwitching = defineStrategy({
  name: 'adaptive-switching',
  family: 'signal',
  doc:
    'Chooses each bar between a fundamentalist and a trend rule with logit probabilities of ' +
    'their remembered profits, in units of volatility, less the cost of knowing fundamentals; ' +
    'or holds their mix.',
  source:
    'Brock & Hommes 1998. Differs: profits are per unit of volatility, so that one intensity ' +
    'fits all markets',
  params: {
    leverage: {
      doc: 'Leverage at full conviction of a rule', unit: 'leverage', min: 0, max: 100,
      default: 2, source: 'assumption',
    },
    intensity: {
      doc: 'Intensity of choice', unit: '1', min: 0, max: 1e4, default: 2,
      source: 'Brock & Hommes 1998: 1 to 4',
    },
    memory: {
      doc: 'Weight kept by remembered profits over one bar', unit: 'fraction', min: 0, max: 1,
      default: 0.9, source: 'assumption',
    },
    cost: {
      doc: 'Cost of the fundamentalist rule a bar, units of volatility', unit: '1', min: 0,
      max: 100, default: 0.05, source: 'assumption',
    },
    mixes: {
      doc: '1 holds both rules by their shares, 0 draws one of them',
      unit: '1', min: 0, max: 1, default: 0, integer: true, source: 'assumption',
    },
    aggressiveness: {
      doc: 'Conviction of the fundamentalist per unit of log mispricing', unit: '1', min: 0,
      max: 1e4, default: 10, source: 'Thurner, Farmer & Geanakoplos 2012: 5 to 50',
    },
    bias: {
      doc: 'Log error of its fair value; draw it per agent', unit: '1', min: -1, max: 1,
      default: 0, source: 'assumption',
    },
    weight: {
      doc: 'Weight of the newest return in the trend', unit: 'fraction', min: 0, max: 1,
      default: 0.1, source: 'assumption',
    },
    steepness: {
      doc: 'Conviction of the trend rule per unit of average return a bar', unit: '1', min: 0,
      max: 1e6, default: 50, source: 'assumption',
    },
  },
  state: {
    lastLog: { doc: 'Log of the mark in ticks at the last bar; -1 before', unit: '1', initial: -1 },
    trend: { doc: 'Moving average of log returns', unit: '1', initial: 0 },
    variance: { doc: "Variance of a bar's log return", unit: '1', initial: 0 },
    fitnessFundamental: { doc: 'Remembered profit less cost', unit: '1', initial: 0 },
    fitnessTrend: { doc: 'Remembered profit of the trend rule', unit: '1', initial: 0 },
    wantFundamental: { doc: 'Conviction of the fundamentalist, -1 to 1', unit: '1', initial: 0 },
    wantTrend: { doc: 'Conviction of the trend rule, -1 to 1', unit: '1', initial: 0 },
    share: { doc: 'Probability of the fundamentalist rule', unit: 'fraction', initial: 0.5 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'the other rule has paid better',
  examples: [
    {
      card: 'B7',
      doc: 'Without intensity the mix is half and half: the mean of the two convictions',
      prices: [100, 101, 103],
      index: [100, 100, 100],
      set: { intensity: 0, mixes: 1, leverage: 1 },
      expect: [
        { field: 'state.share', values: [0.5, 0.5, 0.5] },
        { field: 'state.wantTrend', from: 1, values: [0.049711, 0.141856] },
        { field: 'state.wantFundamental', from: 1, values: [-0.099176, -0.287270] },
        { field: 'targetLeverage', from: 1, values: [-0.024733, -0.072707] },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { leverage, intensity, memory, cost, mixes, aggressiveness, bias, weight } = at;
    const { steepness, lastLog, trend, variance, fitnessFundamental, fitnessTrend } = at;
    const { wantFundamental, wantTrend, share } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const mark = market[marketAt[i] + MarketField.mark];
      const now = logTicks(mark);
      const last = rows[r + lastLog];
      rows[r + lastLog] = now;
      if (last >= 0) {
        const move = now - last;
        const square = move * move;
        const before = rows[r + variance];
        const v = before > 0 ? square + VARIANCE_DECAY * (before - square) : square;
        rows[r + variance] = v;
        rows[r + trend] += rows[r + weight] * (move - rows[r + trend]);
        const scaled = v > 0 ? move / Math.sqrt(v) : 0;
        const kept = rows[r + memory];
        const profit = rows[r + wantFundamental] * scaled - rows[r + cost];
        const other = rows[r + wantTrend] * scaled;
        rows[r + fitnessFundamental] = profit + kept * (rows[r + fitnessFundamental] - profit);
        rows[r + fitnessTrend] = other + kept * (rows[r + fitnessTrend] - other);
      }
      const gap = logRatio(market[marketAt[i] + MarketField.index], mark) + rows[r + bias];
      const fundamental = squash(rows[r + aggressiveness] * gap);
      const follows = squash(rows[r + steepness] * rows[r + trend]);
      rows[r + wantFundamental] = fundamental;
      rows[r + wantTrend] = follows;
      const part = logitShare(
        rows[r + intensity], rows[r + fitnessFundamental], rows[r + fitnessTrend],
      );
      rows[r + share] = part;
      const period = rows[r + AgentField.periodMicros];
      let conviction = part * fundamental + (1 - part) * follows;
      if (rows[r + mixes] === 0) {
        const turn = Math.floor(time[i] / period);
        conviction = batch.uniformNoise(i, CHOICE_LANE, turn) < part ? fundamental : follows;
      }
      target[i] = equity[i] * rows[r + leverage] * conviction;
      wakeAt[i] = time[i] + period;
    }
  },
});
