/** Prepares a subject with its settings, and runs it seed after seed on this thread. */
import { registry } from '../../../agents/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { applySettings, buildWorld, resolveScenario } from '../../model/index.js';
import { measureInMemory } from '../../runtime/index.js';
import type { RunToCompare } from '../../runtime/index.js';
import { earlyValues } from './early-metrics.js';
import { figureValues } from './figure-metrics.js';
import { prepareCounts } from './flat-counts.js';
import { functionMetrics, prepareFunction } from './functions.js';
import type { Prepared } from './prepared.js';
import type { RunMetric } from './run-metric.js';
import { runMetrics } from './run-metrics.js';
import { settingTexts } from './subject.js';
import type { RunRequest, ScenarioSubject, Settings, Subject } from './subject.js';
import { traceValues } from './trace-metrics.js';

/**
 * Applies the settings and fills in defaults; building the world waits for the seed.
 *
 * @param own the user's strategies, under guard
 * @throws UserError `scenario/...` when a setting is wrong
 */
export function prepare(subject: Subject, settings: Settings, own: readonly Strategy[] = []): Prepared {
  if (subject.kind === 'function') return prepareFunction(subject.name, settings);
  if (subject.measured === 'counts only') return prepareCounts(subject, settings);
  return prepareScenario(subject, settings, [...registry, ...own]);
}

/** Returns the figures that runs of a subject leave, in the order of their values. */
export function metricsOf(subject: Subject): readonly RunMetric[] {
  return subject.kind === 'function' ? functionMetrics : runMetrics;
}

/** Returns the inputs of a scenario's run and the world built from them. @throws as `prepare` */
export function runToCompare(
  subject: ScenarioSubject,
  { settings, seed }: Pick<RunRequest, 'settings' | 'seed'>,
  own: readonly Strategy[] = [],
): RunToCompare {
  return worldsOf(subject, settings, [...registry, ...own])(seed);
}

function prepareScenario(
  subject: ScenarioSubject,
  settings: Settings,
  strategies: readonly Strategy[],
): Prepared {
  const worldOf = worldsOf(subject, settings, strategies);
  return (seed, wanted) => {
    const { inputs, spec } = worldOf(seed);
    const { figures, values, tables } = measureInMemory(inputs, spec, wanted);
    const all = [
      ...figureValues(figures),
      ...earlyValues(values, figures.traders),
      ...traceValues(values),
    ];
    return { stateHash: figures.hash, values: all, ...(wanted === undefined ? {} : { tables }) };
  };
}

function worldsOf(
  { scenario: input, bars }: ScenarioSubject,
  settings: Settings,
  strategies: readonly Strategy[],
): (seed: number) => RunToCompare {
  const written = applySettings(input, settingTexts(settings), strategies);
  const scenario = resolveScenario(written, strategies);
  return (seed) => ({
    inputs: { scenario, seed, bars },
    spec: buildWorld(scenario, { seed, bars, strategies }),
  });
}
