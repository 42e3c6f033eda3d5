/** Options of the commands that make many runs. */
import type { OptionSpec } from './command.js';

export const plan: OptionSpec = {
  name: 'plan',
  doc: 'Show the design, the number of runs, estimated time and disk; run nothing',
  group: 'Study',
  kind: 'flag',
};

export const jobs: OptionSpec = {
  name: 'jobs',
  doc: 'Runs at the same time; the result does not depend on it',
  group: 'Study',
  kind: 'value',
  value: 'n',
  fallback: 'the cores of this machine',
};

export const budget: OptionSpec = {
  name: 'budget',
  doc: 'Most runs, those present included: an even share of the design',
  group: 'Study',
  kind: 'value',
  value: 'n',
  fallback: 'all runs of the design',
};

export const resume: OptionSpec = {
  name: 'resume',
  doc: 'Go on in a folder that holds the study already: absent, begun or finished',
  group: 'Study',
  kind: 'flag',
};

export const shard: OptionSpec = {
  name: 'shard',
  doc: 'Make part i of n, on as many machines; then stampede merge',
  group: 'Study',
  kind: 'value',
  value: 'i/n',
  fallback: 'that of a Slurm array task or a Kubernetes indexed job',
};

export const studyOut: OptionSpec = {
  name: 'out',
  doc: 'Folder of the study; runs do not depend on it',
  group: 'Output',
  kind: 'value',
  value: 'dir',
  fallback: 'studies/<study>',
};

export const rowLimit: OptionSpec = {
  name: 'limit',
  doc: 'Most rows of the text; --json has all',
  group: 'Output',
  kind: 'value',
  value: 'n',
  fallback: '100',
};

export const exportFormat: OptionSpec = {
  name: 'format',
  doc: 'csv, arrow, parquet or json',
  group: 'Output',
  kind: 'value',
  value: 'name',
  fallback: 'csv',
};

export const exportOut: OptionSpec = {
  name: 'out',
  doc: 'File to write, which must not exist; - for stdout',
  group: 'Output',
  kind: 'value',
  value: 'file',
  fallback: 'stdout for csv and json',
};

export const exportedTable: OptionSpec = {
  name: 'table',
  doc: 'runs, timings, or episodes and intervals where the study keeps them',
  group: 'Study',
  kind: 'value',
  value: 'name',
  fallback: 'runs',
};

export const analyzedMetric: OptionSpec = {
  name: 'metric',
  doc: 'Figure to look at (its mean), in place of the declared outcomes',
  group: 'Study',
  kind: 'value',
  value: 'name',
  fallback: 'the outcomes that the study declares',
};

export const analysisOut: OptionSpec = {
  name: 'out',
  doc: 'Folder of the report; an earlier report there is replaced',
  group: 'Output',
  kind: 'value',
  value: 'dir',
  fallback: 'analysis in the folder of the study',
};
