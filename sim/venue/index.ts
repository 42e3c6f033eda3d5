export { SIZING_RULE } from './causality.js';
export type { CascadeCount } from './cascade-count.js';
export { PerpetualVenue } from './perpetual-venue.js';
export { OrderKind, Reject, ReportKind } from './report.js';
export type { ReportSink } from './report.js';
export { SlotState } from './order-slots.js';
export type { FeeSpec, InstrumentSpec, VenueAccounts, VenueOptions, VenueSpec } from './venue-spec.js';
export type { StateReader, StateWriter } from './venue-snapshot.js';
