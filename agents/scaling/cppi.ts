/** Constant proportion portfolio insurance. */
import { defineStrategy, WakeOn } from '../../sim/strategy/index.js';
import {
  cushionGain, cushionParams, cushionState, growFloor, investCushion, startClock, startCushion,
} from '../parts/index.js';

export const cppi = defineStrategy({
  name: 'cppi',
  family: 'scaling',
  doc:
    'Holds a multiple of its cushion, the equity above a floor that grows at the risk-free rate, ' +
    'up to a cap; holds nothing for good once the cushion is gone.',
  source: 'Perold 1986; Black & Jones 1987; Black & Perold 1992',
  params: cushionParams,
  state: cushionState,
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula: 'm (m - 1) C, C the cushion; l (l - 1) W at the cap; 0 within the tolerance',
    evaluate: (state) => cushionGain(state, state.of('floor') * state.of('growthBar'), 0),
  },
  exitTrigger: 'its floor',
  examples: [
    {
      card: 'A11',
      doc: 'Exposures on the reference path, every drift traded',
      equity: 100,
      expect: [
        {
          field: 'targetNotionalQuote',
          values: [80, 83.2, 89.79, 86.303, 76.15, 69.996, 72.883, 81.807, 91.527],
          tolerance: 0.0005,
        },
        { field: 'equityQuote', from: 9, values: [102.001634] },
      ],
    },
    {
      card: 'A11',
      doc: 'The feedback of a cushion of 20',
      prices: [100],
      equity: 100,
      set: { multiplier: 3 },
      expect: [
        { field: 'gain.down', values: [120], tolerance: 1e-4 },
        { field: 'gain.up', values: [120], tolerance: 1e-4 },
      ],
    },
  ],
  start(batch, at) {
    startCushion(batch, at);
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      growFloor(rows, row[i], at);
      investCushion(batch, i, at);
    }
  },
});
