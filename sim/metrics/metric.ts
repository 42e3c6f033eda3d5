/** How a metric declares itself. */

/** The groups of metrics, in the order of their list. */
export const metricGroups = [
  'cascade',
  'crowding',
  'liquidity',
  'solvency',
  'systemic',
  'fragility',
] as const;
export type MetricGroup = (typeof metricGroups)[number];

/** What a metric is, for its user: every metric stands beside one of these. */
export interface MetricInfo {
  /** Dotted camelCase, as summaries and assertions spell it: `insuranceFund.drawdown`. */
  name: string;
  group: MetricGroup;
  /** What it is computed from: one run's trace, a live world, or many runs. */
  over: 'trace' | 'world' | 'runs';
  /** One sentence. */
  doc: string;
  /** Plain text, with its symbols explained. */
  formula: string;
  unit: string;
  estimator: string;
  /** How its interval is made. */
  interval: string;
  /** Paper and equation. */
  source: string;
  /** The known answer that tests it. */
  test: string;
}
