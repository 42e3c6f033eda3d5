export { calmBefore, findLiquidation, MEASURES, readLiquidations, startCounterfactual } from './counterfactual/index.js';
export type {
  Cause,
  CauseEffects,
  CauseName,
  Counterfactual,
  CounterfactualHandle,
  CounterfactualOptions,
  Division,
  LiquidationList,
  Measure,
  MeasureDivision,
  RunLiquidation,
  Sufficiency,
} from './counterfactual/index.js';
export { carry, settle, uncarry } from './carried-error.js';
export type { CarriedError, Outcome } from './carried-error.js';
export { RowRace, runDivergence } from './divergence/index.js';
export type { DivergingRow, PartedRows, RunDivergence, RunToCompare } from './divergence/index.js';
export { formatBars, readIndexFile, readPriceText } from './index-file.js';
export type { IndexFile } from './index-file.js';
export { libraryScenarios, loadScenario, readText, statFile } from './library.js';
export type { LibraryEntry, LoadedScenario } from './library.js';
export { builtFile, packageRoot, packageVersion } from './package-info.js';
export { threadFlags } from './thread-flags.js';
export { EPISODE_COLUMNS, INTERVAL_COLUMNS, measureInMemory, measureRun } from './measure/index.js';
export type { Measurement, MemoryMeasurement, RunMeasurements, RunTable, RunTables } from './measure/index.js';
export type { RunProgress } from './progress.js';
export { defaultRunName } from './run-folder.js';
export { startReplicates, REPLICATES_MAX } from './replicates.js';
export type { ReplicateProgress, ReplicatesDone, ReplicatesHandle } from './replicates.js';
export type { PlantedFailure, RunInputs } from './run-job.js';
export { startRun, THREADS_MAX } from './run.js';
export type { RunHandle, RunOptions } from './run.js';
export type { RunResult } from './run-result.js';
export {
  CALL_MILLIS_MAX,
  callWithStrategy,
  codesOf,
  importStrategies,
  loadStrategies,
  shellWord,
  tryStrategy,
  watchLoops,
  watchWords,
  writeScaffold,
} from './strategies/index.js';
export {
  makeFolders,
  ParquetFile,
  digestFile,
  systemCode,
  writeError,
  writing,
} from './trace/index.js';
export type { ParquetColumn, ParquetKind } from './trace/index.js';
export type { LoadedStrategy, StrategyCall, StrategyCode, StrategyTrial } from './strategies/index.js';
export { PARTICLES_DEFAULT, REPLICATIONS_DEFAULT, startSplitting } from './splitting/index.js';
export type {
  RareLevel,
  Splitting,
  SplittingHandle,
  SplittingOptions,
  SplittingProgress,
} from './splitting/index.js';
export {
  readHistory,
  startFacts,
  startHistory,
  VALIDATE_SEEDS_MAX,
} from './validate/index.js';
export type {
  FactsReport,
  HistoryReport,
  HistoryRow,
  ValidateHandle,
  ValidateProgress,
} from './validate/index.js';
export { startVerify } from './verify.js';
export type { Verification, VerifyHandle } from './verify.js';
export { explainRun } from './why/index.js';
export type {
  CascadeStory,
  ChainLink,
  Explanation,
  LiquidationStory,
  Move,
  NothingToExplain,
  Party,
  PushEvent,
  SharePart,
} from './why/index.js';
