/** Schema of what must hold over many runs of a scenario. */
import { z } from 'zod';
import { list, object, text } from './fields.js';

/** Most assertions of a scenario. */
const ASSERTIONS_MAX = 100;

const DOC = 'What must hold, such as "badDebtQuote p99 <= 0" or "P(liquidations.count > 100) <= 5%"';
const error = { error: 'must be text such as "badDebtQuote p99 <= 0"' };
const assertText = z.string(error).meta({ description: DOC });

const describedSchema = object('An assertion with its reason', {
  assert: assertText,
  doc: text('Why it must hold, one line').optional(),
});

/** What "stampede check" asks of a scenario; runs do not depend on it. */
export const assertionsSchema = list(
  'What must hold over many runs: "stampede check" decides it, and no run depends on it',
  z.union([assertText, describedSchema], {
    error: 'must be text such as "badDebtQuote p99 <= 0", or a mapping {assert: ..., doc: ...}',
  }),
  0,
  ASSERTIONS_MAX,
);

/** One assertion as written. */
export type WrittenAssertion = z.output<typeof assertionsSchema>[number];
