/** `stampede metrics`: what can be measured, and how. */
import { UserError } from '../../sim/kernel/index.js';
import { type MetricInfo, metricInfos } from '../../sim/metrics/index.js';
import { didYouMean } from '../model/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { metricTable, metricText } from './metric-text.js';
import * as options from './options.js';
import { printOut } from './terminal.js';
import { readFlag } from './values.js';

/** `stampede metrics`. */
export const metricsCommand: CommandSpec = {
  name: 'metrics',
  doc: 'List the metrics, or define one: formula, unit, estimator, interval, source',
  positionals: [{ name: 'name', doc: 'Metric to define', required: false }],
  options: [options.json],
  examples: [
    ['metrics', 'what there is'],
    ['metrics reproductionNumber', 'its definition'],
  ],
  async run(args) {
    const { name } = args;
    const isJson = readFlag(args, 'json');
    if (typeof name === 'string') {
      const info = metricNamed(name);
      printOut(isJson ? JSON.stringify([info]) : metricText(info));
    } else printOut(isJson ? JSON.stringify(metricInfos) : metricTable(metricInfos));
    return ExitCode.ok;
  },
};

function metricNamed(name: string): MetricInfo {
  const info = metricInfos.find((one) => one.name === name);
  if (info !== undefined) return info;
  const near = didYouMean(name, metricInfos.map((one) => one.name));
  throw new UserError('metric/unknown', `metric was "${name}", must be one that stampede metrics lists${near}`);
}
