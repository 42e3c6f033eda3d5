/** Schema of the flat book: a market whose cascades follow a law known in closed form. */
import { integer, number, object } from './fields.js';

/** Accounts a flat book may have, at most: the book reaches no deeper. */
export const FLAT_CAP_MAX = 2000;

/** The section `flat`. */
export const flatSchema = object(
  'A flat book: thresholds of the first cohort are drawn so that cascades follow a known law',
  {
    R: number({
      doc: 'Liquidations that one liquidation causes, on average',
      unit: '1',
      min: 0,
      max: 5,
    }).default(0.6),
    theta: number({
      doc: 'Liquidations that the shock causes directly, on average',
      unit: '1',
      min: 0.001,
      max: 100,
    }).default(2),
    refill: number({
      doc: 'Part of the levels a liquidation order consumed that is posted again after it',
      unit: 'fraction',
      min: 0,
      max: 1,
    }).default(0),
    cap: integer({
      doc: 'Accounts at risk, at most: a cascade of so many is a runaway',
      unit: 'accounts',
      min: 1,
      max: FLAT_CAP_MAX,
    }).default(1000),
  },
);
