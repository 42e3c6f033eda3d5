/** `stampede metrics`: what can be measured, and how. */
import { UserError } from '../../sim/kernel/index.js';
import { type MetricInfo, metricInfos } from '../../sim/metrics/index.js';
import { didYouMean } from '../model/index.js';
import { type RunMeasurements, measureRun } from '../runtime/index.js';
import { runMetrics } from '../experiment/index.js';
import { type CommandSpec, ExitCode, type OptionSpec } from './command.js';
import { measureTable, measureText } from './measure-text.js';
import { OVER, figureTable, metricTable, metricText } from './metric-text.js';
import * as options from './options.js';
import { printOut } from './terminal.js';
import { readFlag, readText } from './values.js';

/** The figures of a run. */
const figures: OptionSpec = {
  name: 'figures',
  doc: 'List the figures that are kept of every run of many: columns of tables, names in assertions',
  group: 'Output',
  kind: 'flag',
};

/** `stampede metrics`. */
export const metricsCommand: CommandSpec = {
  name: 'metrics',
  doc: 'List the metrics, define one, or measure a stored run: --run <folder>',
  positionals: [{ name: 'name', doc: 'Metric to define, or to measure', required: false }],
  options: [options.measuredRun, figures, options.json],
  examples: [
    ['metrics', 'what there is'],
    ['metrics reproductionNumber', 'its definition'],
    ['metrics --run runs/flash-crash-0-1a2b3c4d', 'what a run\'s trace tells'],
    ['metrics reproductionNumber --run <run> --json', 'one of them, as data'],
    ['metrics --figures', 'what check, compare and sweep keep of every run'],
  ],
  async run(args) {
    const { name } = args;
    const isJson = readFlag(args, 'json');
    if (readFlag(args, 'figures')) {
      refuseBeside(args);
      printOut(isJson ? JSON.stringify(runMetrics) : figureTable(runMetrics));
      return ExitCode.ok;
    }
    const folder = readText(args, 'run');
    const info = typeof name === 'string' ? metricNamed(name) : undefined;
    if (folder !== undefined) measure(folder, info, isJson);
    else if (info === undefined) printOut(isJson ? JSON.stringify(metricInfos) : metricTable(metricInfos));
    else printOut(isJson ? JSON.stringify([info]) : metricText(info));
    return ExitCode.ok;
  },
};

/** The list of figures is one list. @throws UserError `usage/value` */
function refuseBeside(args: Record<string, unknown>): void {
  const other = ['name', 'run'].find((key) => args[key] !== undefined);
  if (other === undefined) return;
  const was = other === 'name' ? `metric "${String(args.name)}"` : '--run';
  throw new UserError('usage/value', `${was} was given beside --figures, must be left out with it`);
}

function measure(folder: string, info: MetricInfo | undefined, isJson: boolean): void {
  const all = measureRun(folder);
  const values = all.values.filter((one) => info === undefined || one.name === info.name);
  if (info !== undefined && values.length === 0) throw unmeasured(info, all);
  const run = { ...all, values };
  if (isJson) printOut(JSON.stringify(run));
  else printOut(info === undefined ? measureTable(run) : `${metricText(info)}\n\n${measureText(run)}`);
}

function unmeasured({ name, over }: MetricInfo, { values }: RunMeasurements): UserError {
  const why = over === 'trace' ? 'is not measured from stored runs' : `is measured from ${OVER[over]}`;
  const told = [...new Set(values.map((one) => one.name))];
  const must = `must be one that stampede metrics --run lists${didYouMean(name, told)}`;
  return new UserError('metric/unmeasured', `metric was "${name}", which ${why}; ${must}`);
}

function metricNamed(name: string): MetricInfo {
  const info = metricInfos.find((one) => one.name === name);
  if (info !== undefined) return info;
  const near = didYouMean(name, metricInfos.map((one) => one.name));
  throw new UserError('metric/unknown', `metric was "${name}", must be one that stampede metrics lists${near}`);
}
