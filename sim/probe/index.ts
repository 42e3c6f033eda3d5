export { Probe } from './probe.js';
export type { ProbeOptions, ProbeOrder, ProbeSight, ProbeStep } from './probe-types.js';
export { probeOutcomes } from './outcomes.js';
export type { OutcomeSteps } from './outcomes.js';
export { checkExample, fieldOf, runExample } from './example.js';
export type { ExampleMismatch } from './example.js';
export { measureGain } from './gain.js';
export type { ProbeGain } from './gain.js';
