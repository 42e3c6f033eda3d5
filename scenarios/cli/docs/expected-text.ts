/** The numbers an example must give, as text. */
import type { ExampleExpectation, StrategyExample } from '../../../sim/strategy/index.js';

/** Returns where in the answer of `probe --json` an expectation looks: `steps[1..9].orderUnits`. */
export function jsonField({ field, from = 0, values }: ExampleExpectation): string {
  const last = from + values.length - 1;
  const steps = last === from ? `${from}` : `${from}..${last}`;
  const path = field.split('.').map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`));
  return `steps[${steps}]${path.join('')}`;
}

/** Returns the expectations of an example, one a line. */
export function expectedLines({ expect }: StrategyExample): string[] {
  return expect.map((one) => `\`${jsonField(one)}\` = ${one.values.map(valueText).join(', ')}`);
}

function valueText(value: number): string {
  return Object.is(value, -0) ? '0' : String(value);
}
