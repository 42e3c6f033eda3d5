export { defineStrategy, families } from './contract.js';
export type {
  Family,
  Parameter,
  ParameterSpec,
  Provenance,
  RowOffsets,
  StateSpec,
  Strategy,
  StrategyDeclaration,
} from './contract.js';
export { REFERENCE_PATH } from './example.js';
export type { ExampleExpectation, StrategyExample } from './example.js';
export type { ClosedFormGain, Gain, GainState } from './gain.js';
export { LiquidationMap } from './liquidation-map.js';
export { AgentField, AgentStatus, ROW_HEADER, WakeOn, WakeReason } from './agent-row.js';
export { MARKET_FIELDS, MarketField } from './market-field.js';
export { Economics } from './economics.js';
export type { ContractTerms } from './economics.js';
export { BATCH_MAX, DecisionBatch } from './decision-batch.js';
export { OrderKind, SlotState, TriggerSource } from './order-desk.js';
export type { OrderDesk } from './order-desk.js';
export {
  dailyVolumeLots,
  FORCED_OUT,
  leverageCapLots,
  targetToLots,
  Urgency,
} from './wrapper.js';
