/** The algorithm cards: the families of rules that the strategies implement. */

/** One card. */
export interface Card {
  name: string;
  title: string;
  /** What of it is not built, and why. */
  absent?: string;
  /** Where it is tested, when no path without a market gives its number. */
  tested?: { strategies: readonly string[]; why: string };
}

/** Every card, in order. */
export const cards: readonly Card[] = [
  { name: 'A1', title: 'Pyramiding: adding to winners' },
  { name: 'A2', title: 'Scaling out' },
  { name: 'A3', title: 'Anti-martingale' },
  { name: 'A4', title: 'Martingale and averaging down on a grid' },
  { name: 'A5', title: 'Fixed fractional: risk a trade, constant mix' },
  { name: 'A6', title: 'Full and fractional Kelly' },
  { name: 'A7', title: 'Volatility targeting, realised' },
  { name: 'A8', title: 'Volatility targeting, implied' },
  { name: 'A9', title: 'Value-at-risk and expected-shortfall limits' },
  { name: 'A10', title: 'Stop-loss, take-profit and trailing ladders' },
  { name: 'A11', title: 'CPPI and TIPP' },
  { name: 'A12', title: 'Drawdown control' },
  { name: 'A13', title: 'Delta target with a no-trade band' },
  { name: 'A14', title: 'Leverage target: leveraged and inverse funds' },
  {
    name: 'A15',
    title: 'Option dealer hedging gamma',
    absent: 'there is no options market yet',
  },
  {
    name: 'A16',
    title: 'Active provider of concentrated liquidity',
    absent: 'there is no automated market maker (pool) yet',
  },
  { name: 'B1', title: 'Machine-learned regime predictor' },
  { name: 'B2', title: 'Sentiment and macro scaler' },
  { name: 'B3', title: 'Anchoring and disposition' },
  { name: 'B4', title: 'Herding' },
  { name: 'B5', title: 'Fundamentalist: value' },
  { name: 'B6', title: 'Chartist: momentum' },
  { name: 'B7', title: 'Adaptive switching' },
  { name: 'C1', title: 'Market maker' },
  {
    name: 'C2',
    title: 'Zero-intelligence flow',
    tested: {
      strategies: ['zero-intelligence', 'order-splitter'],
      why: 'random flow: what it promises are distributions in a market',
    },
  },
  {
    name: 'C3',
    title: 'Arbitrageur',
    absent:
      'between venues and with a pool: a world has one venue and no pool yet; between index and ' +
      'perpetual it is built',
  },
  {
    name: 'C4',
    title: 'Liquidation engine and lending keepers',
    absent: 'the engine is the venue\'s own (`sim/venue`); there is no lending market for keepers yet',
  },
  { name: 'C5', title: 'Liquidation hunter and stop-runner' },
  {
    name: 'C6',
    title: 'Oracle manipulator',
    absent: 'there are no pools or venues yet whose prices feed the index',
  },
  { name: 'C7', title: 'Informed trader' },
  { name: 'C8', title: 'Lender: a ceiling on leverage' },
];
