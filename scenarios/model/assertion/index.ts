export { assertionText, statisticText } from './assertion.js';
export type { Amount, Assertion, Comparison, Statistic } from './assertion.js';
export { isFault, parseAssertion } from './parse-assertion.js';
export type { AssertionFault, ParsedAssertion } from './parse-assertion.js';
