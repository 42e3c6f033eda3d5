/** Schema of a study: many runs that answer one question. */
import { z } from 'zod';
import { choice, flag, integer, list, name, number, object, text, variants } from '../../model/index.js';

/** Most factors: the directions of Sobol's sequence are known for 64 dimensions. */
export const FACTORS_MAX = 32;
/** Most runs of a study. */
export const RUNS_MAX = 10_000_000;
/** Primary outcomes: more would be no declaration. */
const PRIMARY_MAX = 3;

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const path = (doc: string) =>
  z
    .string({ error: 'must be a path such as dials.leverage or population.retail.count' })
    .min(1, { error: 'must be a path such as dials.leverage' })
    .meta({ description: doc });
const settings = (doc: string) =>
  z.record(z.string(), z.unknown(), { error: 'must be a mapping of paths to values' }).meta({ description: doc });

const number64 = (doc: string, unit = '1') => number({ doc, unit, min: -1e15, max: 1e15 });

const targetSchema = object('A value of the scenario that a factor sets', {
  path: path('Path of the value, as --set takes it'),
  scale: number64('What the factor is multiplied by').default(1),
  offset: number64('What is added then').default(0),
  integer: flag('Round to the nearest whole number').default(false),
});

const distributionSchema = variants(
  'How values are spread over the range, cut to it; evenly when left out',
  'kind',
  ['normal', 'lognormal', 'triangular'],
  [
    object('Normal', { kind: z.literal('normal'), mean: number64('Mean'), sd: number({ doc: 'Standard deviation', unit: '1', min: 0, max: 1e15, above: true }) }),
    object('Lognormal', { kind: z.literal('lognormal'), median: number({ doc: 'Median', unit: '1', min: 0, max: 1e15, above: true }), sigma: number({ doc: 'Standard deviation of the logarithm', unit: '1', min: 0, max: 100, above: true }) }),
    object('Triangular', { kind: z.literal('triangular'), mode: number64('Most likely value') }),
  ],
);

const factorSchema = object('What is varied', {
  name: name('Name of the factor: a column of the results', NAME),
  doc: text('What it is').default(''),
  unit: text('Unit of its values').default(''),
  path: path('Path of the value it sets, as --set takes it').optional(),
  sets: list('Several values it sets, in place of path', targetSchema, 1, 32).optional(),
  range: z
    .tuple([number64('Least value'), number64('Greatest value')], { error: 'must be a pair such as [0.5, 2]' })
    .meta({ description: 'Least and greatest value' })
    .optional(),
  values: list('Values one by one, in place of range', z.unknown(), 1, 10_000).optional(),
  transform: choice('Scale on which values are spread evenly', ['linear', 'log', 'integer']).default('linear'),
  distribution: distributionSchema.optional(),
  levels: integer({ doc: 'Levels in a grid, in place of design.levels', unit: 'levels', min: 1, max: 10_000 }).optional(),
  simplex: name('Group of factors that sum to one: shares of a mix', NAME).optional(),
});

const points = integer({ doc: 'Points', unit: 'points', min: 1, max: 1_000_000 });
const designSchema = variants(
  'Which points are run',
  'kind',
  ['grid', 'list', 'random', 'latinHypercube', 'sobol', 'morris', 'saltelli'],
  [
    object('Every combination of levels', { kind: z.literal('grid'), levels: integer({ doc: 'Levels of each factor with a range', unit: 'levels', min: 1, max: 10_000 }).default(5) }),
    object('Points one by one', { kind: z.literal('list'), points: list('Points: values by factor', z.record(z.string(), z.unknown()), 1, 100_000) }),
    object('Independent uniform points', { kind: z.literal('random'), points }),
    object('Latin hypercube', { kind: z.literal('latinHypercube'), points, maximin: flag('Spread points by swaps that raise the least distance').default(true) }),
    object('Sobol sequence with Owen scrambling', { kind: z.literal('sobol'), points, scramble: flag('Scramble').default(true) }),
    object('Morris screening: elementary effects', {
      kind: z.literal('morris'),
      trajectories: integer({ doc: 'Trajectories of one step in each factor', unit: 'trajectories', min: 2, max: 10_000 }).default(20),
      levels: integer({ doc: 'Levels of the grid, even', unit: 'levels', min: 2, max: 100 }).default(4),
    }),
    object('Saltelli: variance-based sensitivity', {
      kind: z.literal('saltelli'),
      rows: integer({ doc: 'Rows of the base samples; each is run factors + 2 times', unit: 'rows', min: 2, max: 1_000_000 }),
    }),
  ],
);

const sequentialSchema = object('As many replicates as a precision needs, point by point', {
  metric: text('Figure whose mean is to be precise'),
  precision: number({ doc: 'Half-width of its interval over its mean', unit: 'fraction', min: 0, max: 1, above: true }),
  min: integer({ doc: 'Replicates of every point', unit: 'runs', min: 2, max: 1_000_000 }).default(30),
  max: integer({ doc: 'Most replicates of a point', unit: 'runs', min: 2, max: 1_000_000 }).default(300),
});

const primarySchema = object('An outcome declared beforehand', {
  metric: text('Figure of a run'),
  statistic: text('mean, median, pNN such as p95, or share').default('mean'),
  above: number64('share: the part of runs whose figure lies above this').optional(),
});

const variantSchema = object('A design of the venue to compare at every point', {
  name: name('Name of the variant', NAME),
  doc: text('What it changes').default(''),
  set: settings('Values of the scenario it changes: path to value').default({}),
});

const baseSchema = z.union(
  [
    z.string({ error: 'must be a scenario, or a mapping with scenario or function' }),
    object('What is run', {
      scenario: text('Name of a scenario, or a file beside the study').optional(),
      function: text('Function with a known answer, in place of a scenario').optional(),
      set: settings('Values of the scenario that every run changes').default({}),
      index: text('Index file: real prices in place of the scenario index').optional(),
      strategies: list('Files of strategies of your own', text('File'), 0, 100).default([]),
    }),
  ],
  { error: 'must be a scenario, or a mapping with scenario or function' },
).meta({ description: 'What is run' });

/** A study as it is written; left-out keys have defaults. */
export const studySchema = object('A Stampede study', {
  name: name('Name of the study'),
  title: text('Title, one line').default(''),
  question: text('The question it answers').default(''),
  doc: text('Background').default(''),
  statement: text('What was found, with the numbers measured').default(''),
  sources: list('Where it comes from: citations', text('A citation'), 0, 50).default([]),
  base: baseSchema,
  seed: integer({ doc: 'Seed of replicate 0; replicate k runs on seed + k, at every point', unit: 'seed', min: 0, max: Number.MAX_SAFE_INTEGER }).default(0),
  factors: list('What is varied', factorSchema, 0, FACTORS_MAX).default([]),
  design: designSchema.default({ kind: 'grid', levels: 5 }),
  designSeed: integer({ doc: 'Seed of the design itself', unit: 'seed', min: 0, max: Number.MAX_SAFE_INTEGER }).default(0),
  replicates: z
    .union([integer({ doc: 'Replicates of every point', unit: 'runs', min: 1, max: 1_000_000 }), sequentialSchema], {
      error: 'must be a whole number, or a mapping with metric, precision, min, max',
    })
    .meta({ description: 'Runs of every point, each on a seed of its own' })
    .default(10),
  variants: list('Designs to compare on the same seeds', variantSchema, 1, 100).default([{ name: 'base', doc: '', set: {} }]),
  primary: list('Outcomes declared beforehand', primarySchema, 0, PRIMARY_MAX).default([]),
  tables: list('Tables to keep beside that of the runs: a row an episode, a row a sample', choice('Table', ['episodes', 'intervals']), 0, 2).default([]),
  confidence: number({ doc: 'Confidence level of intervals', unit: 'fraction', min: 0.5, max: 0.9999 }).default(0.95),
  budget: integer({ doc: 'Most runs', unit: 'runs', min: 1, max: RUNS_MAX }).default(1_000_000),
});

/** A study with every default filled in. */
export type Study = z.output<typeof studySchema>;
export type StudyInput = z.input<typeof studySchema>;
export type Factor = Study['factors'][number];
export type DesignChoice = Study['design'];
export type Variant = Study['variants'][number];
export type PrimaryOutcome = Study['primary'][number];
/** Replicates that depend on what is found. */
export type SequentialRule = Exclude<Study['replicates'], number>;
