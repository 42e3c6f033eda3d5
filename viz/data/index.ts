export { Film } from './film.js';
export type { FilmInfo } from './film-info.js';
export { CascadeReader, GENERATIONS_SHOWN } from './cascade.js';
export { GENERATION_STEPS, generationStep } from './causes.js';
export {
  causeKindNames,
  eventOfOwnerWords,
  eventWords,
  ownerWords,
  partWords,
} from './cause-words.js';
export type { NamedEvent } from './cause-words.js';
export type { RangeReader } from './chunk-loader.js';
export type { PriceView } from './liquidations.js';
export type {
  Bubble,
  CascadeBranch,
  CascadeNode,
  CascadeSummary,
  CascadeTree,
  CausePart,
  Deleveraging,
  HaltSpan,
  Liquidation,
  LiquidationCause,
  MarketState,
  NotionalBars,
  TimeView,
  ViewPoints,
} from './view-types.js';
export {
  amountText,
  axisAmountText,
  bpsText,
  clockText,
  dateText,
  durationText,
  groupText,
  parseClock,
  percentText,
  priceText,
  tickDecimals,
} from './formats.js';
