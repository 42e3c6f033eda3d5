export { defineStrategy } from './define-strategy.js';
export {
  AgentField,
  AgentStatus,
  LiquidationMap,
  MarketField,
  OrderKind,
  REFERENCE_PATH,
  SlotState,
  TriggerSource,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
export type {
  ClosedFormGain,
  DecisionBatch,
  Family,
  Gain,
  GainState,
  OrderDesk,
  ParameterSpec,
  RowOffsets,
  StateSpec,
  Strategy,
  StrategyDeclaration,
  StrategyExample,
} from '../../sim/strategy/index.js';
export { OrderFlag, Side } from '../../sim/book/index.js';
export {
  cos,
  exp,
  expm1,
  log,
  log1p,
  normalCdf,
  normalQuantile,
  pow,
  sin,
  tanh,
} from '../../sim/kernel/index.js';
export {
  DAY_MICROS,
  HOUR_MICROS,
  logRatio,
  logTicks,
  SECOND_MICROS,
  squash,
  standsDown,
  startClock,
} from '../parts/index.js';
