export { CauseEvent, readEvent, writeEvent } from './cause-event.js';
export { appendCause, appendShare, appendShares, appendWidest } from './cause-rows.js';
export type { CauseNote, WidestScratch } from './cause-rows.js';
export { ForestReader } from './forest.js';
export type { Forest } from './forest.js';
export { Mixture, MixturePool } from './mixture.js';
export type { NumberSink, NumberSource } from './number-stream.js';
export { OwnershipLedger } from './ownership-ledger.js';
export { Shares } from './shares.js';
