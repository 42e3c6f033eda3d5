export {
  BookCode,
  FIRED,
  OrderFlag,
  SelfTrade,
  Side,
  TAPE,
  TapeKind,
  TimeInForce,
  TriggerOrder,
  TriggerSource,
} from './layout.js';
export { OrderBook } from './order-book.js';
export type { OrderBookOptions, ReduceOnlyGuard } from './order-book.js';
export { TriggerBook } from './trigger-book.js';
export type { TriggerBookOptions } from './trigger-book.js';
export { TriggerQueue } from './trigger-queue.js';
