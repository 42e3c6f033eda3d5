export { primaryMetrics, startComparison } from './comparison.js';
export type { CompareOptions, Comparison, ComparisonHandle, FailedRun } from './comparison.js';
export { compareMetric, compareMetrics, INTERVAL_RULE } from './metric-comparison.js';
export type { MetricComparison, MetricPairs } from './metric-comparison.js';
