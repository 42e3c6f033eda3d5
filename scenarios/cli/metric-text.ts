/** What there is to say of metrics, for people. */
import { type MetricInfo, metricGroups } from '../../sim/metrics/index.js';
import type { RunMetric } from '../experiment/index.js';
import { fitted, paint } from './terminal.js';

/** What a metric is computed from. */
export const OVER = {
  trace: 'one run\'s trace',
  world: 'a live world',
  runs: 'many runs',
} as const;

/** Writes one line a metric, by group. */
export function metricTable(metrics: readonly MetricInfo[]): string {
  const width = Math.max(...metrics.map((one) => one.name.length)) + 2;
  const unitWidth = Math.max(...metrics.map((one) => one.unit.length)) + 2;
  return metricGroups
    .map((group) => ({ group, of: metrics.filter((one) => one.group === group) }))
    .filter(({ of }) => of.length > 0)
    .map(({ group, of }) =>
      [
        paint('dim', group),
        ...of.map(({ name, unit, doc }) =>
          paint('bold', name.padEnd(width)) + fitted(unit.padEnd(unitWidth) + doc, width),
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

/** Writes one line a figure. */
export function figureTable(figures: readonly RunMetric[]): string {
  const width = Math.max(...figures.map((one) => one.name.length)) + 2;
  const unitWidth = Math.max(...figures.map((one) => one.unit.length)) + 2;
  return figures
    .map(({ name, unit, doc }) => paint('bold', name.padEnd(width)) + fitted(unit.padEnd(unitWidth) + doc, width))
    .join('\n');
}

/** Writes all there is to know of a metric. */
export function metricText(info: MetricInfo): string {
  return [
    `${paint('bold', info.name)} (${info.group}, from ${OVER[info.over]})`,
    info.doc,
    `formula    ${info.formula}`,
    `unit       ${info.unit}`,
    `estimator  ${info.estimator}`,
    `interval   ${info.interval}`,
    `source     ${info.source}`,
    `tested by  ${info.test}`,
  ].join('\n');
}
