export { PerpetualVenue } from './perpetual-venue.js';
export { OrderKind, Reject, ReportKind } from './report.js';
export type { ReportSink } from './report.js';
export { SlotState } from './order-slots.js';
export type { FeeSpec, InstrumentSpec, VenueAccounts, VenueSpec } from './venue-spec.js';
export type { StateReader, StateWriter } from './venue-snapshot.js';
