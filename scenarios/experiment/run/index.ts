export { figurePath, isTraceMetric } from './figure-path.js';
export { canCountOnly, COUNTED } from './flat-counts.js';
export { functionNamed } from './functions.js';
export { metricsOf, prepare, runToCompare } from './prepare.js';
export type { Measured, Prepared } from './prepared.js';
export { runKey } from './run-key.js';
export type { Better, RunMetric } from './run-metric.js';
export { metricPlace, runMetrics } from './run-metrics.js';
export type { RunDone, RunFailed, RunOutcome } from './run-outcome.js';
export { canonicalJson, settingTexts, sha256, subjectDigest } from './subject.js';
export type {
  FunctionSubject,
  RunRequest,
  ScenarioSubject,
  Settings,
  SettingValue,
  Subject,
} from './subject.js';
export { testFunctions } from './test-functions.js';
