export { compareMetric, compareMetrics, INTERVAL_RULE, primaryMetrics, startComparison } from './compare/index.js';
export type {
  CompareOptions,
  Comparison,
  ComparisonHandle,
  FailedRun,
  MetricComparison,
  MetricPairs,
} from './compare/index.js';
export { RunPool } from './pool/index.js';
export type { RunPoolOptions, TakeOutcome } from './pool/index.js';
export { metricPlace, metricsOf, runKey, runMetrics, runToCompare } from './run/index.js';
export type { RunMetric, RunOutcome, RunRequest, ScenarioSubject, Settings, Subject } from './run/index.js';
