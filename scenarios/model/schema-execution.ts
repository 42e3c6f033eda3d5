/** Schema of a cohort's execution: how changes of position become orders. */
import { z } from 'zod';
import { executionPolicies } from '../../sim/execution/index.js';
import { integer, number, object, variants } from './fields.js';
import { durationQuantity, numberQuantity } from './quantity.js';

const policy = <const N extends string>(word: N) =>
  z.literal(word).describe('Which execution policy it is');

const slices = (fallback: number) =>
  integer({ doc: 'Child orders of a parent order', unit: 'orders', min: 1, max: 1000 }).default(
    fallback,
  );

const horizon = durationQuantity({
  doc: 'How long a parent order takes',
  min: '1s',
  max: '30d',
}).default('30m');

/** How a sizing cohort's changes of position become orders. */
export const executionSchema = variants(
  'How changes of position become orders (sizing strategies)',
  'policy',
  executionPolicies,
  [
    object('One market order, at once', { policy: policy('market') }),
    object(
      'Joins the best quote on its side, post-only, and moves with it; takes what is left at the end',
      {
        policy: policy('limit-join'),
        reprice: durationQuantity({
          doc: 'Time between two looks at the quote (assumption)',
          min: '1ms',
          max: '1d',
        }).default('1s'),
        patience: durationQuantity({
          doc: 'Time after which the rest goes to the market (assumption)',
          min: '1ms',
          max: '30d',
        }).default('30s'),
      },
    ),
    object('Equal market orders, at the starts of equal parts of a duration', {
      policy: policy('twap'),
      duration: horizon,
      slices: slices(10),
    }),
    object('At each look, a market order for a share of the volume traded since the last', {
      policy: policy('pov'),
      rate: numberQuantity({
        doc: 'Share of the traded volume, its own included (practice: 10 %)',
        unit: 'fraction',
        min: 0,
        max: 1,
        above: true,
      }).default(0.1),
      look: durationQuantity({
        doc: 'Time between two looks at the volume (assumption)',
        min: '1ms',
        max: '1d',
      }).default('10s'),
    }),
    object('Sizes that weigh impact against risk (Almgren & Chriss 2001)', {
      policy: policy('almgren-chriss'),
      duration: horizon,
      slices: slices(10),
      riskAversion: numberQuantity({
        doc: 'Lambda: weight of the variance of the cost (assumption)',
        unit: '1/quote',
        min: 0,
        max: 1e9,
      }).default(1e-4),
      volatility: number({
        doc: 'Sigma: volatility (Almgren & Chriss 2001: 1.9 %)',
        unit: 'fraction of price per square root of a day',
        min: 0,
        max: 10,
      }).default(0.019),
      temporaryImpact: number({
        doc:
          'Eta: moved while trading at the rate of the average daily volume ' +
          '(Almgren & Chriss 2001: a spread of 0.25 % at 1 % of it)',
        unit: 'fraction of price',
        min: 0,
        max: 100,
        above: true,
      }).default(0.25),
      permanentImpact: number({
        doc:
          'Gamma: moved for good by one average daily volume ' +
          '(Almgren & Chriss 2001: a spread of 0.25 % for 10 % of it)',
        unit: 'fraction of price',
        min: 0,
        max: 100,
      }).default(0.025),
    }),
  ],
);

/** A cohort's execution with every default filled in. */
export type Execution = z.output<typeof executionSchema>;
