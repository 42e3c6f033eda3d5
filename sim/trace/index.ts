export {
  EventKind,
  LiquidationStage,
  eventKindNames,
  eventKindsMax,
  kindOfInstrument,
  rowBytes,
} from './event-kind.js';
export { EventLog, foldRows } from './event-log.js';
export type { ChunkSink } from './event-log.js';
export { EventReader } from './event-reader.js';
export { appendCohort, appendSeries, emptySeriesSample } from './series.js';
export type { SeriesSample } from './series.js';
