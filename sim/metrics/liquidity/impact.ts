/** Price impact: what a unit of flow moves the price by. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { fitLine, fitThroughOrigin, meanEstimate } from './least-squares.js';
import type { FittedLine, IntervalEstimate } from './least-squares.js';

export const kyleSlopeInfo: MetricInfo = {
  name: 'kyleSlope',
  group: 'liquidity',
  over: 'trace',
  doc: 'Change of the mid price for each unit of signed order flow.',
  formula: 'slope lambda of dm = a + lambda y; dm = change of mid per bar, y = buys less sells',
  unit: 'price / quantity',
  estimator: 'ordinary least squares',
  interval: "Student's t, n - 2 degrees",
  source: 'Kyle 1985 (Econometrica 53)',
  test: 'exact lines; coverage of the interval on simulated flow',
};

export const impactCoefficientInfo: MetricInfo = {
  name: 'impactCoefficient',
  group: 'liquidity',
  over: 'trace',
  doc: 'Coefficient of the square-root law of impact of parent orders.',
  formula: 'Y of I = Y sigma sqrt(Q / V); sigma, V = volatility and volume of one horizon',
  unit: '1',
  estimator: 'least squares through the origin',
  interval: "Student's t, n - 1 degrees",
  source: 'Almgren et al. 2005; Toth et al. 2011 (PRX 1), eq. 1',
  test: 'impacts made with a known Y',
};

export const amihudInfo: MetricInfo = {
  name: 'amihud',
  group: 'liquidity',
  over: 'trace',
  doc: 'Mean absolute return for each million of quote traded, over bars.',
  formula: '10^6 mean of |r| / V; V = quote volume of a bar',
  unit: '1 / million quote',
  estimator: 'mean over bars with volume',
  interval: "Student's t",
  source: 'Amihud 2002 (JFM 5), eq. 1',
  test: 'returns of 1 % and 2 % on a million and four: .0075',
};

/** Returns the line of price changes on signed flow; its slope is Kyle's lambda. */
export function kyleSlope(
  signedFlow: ArrayLike<number>,
  priceChange: ArrayLike<number>,
  confidence = 0.95,
): FittedLine {
  return fitLine(signedFlow, priceChange, confidence);
}

/** Parent orders with their impact. */
export interface ParentImpacts {
  /** Relative price change in the direction of each order. */
  impact: ArrayLike<number>;
  /** Quantity of each. */
  quantity: ArrayLike<number>;
  /** Volatility (relative) and volume of the same horizon, at each order. */
  volatility: ArrayLike<number>;
  volume: ArrayLike<number>;
}

/** Returns Y, the coefficient of the square-root law. */
export function squareRootImpact(orders: ParentImpacts, confidence = 0.95): IntervalEstimate {
  const { impact, quantity, volatility, volume } = orders;
  const scale = Float64Array.from(
    impact,
    (_, i) => volatility[i] * Math.sqrt(quantity[i] / volume[i]),
  );
  return fitThroughOrigin(scale, impact, confidence);
}

/** Returns Amihud's illiquidity x 10^6; bars without volume are left out, NaN without any other. */
export function amihud(
  returns: ArrayLike<number>,
  volumeQuote: ArrayLike<number>,
  confidence = 0.95,
): IntervalEstimate {
  assert(returns.length === volumeQuote.length, 'one volume for each return');
  const ratios: number[] = [];
  for (let t = 0; t < returns.length; t++) {
    if (volumeQuote[t] > 0) ratios.push((1e6 * Math.abs(returns[t])) / volumeQuote[t]);
  }
  return meanEstimate(ratios, confidence);
}
