/** `docs/metrics.md`: every metric, from its declaration. */
import { type MetricInfo, metricGroups } from '../../../sim/metrics/index.js';
import { OVER } from '../metric-text.js';
import { GENERATED } from './strategies-page.js';

const GROUP_TITLES: Readonly<Record<MetricInfo['group'], string>> = {
  cascade: 'Cascades: sizes, generations, transmissibility',
  crowding: 'Crowding, similarity, convergence of exits',
  liquidity: 'Liquidity',
  solvency: 'Solvency and deleveraging',
  systemic: 'Systemic risk',
  fragility: 'Fragility and critical points',
};

/** Writes the page. */
export function metricsPage(metrics: readonly MetricInfo[]): string {
  const groups = metricGroups
    .map((group) => ({ group, of: metrics.filter((one) => one.group === group) }))
    .filter(({ of }) => of.length > 0);
  const anchor = (name: string): string => name.toLowerCase().replaceAll('.', '');
  const contents = groups.map(
    ({ group, of }) =>
      `- ${GROUP_TITLES[group]}: ${of.map(({ name }) => `[${name}](#${anchor(name)})`).join(', ')}`,
  );
  const sections = groups.flatMap(({ group, of }) => [
    '',
    `## ${GROUP_TITLES[group]}`,
    ...of.flatMap(section),
  ]);
  return `${[
    '# Metrics',
    '',
    GENERATED,
    '',
    `${metrics.length} metrics. A run is one observation: its liquidations are not independent of each`,
    'other, so intervals over runs take runs as they are, and intervals within a run take cascades.',
    '`stampede metrics NAME` prints a definition.',
    '',
    ...contents,
    ...sections,
  ].join('\n')}\n`;
}

function section(info: MetricInfo): string[] {
  return [
    '',
    `### ${info.name}`,
    '',
    info.doc,
    '',
    `- Formula: \`${info.formula}\``,
    `- Unit: ${info.unit}`,
    `- From: ${OVER[info.over]}`,
    `- Estimator: ${info.estimator}`,
    `- Interval: ${info.interval}`,
    `- Source: ${info.source}`,
    `- Tested by: ${info.test}`,
  ];
}
