/** Schema of an instrument's index: the price outside the simulated market. */
import { z } from 'zod';
import { duration, integer, list, number, object, variants } from './fields.js';

const price = (doc: string) => number({ doc, unit: 'quote', min: 0, max: 1e9, above: true });
const step = duration({ doc: 'Time between updates', min: '100ms', max: '1h' }).default('1s');
const volatility = number({
  doc: 'Annualised standard deviation of log returns (365 days)',
  unit: 'fraction',
  min: 0,
  max: 50,
});
const drift = number({
  doc: 'Annualised growth rate',
  unit: 'fraction',
  min: -50,
  max: 50,
}).default(0);
const lifetime = (doc: string) => duration({ doc, min: '1s', max: '365d' });
const kind = <const N extends string>(word: N) => z.literal(word).describe('Which index it is');

/** Choice of an index. */
export const indexSchema = variants(
  'Index',
  'kind',
  ['bridge', 'gbm', 'multifractal', 'constant'],
  [
    object(
      'Published prices joined by a seeded Brownian bridge; they are points to pass, not bounds',
      {
        kind: kind('bridge'),
        every: duration({ doc: 'Time between the levels', min: '1s', max: '30d' }).default('1h'),
        levels: list('Prices from the start, one each interval', price('A price'), 1, 100000),
        anchors: list(
          'Further prices at given times',
          object('A price at a time', {
            at: duration({ doc: 'Time from the start', min: '0s', max: '365d' }),
            price: price('The price'),
          }),
          0,
          10000,
        ).default([]),
        volatility,
        step,
      },
    ),
    object('Geometric Brownian motion', {
      kind: kind('gbm'),
      price: price('First price'),
      volatility,
      drift,
      step,
    }),
    object(
      'Volatility that clusters: a product of components of many lifetimes (Calvet & Fisher 2004)',
      {
        kind: kind('multifractal'),
        price: price('First price'),
        volatility,
        drift,
        step,
        components: integer({
          doc: 'Components of the volatility',
          unit: 'count',
          min: 1,
          max: 32,
        }).default(8),
        spread: number({
          doc: 'A component multiplies the variance by 1 minus or plus this; 0 for none',
          unit: 'fraction',
          min: 0,
          max: 1,
        }).default(0.4),
        shortest: lifetime('Mean life of the fastest component').default('1m'),
        longest: lifetime('Mean life of the slowest component').default('2d'),
      },
    ),
    object('A price that never changes', { kind: kind('constant'), price: price('The price') }),
  ],
);
