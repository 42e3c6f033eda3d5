export { Film } from './film.js';
export type { FilmInfo } from './film-info.js';
export type { RangeReader } from './chunk-loader.js';
export type { PriceView } from './liquidations.js';
export type {
  Bubble,
  Deleveraging,
  HaltSpan,
  Liquidation,
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
