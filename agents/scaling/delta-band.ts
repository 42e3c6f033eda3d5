/** Delta hedging of an option inventory inside a no-trade band. */
import { exp, log, normalCdf, pow } from '../../sim/kernel/index.js';
import {
  AgentField, type DecisionBatch, defineStrategy, MarketField, type RowOffsets, Urgency, WakeOn,
} from '../../sim/strategy/index.js';
import {
  barDays, cappedGain, DAY_MICROS, daysPerYearParam, heldExposure, logTicks, normalDensity, riskFreeParam,
  standsDown, startClock,
} from '../parts/index.js';

const THIRD = 1 / 3;

export const deltaBand = defineStrategy({
  name: 'delta-band',
  family: 'scaling',
  doc:
    'Keeps the net delta of an option inventory and its hedge within a band around a target; ' +
    'outside, trades to the nearest edge (or to the target). The band is wide where trading ' +
    'costs are high and gamma changes the delta fast.',
  source:
    'Whalley & Wilmott 1997 for the band, Black & Scholes 1973 for the delta. Differs: the ' +
    'options lie outside the account, whose equity is that of the hedge alone',
  params: {
    optionLeverage: {
      doc: 'Options held, their notional at the first price over equity then; negative: sold',
      unit: 'leverage', min: -1000, max: 1000, default: -2, source: 'assumption',
    },
    put: {
      doc: 'Kind of the options: 0 calls, 1 puts', unit: '1', min: 0, max: 1, default: 0,
      integer: true, source: 'assumption',
    },
    strikeRatio: {
      doc: 'Strike over the first price', unit: 'fraction', min: 0.01, max: 100, default: 1,
      source: 'assumption',
    },
    expiryDays: {
      doc: 'Days to expiry at the first price', unit: 'days', min: 1e-6, max: 36_600, default: 30,
      source: 'assumption',
    },
    rolls: {
      doc: '1 replaces expired options by the same at the price then, 0 closes the hedge',
      unit: '1', min: 0, max: 1, default: 1, integer: true, source: 'assumption',
    },
    volatility: {
      doc: 'Annual volatility of the hedger\'s delta', unit: 'fraction', min: 1e-4, max: 100,
      default: 0.5, source: 'assumption',
    },
    riskFree: riskFreeParam,
    daysPerYear: daysPerYearParam,
    deltaTarget: {
      doc: 'Net delta aimed at, its notional at the first price over equity then',
      unit: 'leverage', min: -1000, max: 1000, default: 0, source: 'assumption',
    },
    costFraction: {
      doc: 'Cost of trading in the band\'s formula, part of the amount; 0 hedges at every bar',
      unit: 'fraction', min: 0, max: 1, default: 5e-4, source: 'assumption: 5 basis points',
    },
    riskAversion: {
      doc: 'Absolute risk aversion in the band\'s formula', unit: '1/quote', min: 1e-12, max: 1e12,
      default: 1, source: 'assumption; Whalley & Wilmott 1997 draw theirs for 1',
    },
    toTarget: {
      doc: 'Where it trades to: 0 the nearest edge of the band, 1 the target',
      unit: '1', min: 0, max: 1, default: 0, integer: true,
      source: 'Whalley & Wilmott 1997: the nearest edge',
    },
  },
  state: {
    options: { doc: 'Options held, signed, one unit each; 0 before', unit: 'units', initial: 0 },
    goal: { doc: 'Net delta aimed at', unit: 'units', initial: 0 },
    logStrike: { doc: 'Log of the strike in ticks', unit: '1', initial: 0 },
    logMoneyness: { doc: 'Log of the mark over the strike', unit: '1', initial: 0 },
    expiryMicros: { doc: 'Time of expiry; 0 before', unit: 'microseconds', initial: 0 },
    yearsLeft: { doc: 'Years to expiry', unit: 'years', initial: 0 },
    barYears: { doc: 'Length of a bar', unit: 'years', initial: 0 },
    optionDelta: { doc: 'Delta of one option', unit: '1', initial: 0 },
    optionGamma: { doc: 'Gamma of one option', unit: '1/price', initial: 0 },
    halfWidth: { doc: 'Half the width of the band', unit: 'units', initial: 0 },
    netDelta: { doc: 'Net delta before the last decision', unit: 'units', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      '-Q Gamma S^2 for Q options, and what the passing of a bar adds; for a band of no width',
    evaluate(state) {
      const { price, of } = state;
      const years = of('yearsLeft') - of('barYears');
      if (of('costFraction') > 0 || !(years > 0)) {
        return { down: NaN, up: NaN };
      }
      const sigma = of('volatility');
      const deviation = sigma * Math.sqrt(years);
      const lead = (of('riskFree') + 0.5 * sigma * sigma) * years;
      const d = (of('logMoneyness') + lead) / deviation;
      const hedge = of('goal') - of('options') * (normalCdf(d) - of('put'));
      const slope = (hedge - (of('options') * normalDensity(d)) / deviation) * price;
      return cappedGain(state, hedge * price, { down: slope, up: slope });
    },
  },
  exitTrigger: 'its band, at strikes near expiry',
  examples: [
    {
      card: 'A13',
      doc: 'Half-width of the band of one option sold with a gamma of .04',
      prices: [100],
      equity: 100,
      set: { optionLeverage: -1, volatility: 0.2, expiryDays: 90.54317013212035 },
      expect: [
        { field: 'state.optionGamma', values: [0.04], tolerance: 1e-12 },
        { field: 'state.halfWidth', values: [0.0493242], tolerance: 0.5e-7 },
      ],
    },
    {
      card: 'A13',
      doc: 'Delta and gamma at the strike, a quarter to expiry, volatility 20 %',
      prices: [100],
      equity: 100,
      set: { optionLeverage: -1, volatility: 0.2, expiryDays: 91.25, costFraction: 0 },
      expect: [
        { field: 'state.optionDelta', values: [0.519938806], tolerance: 0.5e-9 },
        { field: 'state.optionGamma', values: [0.039844391], tolerance: 0.5e-9 },
        { field: 'targetPositionUnits', values: [0.519938806], tolerance: 0.5e-9 },
      ],
    },
    {
      card: 'A13',
      doc: 'Delta and gamma 5 % below the strike, a tenth to expiry, volatility 40 %',
      prices: [95],
      equity: 95,
      set: {
        optionLeverage: -1, strikeRatio: 1.0526315789473684, volatility: 0.4, expiryDays: 36.5,
        costFraction: 0,
      },
      expect: [
        { field: 'state.optionDelta', values: [0.366076284], tolerance: 0.5e-9 },
        { field: 'state.optionGamma', values: [0.031310421], tolerance: 0.5e-9 },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      rows[r + at.barYears] = barDays(batch, i) / rows[r + at.daysPerYear];
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, price, equity, target, urgency, wakeAt } = batch;
    const { market, marketAt } = batch;
    const { options, goal, logStrike, logMoneyness, expiryMicros, yearsLeft } = at;
    const { optionDelta, optionGamma, halfWidth, netDelta } = at;
    const { volatility, riskFree, daysPerYear, put, costFraction, riskAversion, toTarget } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const logNow = logTicks(market[marketAt[i] + MarketField.mark]);
      const spot = price[i];
      const next = time[i] + rows[r + AgentField.periodMicros];
      if (!(time[i] < rows[r + expiryMicros])) writeOptions(batch, i, at, logNow);
      const years = (rows[r + expiryMicros] - time[i]) / (DAY_MICROS * rows[r + daysPerYear]);
      rows[r + yearsLeft] = years;
      if (!(years > 0)) {
        target[i] = 0;
        urgency[i] = Urgency.forced | Urgency.reduceOnly;
        wakeAt[i] = heldExposure(batch, i) !== 0 ? next : Infinity;
        continue;
      }
      wakeAt[i] = next;

      const sigma = rows[r + volatility];
      const rate = rows[r + riskFree];
      const deviation = sigma * Math.sqrt(years);
      const moneyness = logNow - rows[r + logStrike];
      const d = (moneyness + (rate + 0.5 * sigma * sigma) * years) / deviation;
      const delta = normalCdf(d) - rows[r + put];
      const gamma = normalDensity(d) / (spot * deviation);
      const book = rows[r + options] * gamma;
      const cost = 1.5 * exp(-rate * years) * rows[r + costFraction];
      const half = pow((cost * spot * book * book) / rows[r + riskAversion], THIRD);
      const hedged = rows[r + options] * delta;
      const net = hedged + heldExposure(batch, i) / spot;
      rows[r + logMoneyness] = moneyness;
      rows[r + optionDelta] = delta;
      rows[r + optionGamma] = gamma;
      rows[r + halfWidth] = half;
      rows[r + netDelta] = net;
      const gap = net - rows[r + goal];
      if (Math.abs(gap) > half) {
        const edge = gap > 0 ? half : -half;
        const left = rows[r + toTarget] > 0 ? 0 : edge;
        target[i] = (rows[r + goal] + left - hedged) * spot;
        urgency[i] = Urgency.forced;
      }
    }
  },
});

/** Writes the options of agent `i` at the present price: the first time, and when they roll. */
function writeOptions(batch: DecisionBatch, i: number, at: RowOffsets, logNow: number): void {
  const { rows } = batch;
  const r = batch.row[i];
  if (rows[r + at.expiryMicros] === 0) {
    const units = rows[r + AgentField.initialEquityQuote] / batch.price[i];
    rows[r + at.options] = rows[r + at.optionLeverage] * units;
    rows[r + at.goal] = rows[r + at.deltaTarget] * units;
  } else if (!(rows[r + at.rolls] > 0)) {
    return;
  }
  rows[r + at.logStrike] = logNow + log(rows[r + at.strikeRatio]);
  rows[r + at.expiryMicros] = batch.time[i] + rows[r + at.expiryDays] * DAY_MICROS;
}
