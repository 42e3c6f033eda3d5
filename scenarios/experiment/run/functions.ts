/** Functions of numbers with known answers, which a study may take as its base. */
import { UserError } from '../../../sim/kernel/index.js';
import { didYouMean } from '../../model/index.js';
import type { RunMetric } from './run-metric.js';
import type { Prepared } from './prepared.js';
import { sha256 } from './subject.js';
import type { Settings } from './subject.js';
import { testFunctions } from './test-functions.js';

/** The one figure that a function leaves. */
export const functionMetrics: readonly RunMetric[] = [
  { name: 'y', unit: '1', doc: 'Value of the function', better: null },
];

/** Returns a function by its name. @throws UserError `study/function` */
export function functionNamed(name: string) {
  const found = testFunctions.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = testFunctions.map((one) => one.name);
  const must = `must be one of ${names.join(', ')}${didYouMean(name, names)}`;
  throw new UserError('study/function', `base.function: was "${name}", ${must}`);
}

/** Returns the function at the arguments that settings name. @throws UserError `study/argument` */
export function prepareFunction(name: string, settings: Settings): Prepared {
  const { inputs, evaluate } = functionNamed(name);
  for (const [key, value] of Object.entries(settings)) {
    const input = inputs.find((one) => one.name === key);
    if (input === undefined) {
      const names = inputs.map((one) => one.name);
      const must = `must be one of ${names.join(', ')}${didYouMean(key, names)}`;
      throw new UserError('study/argument', `function ${name}: argument was "${key}", ${must}`);
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new UserError('study/argument', `function ${name}: ${key} was ${JSON.stringify(value)}, must be a number`);
    }
  }
  const at = inputs.map(({ name: key, fallback }) => (settings[key] as number | undefined) ?? fallback);
  return (seed) => {
    const y = evaluate(at, seed);
    const stateHash = sha256(`${name} ${at.join(' ')} ${seed} ${y}`).slice(0, 16);
    return { stateHash, values: [y] };
  };
}
