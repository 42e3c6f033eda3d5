/** Time-invariant portfolio protection: portfolio insurance whose floor follows the equity up. */
import { defineStrategy, WakeOn } from '../../sim/strategy/index.js';
import {
  cushionGain, cushionParams, cushionState, growFloor, investCushion, reaches, startClock,
  startCushion,
} from '../parts/index.js';

export const tipp = defineStrategy({
  name: 'tipp',
  family: 'scaling',
  doc:
    'As cppi, with a floor that never falls below a part of the equity: gains are locked in, and ' +
    'the cushion never becomes more than the rest.',
  source: 'Estep & Kritzman 1988',
  params: {
    ...cushionParams,
    ratchet: {
      doc: 'Part of the equity that the floor is raised to', unit: 'fraction', min: 0, max: 1,
      default: 0.8, source: 'assumption',
    },
  },
  state: cushionState,
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      '(m - 1) N down, and up (m (1 - k) - 1) N where the floor rises with the equity, k the ' +
      'ratchet',
    evaluate(state) {
      const { equity, of } = state;
      const grown = of('floor') * of('growthBar');
      const raised = of('ratchet') * equity;
      // The floor of this bar is the raised one but for rounding wherever it was raised.
      const follows = reaches(raised, grown, equity);
      return cushionGain(state, Math.max(grown, raised), follows ? of('ratchet') : 0);
    },
  },
  exitTrigger: 'its floor',
  examples: [
    {
      card: 'A11',
      doc: 'End value and floor on the reference path, every drift traded',
      equity: 100,
      expect: [
        { field: 'equityQuote', from: 9, values: [102.002224] },
        { field: 'state.floor', from: 9, values: [82.234351] },
      ],
    },
    {
      card: 'A11',
      doc: 'Its kink at the ratchet: (m - 1) N down, (m (1 - k) - 1) N up for N = 80',
      prices: [100],
      equity: 100,
      expect: [
        { field: 'gain.down', values: [240], tolerance: 1e-4 },
        { field: 'gain.up', values: [-16], tolerance: 1e-4 },
      ],
    },
  ],
  start(batch, at) {
    startCushion(batch, at);
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, equity } = batch;
    const { floor, ratchet } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      growFloor(rows, r, at);
      rows[r + floor] = Math.max(rows[r + floor], rows[r + ratchet] * equity[i]);
      investCushion(batch, i, at);
    }
  },
});
