export { claimOf, isBoundAbove, isSatisfied, judge } from './assertion/index.js';
export type { AssertionSource, Claim } from './assertion/index.js';
export {
  dialNamed,
  ProbabilisticBisection,
  rangeOf,
  scenarioText,
  search,
  shrink,
  startBreak,
  trendOf,
  valueGrid,
} from './break/index.js';
export type {
  Breaking,
  BreakHandle,
  BreakOptions,
  BreakResult,
  Dial,
  DialRange,
  Part,
  SearchOptions,
  SearchResult,
  Trial,
} from './break/index.js';
export { startCheck } from './check/index.js';
export type { CheckedClaim, CheckHandle, CheckOptions, CheckProgress, CheckResult, FailedRun } from './check/index.js';
export { compareMetric, compareMetrics, INTERVAL_RULE, primaryMetrics, startComparison } from './compare/index.js';
export type {
  CompareOptions,
  Comparison,
  ComparisonHandle,
  MetricComparison,
  MetricPairs,
} from './compare/index.js';
export { exportFormats, exportTable, exportTables } from './export/index.js';
export type { Exported, ExportFormat, ExportRequest, ExportTable } from './export/index.js';
export { RunPool } from './pool/index.js';
export type { RunPoolOptions, TakeOutcome } from './pool/index.js';
export { openTables } from './query/index.js';
export type { JsonValue, SqlAnswer, StudyTables } from './query/index.js';
export {
  dropDead,
  parseQueueUrl,
  queueFacts,
  QueueExecutor,
  QueueLink,
  retryDead,
  startQueueWorker,
} from './queue/index.js';
export type {
  DeadLetter,
  QueueExecutorOptions,
  QueueFacts,
  QueueUrl,
  QueueWorkerHandle,
  QueueWorkerOptions,
  WorkerProgress,
} from './queue/index.js';
export { figurePath, isTraceMetric, metricPlace, metricsOf, prepare as prepareRun, runKey, runMetrics, runToCompare, testFunctions } from './run/index.js';
export type { RunDone, RunMetric, RunOutcome, RunRequest, ScenarioSubject, Settings, Subject } from './run/index.js';
export {
  openStore,
  openStudyFolder,
  planOfFile,
  readManifest,
  readStudyFile,
  resultsFolder,
  runsColumns,
  runsFileName,
  studyFileName,
  studyManifestName,
  timingsFileName,
} from './store/index.js';
export type { ResultStore, RunsColumn, StudyFile, StudyFolder, StudyManifest } from './store/index.js';
export { libraryStudies, loadStudy, planStudy, studyJsonSchemaText } from './study/index.js';
export type { Factor, LoadedStudy, PrimaryOutcome, Study, StudyPlan } from './study/index.js';
export { checkBudget, countSelected, estimateCost, mergeStudy, startSweep } from './sweep/index.js';
export type {
  CostEstimate,
  LiveOutcome,
  Merged,
  RunExecutor,
  Shard,
  SweepDone,
  SweepHandle,
  SweepProgress,
} from './sweep/index.js';
