/** Trend following: exposure is a bounded odd function of a moving average of returns. */
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import { logTicks, squash, standsDown, startClock } from '../parts/index.js';

export const momentum = defineStrategy({
  name: 'momentum',
  family: 'flow',
  doc:
    'Follows the trend: exposure = equity x leverage x tanh(steepness x moving average of log ' +
    'returns).',
  source: 'Chiarella 1992; Majewski, Ciliberti & Bouchaud 2020',
  params: {
    leverage: {
      doc: 'Leverage at full conviction', unit: 'leverage', min: 0, max: 100, default: 2,
      source: 'assumption',
    },
    weight: {
      doc: 'Weight of the newest return in the average',
      unit: 'fraction', min: 0, max: 1, default: 0.1,
      source: 'Majewski, Ciliberti & Bouchaud 2020, rescaled to the bar',
    },
    steepness: {
      doc: 'Conviction per unit of average return a bar', unit: '1', min: 0, max: 1e6, default: 50,
      source: 'assumption',
    },
  },
  state: {
    lastLog: { doc: 'Log of the mark in ticks at the last bar; -1 before', unit: '1', initial: -1 },
    trend: { doc: 'Moving average of log returns', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'the trend turns',
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { leverage, weight, steepness, lastLog, trend } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const now = logTicks(market[marketAt[i] + MarketField.mark]);
      const last = rows[r + lastLog];
      rows[r + lastLog] = now;
      let m = rows[r + trend];
      if (last >= 0) {
        m += rows[r + weight] * (now - last - m);
        rows[r + trend] = m;
      }
      target[i] = equity[i] * rows[r + leverage] * squash(rows[r + steepness] * m);
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
