/** Schema of the population: cohorts of agents that share a strategy. */
import { z } from 'zod';
import { choice, flag, integer, list, name, number, object } from './fields.js';
import { LATENCY_DOC } from './latency.js';
import { durationQuantity, numberQuantity, parameterQuantity } from './quantity.js';
import { TRADERS_MAX } from './schema-dials.js';
import { executionSchema } from './schema-execution.js';

const openingSchema = object('Positions held when the run starts', {
  longShare: number({
    doc: 'Share of agents that are long',
    unit: 'fraction',
    min: 0,
    max: 1,
  }).default(0.5),
  leverage: numberQuantity({
    doc: 'Notional over equity at the start price',
    unit: 'leverage',
    min: 0,
    max: 1000,
  }),
  entry: numberQuantity({
    doc: 'Log of entry price over start price',
    unit: '1',
    min: -3,
    max: 3,
  }).default(0),
});

const correlationSchema = object('Dependence of two drawn fields of an agent', {
  between: z
    .tuple([z.string(), z.string()], { error: 'must be a pair such as [equity, params.leverage]' })
    .describe('The two fields, by their paths in the cohort; opening.longShare is being long'),
  rho: number({
    doc: 'Correlation of their normal scores (Gaussian copula); both distributions stay',
    unit: '1',
    min: -1,
    max: 1,
  }),
});

const mixSchema = object('Share of a pool of agents that each seed splits anew', {
  name: name('Name of the mix; cohorts with the same one pool their counts'),
  alpha: number({
    doc: 'Dirichlet parameter: the mean share is alpha over the sum, large sums vary little',
    unit: '1',
    min: 0,
    max: 1e6,
    above: true,
  }),
});

/** A cohort. */
export const cohortSchema = object('Agents with the same strategy', {
  name: name('Name of the cohort; part of the key of every draw'),
  strategy: name('Name of the strategy'),
  count: integer({ doc: 'Agents', unit: 'agents', min: 0, max: TRADERS_MAX }),
  mix: mixSchema.optional(),
  crowding: number({
    doc: 'Dependence between the choices of the agents, in place of dials.crowding',
    unit: 'fraction',
    min: 0,
    max: 1,
  }).optional(),
  instrument: name(
    'Instrument traded; the first when left out',
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  ).optional(),
  margin: choice('Margin mode of the accounts', ['cross', 'isolated']).default('cross'),
  params: z
    .record(z.string(), parameterQuantity, { error: 'must be a mapping of strategy parameters' })
    .meta({ description: 'Strategy parameters; those left out take their defaults' })
    .default({}),
  equity: numberQuantity({
    doc: 'Equity at the start, at the start price',
    unit: 'quote',
    min: 0,
    max: 1e13,
    above: true,
  }),
  leverageMax: numberQuantity({
    doc: "Leverage cap of the agent's own",
    unit: 'leverage',
    min: 0,
    max: 1000,
    above: true,
  }).optional(),
  venueLeverage: numberQuantity({
    doc: 'Leverage chosen at the venue: sets the initial margin of orders',
    unit: 'leverage',
    min: 1,
    max: 1000,
  }).optional(),
  band: numberQuantity({
    doc: 'No-trade band around the target',
    unit: 'fraction of target',
    min: 0,
    max: 10,
  }).default(0.1),
  speedLimit: number({
    doc: 'Most traded per decision, of the average daily volume seen; no limit when left out',
    unit: 'fraction of daily volume',
    min: 0,
    max: 1000,
    above: true,
  }).optional(),
  execution: executionSchema.default({ policy: 'market' }),
  feedLatency: durationQuantity({
    doc: "From an event to the agent's knowledge of it; at least the window" + LATENCY_DOC,
    min: '1us',
    max: '1h',
  }).optional(),
  orderLatency: durationQuantity({
    doc: 'From a decision to its arrival; at least the window' + LATENCY_DOC,
    min: '1us',
    max: '1h',
  }).optional(),
  period: durationQuantity({
    doc: "Time between the agent's own decisions",
    min: '1us',
    max: '30d',
  }).default('1m'),
  phase: numberQuantity({
    doc: 'Offset of the first decision, in periods',
    unit: 'periods',
    min: 0,
    max: 1,
  }).default({ dist: 'uniform', min: 0, max: 1 }),
  start: durationQuantity({
    doc: 'Time before which the agent sleeps',
    min: '0s',
    max: '365d',
  }).default('0s'),
  opening: openingSchema.optional(),
  correlations: list('Dependences between drawn fields', correlationSchema, 0, 100).default([]),
  balances: flag('Takes the other side of all opening positions of its instrument').default(false),
  source: z.string().describe('Where the numbers come from, or that they are assumed').optional(),
});

/** The population. */
export const populationSchema = list('Cohorts of agents', cohortSchema, 1, 200);
