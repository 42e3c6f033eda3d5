/** Schema of a scenario: every key with its meaning, unit, bounds and default. */
import { z } from 'zod';
import { duration, list, name, object, text } from './fields.js';
import { assertionsSchema } from './schema-assertions.js';
import { dialsSchema } from './schema-dials.js';
import { flatSchema } from './schema-flat.js';
import { exogenousSchema, faultsSchema } from './schema-faults.js';
import { isInstant } from './instant.js';
import { populationSchema } from './schema-population.js';
import { venueSchema } from './schema-venue.js';

const instantError = { error: 'must be an instant in UTC such as "2020-03-12T00:00:00Z"' };

const timeSchema = object('Time', {
  duration: duration({ doc: 'How long the run lasts', min: '1s', max: '365d' }),
  window: duration({
    doc: 'Window of the engine; no latency is shorter. A model parameter: it changes the result',
    min: '100us',
    max: '1s',
  }).default('100ms'),
  startsAt: z
    .string(instantError)
    .refine(isInstant, instantError)
    .meta({ description: 'Instant the run starts at, for display [UTC]' })
    .default('1970-01-01T00:00:00Z'),
  series: duration({ doc: 'Interval of the recorded series', min: '10ms', max: '1d' }).default(
    '10s',
  ),
});

/** A scenario as it is written; left-out keys have defaults. */
export const scenarioSchema = object('A Stampede scenario', {
  name: name('Name of the scenario'),
  title: text('Title, one line').default(''),
  doc: text('What it shows, with sources').default(''),
  statement: text('What should be seen in it, with the numbers measured').default(''),
  sources: list('Where it comes from: citations', text('A citation'), 0, 50).default([]),
  time: timeSchema,
  venue: venueSchema,
  faults: faultsSchema,
  exogenous: exogenousSchema,
  population: populationSchema,
  dials: dialsSchema,
  flat: flatSchema.optional(),
  assertions: assertionsSchema.optional(),
});

/** A scenario as written. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
export type Cohort = Scenario['population'][number];
export type Venue = Scenario['venue'];
export type Instrument = Venue['instruments'][number];
export type IndexChoice = Instrument['index'];
export type Dials = Scenario['dials'];
export type Flat = NonNullable<Scenario['flat']>;
