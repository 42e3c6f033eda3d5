/** The retail crowd: takes a levered position once and never touches it again. */
import { AgentField, defineStrategy, Urgency, WakeOn } from '../../sim/strategy/index.js';
import { standsDown } from '../parts/index.js';

export const buyAndHoldLevered = defineStrategy({
  name: 'buy-and-hold-levered',
  family: 'scaling',
  doc:
    'Opens leverage x equity once, then holds until it is liquidated; one that starts with a ' +
    'position never acts.',
  source: 'assumption: the passive, isolated-margin crowd of retail perpetual venues',
  params: {
    leverage: {
      doc: 'Leverage of the one entry', unit: 'leverage', min: 0, max: 150, default: 10,
      source: 'assumption; draw it per agent',
    },
    direction: {
      doc: 'Side taken: 1 long, -1 short',
      unit: '1', min: -1, max: 1, default: 1, source: 'assumption',
    },
    entryMicros: {
      doc: 'Time of the entry',
      unit: 'microseconds', min: 0, max: 1e15, default: 0, source: 'assumption',
    },
  },
  state: {},
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 0,
  gain: { formula: '0', evaluate: () => ({ down: 0, up: 0 }) },
  exitTrigger: 'liquidation',
  start(batch, at) {
    const { count, rows, row, wakeAt } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      wakeAt[i] = rows[r + AgentField.position] !== 0 ? Infinity : rows[r + at.entryMicros];
    }
  },
  decide(batch, at) {
    const { count, rows, row, equity, target, urgency, wakeAt } = batch;
    const { leverage, direction } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      wakeAt[i] = Infinity;
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) {
        wakeAt[i] = Infinity;
        continue;
      }
      if (rows[r + AgentField.position] !== 0 || rows[r + AgentField.pending] !== 0) continue;
      target[i] = rows[r + direction] * rows[r + leverage] * equity[i];
      urgency[i] = Urgency.forced;
    }
  },
});
