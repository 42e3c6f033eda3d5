export { RunPool } from './pool/index.js';
export type { RunPoolOptions, TakeOutcome } from './pool/index.js';
export { metricPlace, metricsOf, runKey, runMetrics } from './run/index.js';
export type { RunMetric, RunOutcome, RunRequest, Settings, Subject } from './run/index.js';
