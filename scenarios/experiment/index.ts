export { RunPool } from './pool/index.js';
export type { RunPoolOptions, TakeOutcome } from './pool/index.js';
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
export { metricPlace, metricsOf, prepare as prepareRun, runKey, runMetrics, testFunctions } from './run/index.js';
export type { RunMetric, RunOutcome, RunRequest, Settings, Subject } from './run/index.js';
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
