/** The account of a probed agent: average cost, no fees, kept in the agent's own row. */
import { AgentField, type Economics } from '../strategy/index.js';

/** Opens an account that is worth `equityQuote` at `priceTicks` with a position entered elsewhere. */
export function openAccount(
  rows: Float64Array,
  row: number,
  economics: Economics,
  opening: { equityQuote: number; positionLots: number; entryTicks: number; priceTicks: number },
): void {
  const { equityQuote, positionLots, entryTicks, priceTicks } = opening;
  const value = (ticks: number) => positionLots * ticks * economics.multiplier;
  rows[row + AgentField.position] = positionLots;
  rows[row + AgentField.cost] = value(entryTicks);
  const profit = value(priceTicks) - value(entryTicks);
  rows[row + AgentField.wallet] = economics.quoteToQuanta(equityQuote, priceTicks) - profit;
}

/**
 * Trades lots (fractions allowed) at a price. What is closed releases its part of the cost and its
 * profit goes to the wallet; what turns over opens anew at the price.
 */
export function fillAccount(
  rows: Float64Array,
  row: number,
  economics: Economics,
  trade: { lots: number; priceTicks: number },
): void {
  const { lots, priceTicks } = trade;
  const held = rows[row + AgentField.position];
  const cost = rows[row + AgentField.cost];
  const { inverse, multiplier } = economics;
  const lotValue = inverse ? -multiplier / priceTicks : priceTicks * multiplier;
  const closes = held * lots < 0 ? Math.min(Math.abs(lots), Math.abs(held)) : 0;
  const closed = held < 0 ? -closes : closes;
  // All of it when all is closed: a quotient of products would leave a rest.
  let released = 0;
  if (closed === held) released = cost;
  else if (closed !== 0) released = cost * (closed / held);
  rows[row + AgentField.wallet] += closed * lotValue - released;
  const opened = lots + closed;
  rows[row + AgentField.position] = held + lots;
  rows[row + AgentField.cost] = held + lots === 0 ? 0 : cost - released + opened * lotValue;
}

/** Returns the equity of an account at a price, quote units. */
export function accountEquity(
  rows: Float64Array,
  row: number,
  economics: Economics,
  priceTicks: number,
): number {
  const { position, cost, wallet } = AgentField;
  return economics.equityQuote(
    rows[row + wallet], rows[row + position], rows[row + cost], priceTicks,
  );
}
