export {
  CauseKind,
  CauseSubject,
  GENERATION_MAX,
  causeKindNames,
  causeSubjectNames,
  generationOf,
  packGenerations,
  packKinds,
  rootKindOf,
  WHOLE_ACCOUNT,
} from './cause-kind.js';
export type { Scope } from './cause-kind.js';
export { CauseJoin, rootKindOfCause } from './cause-join.js';
export type { Cause, CauseShare } from './cause-join.js';
export { ConservationAudit, ExactSum } from './conservation.js';
export type { ConservationResult } from './conservation.js';
export {
  EventKind,
  FundReason,
  LiquidationStage,
  eventKindNames,
  eventKindsMax,
  isUnhashed,
  kindOfInstrument,
  rowBytes,
} from './event-kind.js';
export { CountingLog } from './counting-log.js';
export { EventLog, foldRows } from './event-log.js';
export type { ChunkSink } from './event-log.js';
export { EventReader } from './event-reader.js';
export { appendCohort, appendSeries, emptySeriesSample } from './series.js';
export type { SeriesSample } from './series.js';
export { describeEvent, describeEventFields, describeTime } from './describe-event.js';
export {
  LogVerifier,
  decodeLog,
  decodeLogFooter,
  decodeLogHeader,
  encodeLogFooter,
  encodeLogHeader,
  logFooterBytes,
  logHeaderBytes,
  logPreludeBytes,
  logVersion,
} from './log-file.js';
export type { DecodedLog, LogFooter } from './log-file.js';
export {
  ReplayBuilder,
  replayFirstRequestBytes,
  replayPreludeBytes,
  replayVersion,
} from './replay-builder.js';
export type { ReplayHeader, ReplayOptions } from './replay-builder.js';
export { unknownRootKey } from './replay-causes.js';
export {
  columnOf,
  decodeReplayChunk,
  decodeReplayHead,
  replayChunkAt,
  replayChunkRange,
  replayHeadBytes,
} from './replay-reader.js';
export type { ByteRange, ReplayHead } from './replay-reader.js';
export { cohortColumns } from './replay-samples.js';
export type { SampleColumn } from './replay-samples.js';
export { cohortOfAccount, notionalQuote } from './run-metadata.js';
export type { CohortMetadata, InstrumentMetadata, RunMetadata } from './run-metadata.js';
export type { ColumnValues, Table } from './table-block.js';
