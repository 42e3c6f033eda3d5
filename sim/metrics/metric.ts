/** The declaration that every metric carries: what `metrics`, docs and assertions know of it. */

/** Describes one metric, its unit, its source and how it is tested. */
export interface MetricInfo {
  /** Dotted camelCase as in summaries and assertions, such as insuranceFund.drawdown. */
  name: string;
  group: 'cascade' | 'crowding' | 'liquidity' | 'solvency' | 'systemic' | 'fragility';
  /** What it is computed over: one run's trace, a live world, or many runs. */
  over: 'trace' | 'world' | 'runs';
  /** One sentence. */
  doc: string;
  /** Plain text, symbols explained. */
  formula: string;
  unit: string;
  estimator: string;
  /** Interval method. */
  interval: string;
  /** Paper, equation. */
  source: string;
  /** Known-answer id or example, such as 'R13' or 'Hill, Pareto(3)'. */
  test: string;
}
