/** A figure of a run, for its user. */

/** Which way a figure is better, for whoever runs the venue; null where neither is. */
export type Better = 'lower' | 'higher' | null;

/** A figure of a run. */
export interface RunMetric {
  /** Dotted camelCase: the name of its column, and how assertions spell it. */
  name: string;
  unit: string;
  doc: string;
  better: Better;
}
