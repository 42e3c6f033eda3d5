/** Schema of scheduled faults and of orders from outside the population. */
import { z } from 'zod';
import { choice, duration, list, name, number, object, variants } from './fields.js';

const at = (doc: string) => duration({ doc, min: '0s', max: '365d' });

const haltSchema = object('The venue refuses orders and cancels, and liquidates nobody', {
  kind: z.literal('halt').describe('Which fault it is'),
  from: at('Start of the halt, from the start of the run'),
  until: at('End of the halt, from the start of the run'),
  source: z.string().describe('Where the times come from').optional(),
});

/** Faults, at offsets from the start. */
export const faultsSchema = list(
  'Scheduled faults',
  variants('A scheduled fault', 'kind', ['halt'], [haltSchema]),
  0,
  1000,
).default([]);

const programSchema = object('A program of equal orders at a regular interval', {
  name: name('Name of the program'),
  instrument: name(
    'Instrument traded; the first when left out',
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  ).optional(),
  side: choice('Side of the orders', ['buy', 'sell']),
  notional: number({
    doc: 'Size of the whole program at the start price',
    unit: 'quote',
    min: 0,
    max: 1e13,
    above: true,
  }),
  from: at('Time of the first order'),
  until: at('Time of the last order; one order when left out').optional(),
  every: duration({ doc: 'Time between orders', min: '1ms', max: '1d' }).default('1s'),
  kind: choice('market, or limit at a distance from the start price', ['market', 'limit']).default(
    'market',
  ),
  distance: number({
    doc: 'Limit price over start price less 1; for limit orders',
    unit: 'fraction',
    min: -0.99,
    max: 10,
  }).default(0),
  source: z.string().describe('Where the size and times come from').optional(),
});

/** Orders from outside the population. */
export const exogenousSchema = list(
  'Orders from outside the population',
  programSchema,
  0,
  1000,
).default([]);
