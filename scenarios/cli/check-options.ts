/** Options of `check`. */
import type { OptionSpec } from './command.js';

/** Runs made at most, unless said otherwise: p99 can pass or fail with a third of them. */
export const BUDGET_DEFAULT = 1000;
/** Confidence of a verdict, unless said otherwise. */
export const CONFIDENCE_DEFAULT = 0.95;

export const assert: OptionSpec = {
  name: 'assert',
  doc: 'What must hold, e.g. "badDebtQuote p99 <= 0", in place of the assertions of the scenario; repeatable',
  group: 'Verdict',
  kind: 'list',
  value: 'assertion',
};

export const seeds: OptionSpec = {
  name: 'seeds',
  doc: 'Make exactly so many runs, from --seed on, and judge once',
  group: 'Verdict',
  kind: 'value',
  value: 'n',
  fallback: 'as many as the verdicts need',
};

export const budget: OptionSpec = {
  name: 'budget',
  doc: 'Most runs to make before what is undecided stays so',
  group: 'Verdict',
  kind: 'value',
  value: 'n',
  fallback: String(BUDGET_DEFAULT),
};

export const confidence: OptionSpec = {
  name: 'confidence',
  doc: 'Confidence of each verdict, 0.5 to 0.9999',
  group: 'Verdict',
  kind: 'value',
  value: 'fraction',
  fallback: String(CONFIDENCE_DEFAULT),
};

export const junit: OptionSpec = {
  name: 'junit',
  doc: 'Write the verdicts as JUnit XML to a file, replacing it',
  group: 'Output',
  kind: 'value',
  value: 'file',
};

export const github: OptionSpec = {
  name: 'github',
  doc: 'Print annotations for GitHub; --no-github leaves them out',
  group: 'Output',
  kind: 'flag',
  fallback: 'on where GITHUB_ACTIONS is true',
};
