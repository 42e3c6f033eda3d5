/** Schema of the venue: instruments and a choice per policy slot. */
import { z } from 'zod';
import { choice, duration, flag, integer, list, name, number, object, variants } from './fields.js';
import { indexSchema } from './schema-index.js';

const FRACTION = 'fraction';

const gridStep = (doc: string, unit: string) =>
  z
    .union([z.literal('auto'), number({ doc, unit, min: 0, max: 1e9, above: true })], {
      error: `must be "auto" or a number in (0, 1e9] [${unit}]`,
    })
    .meta({ description: `${doc} [${unit}], or "auto"` })
    .default('auto');

const contractSchema = object('Contract terms', {
  kind: choice(
    'linear: settled in quote currency; inverse: of fixed quote value, settled in base currency',
    ['linear', 'inverse'],
  ),
  tick: gridStep('Price increment; auto puts the first price near 16,000 ticks', 'quote'),
  lot: gridStep('Size increment', 'inverse: quote; linear: base'),
  quantum: gridStep('Smallest amount of money', 'inverse: base; linear: quote'),
});

const tierSchema = object('A margin bracket', {
  floor: number({
    doc: 'Notional above which the bracket applies',
    unit: 'collateral',
    min: 0,
    max: 1e15,
  }),
  maintenance: number({
    doc: 'Maintenance margin rate',
    unit: 'fraction of notional',
    min: 0,
    max: 0.99,
    above: true,
  }),
  initial: number({
    doc: 'Initial margin rate',
    unit: 'fraction of notional',
    min: 0,
    max: 1,
    above: true,
  }),
});

const ladderSchema = object('Brackets at equal steps of notional (a risk limit and its steps)', {
  base: number({
    doc: 'Notional the first bracket ends at',
    unit: 'collateral',
    min: 0,
    max: 1e15,
    above: true,
  }),
  step: number({
    doc: 'Width of each further bracket',
    unit: 'collateral',
    min: 0,
    max: 1e15,
    above: true,
  }),
  steps: integer({ doc: 'Further brackets', unit: 'brackets', min: 0, max: 200 }),
  maintenance: number({
    doc: 'Maintenance margin rate of the first bracket',
    unit: 'fraction of notional',
    min: 0,
    max: 0.99,
    above: true,
  }),
  initial: number({
    doc: 'Initial margin rate of the first bracket',
    unit: 'fraction of notional',
    min: 0,
    max: 1,
    above: true,
  }),
  rateStep: number({
    doc: 'Added to both rates by each further bracket',
    unit: 'fraction of notional',
    min: 0,
    max: 0.5,
  }),
});

const marginSchema = object('Margin', {
  leverageMax: number({ doc: 'Largest leverage offered', unit: 'leverage', min: 1, max: 1000 }),
  tiers: list('Brackets, ascending; give either these or a ladder', tierSchema, 1, 200).optional(),
  ladder: ladderSchema.optional(),
  unrealisedProfitCounts: flag('Unrealised profit may back new orders').default(false),
});

const markSchema = variants(
  'Mark price',
  'kind',
  ['fair', 'medianOfThree', 'last', 'index'],
  [
    object('Index plus funding basis, as at BitMEX', {
      kind: z.literal('fair').describe('Which mark price it is'),
    }),
    object('Median of fair price, index plus mean basis, and last price', {
      kind: z.literal('medianOfThree').describe('Which mark price it is'),
      sample: duration({ doc: 'Interval of the basis samples', min: '100ms', max: '1h' }).default(
        '1s',
      ),
      samples: integer({ doc: 'Samples averaged', unit: 'samples', min: 1, max: 1000 }).default(30),
    }),
    object('Last trade', { kind: z.literal('last').describe('Which mark price it is') }),
    object('Index', { kind: z.literal('index').describe('Which mark price it is') }),
  ],
);

const fundingSchema = variants(
  'Funding',
  'kind',
  ['none', 'premium'],
  [
    object('No funding', { kind: z.literal('none').describe('Which funding it is') }),
    object('Premium of the book over the index plus clamped interest', {
      kind: z.literal('premium').describe('Which funding it is'),
      interval: duration({ doc: 'Time between settlements', min: '1m', max: '30d' }).default('8h'),
      first: duration({ doc: 'Time of the first settlement', min: '0s', max: '30d' }).default('8h'),
      interest: number({
        doc: 'Interest per 8 hours',
        unit: FRACTION,
        min: -0.1,
        max: 0.1,
      }).default(0.0001),
      clamp: number({
        doc: 'Bound of interest less premium',
        unit: FRACTION,
        min: 0,
        max: 0.1,
      }).default(0.0005),
      impactNotional: number({
        doc: 'Notional walked in the book for the impact prices',
        unit: 'collateral',
        min: 0,
        max: 1e12,
        above: true,
      }),
      sample: duration({ doc: 'Interval of the premium samples', min: '1s', max: '1h' }).default(
        '1m',
      ),
      rising: flag('Later samples weigh more').default(false),
      lagged: flag('The rate found over an interval is paid at the end of the next one').default(
        false,
      ),
      rateMax: number({
        doc: 'Largest rate per interval',
        unit: FRACTION,
        min: 0,
        max: 1,
        above: true,
      }).optional(),
    }),
  ],
);

const feesSchema = object('Fees, fractions of notional', {
  maker: number({
    doc: 'Fee of the resting order; negative is a rebate',
    unit: FRACTION,
    min: -0.01,
    max: 0.05,
  }).default(0),
  taker: number({ doc: 'Fee of the aggressing order', unit: FRACTION, min: 0, max: 0.05 }).default(
    0,
  ),
  liquidation: number({
    doc: 'Fee on liquidation orders, paid to the insurance fund',
    unit: FRACTION,
    min: 0,
    max: 0.05,
  }).default(0),
});

const bookSchema = object(
  'Limit orders that rest in the book at the start and are never cancelled',
  {
    levels: integer({ doc: 'Levels on each side', unit: 'levels', min: 0, max: 20000 }),
    size: integer({ doc: 'Size of each level', unit: 'lots', min: 1, max: 1e9 }),
    first: integer({
      doc: 'Distance of the first level from the start price',
      unit: 'ticks',
      min: 1,
      max: 1e6,
    }).default(1),
    spacing: integer({ doc: 'Distance between levels', unit: 'ticks', min: 1, max: 1e6 }).default(
      1,
    ),
    refill: number({
      doc: 'Part of the levels a liquidation order consumed that is posted again after it',
      unit: FRACTION,
      min: 0,
      max: 1,
    }).default(0),
  },
);

const instrumentSchema = object('A perpetual contract', {
  name: name('Name of the instrument', /^[A-Za-z0-9][A-Za-z0-9_-]*$/),
  contract: contractSchema,
  margin: marginSchema,
  mark: markSchema,
  funding: fundingSchema.default({ kind: 'none' }),
  fees: feesSchema.prefault({}),
  band: number({
    doc: 'Orders further than this from the index are refused; 0 for no band',
    unit: 'fraction of index',
    min: 0,
    max: 0.99,
  }).default(0),
  selfTrade: choice('What happens when an account would trade with itself', [
    'cancelNewest',
    'cancelOldest',
    'decrement',
  ]).default('cancelNewest'),
  index: indexSchema,
  book: bookSchema.optional(),
});

const liquidationSchema = object('Liquidation', {
  policy: choice('stepDown: bracket by bracket, then takeover; wholeAtMarket: all at once', [
    'stepDown',
    'wholeAtMarket',
  ]).default('stepDown'),
  order: choice('Whether a step-down order fills whole (fok) or also in part (ioc)', [
    'fok',
    'ioc',
  ]).default('fok'),
  delay: duration({ doc: 'From a breach to the liquidation order', min: '0s', max: '1h' }).default(
    '0s',
  ),
});

/** The venue. */
export const venueSchema = object(
  'The venue: instruments that share accounts, a fund and policies',
  {
    name: name('Name of the venue'),
    instruments: list('Instruments', instrumentSchema, 1, 8),
    liquidation: liquidationSchema.prefault({}),
    waterfall: list(
      'Who bears a loss, in this order',
      choice('A step of the loss waterfall', ['insuranceFund', 'autoDeleverage', 'badDebt']),
      1,
      3,
    ).default(['insuranceFund', 'autoDeleverage', 'badDebt']),
    insuranceFund: number({
      doc: 'Insurance fund at the start',
      unit: 'collateral: inverse base, linear quote',
      min: 0,
      max: 1e12,
    }).default(0),
  },
);
