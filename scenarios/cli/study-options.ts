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
