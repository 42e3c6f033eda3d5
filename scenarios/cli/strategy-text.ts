/** What there is to say of strategies: facts for programs, text for people. */
import { families, type Strategy } from '../../sim/strategy/index.js';
import { exampleCommand } from './example-command.js';
import { fitted, paint } from './terminal.js';

const FEEDBACK = {
  '-1': 'trades against moves (-)',
  '0': 'neither with moves nor against them (0)',
  '1': 'trades with moves (+)',
} as const;

/** Returns the facts of a strategy that its declaration holds. */
export function strategyFacts(strategy: Strategy) {
  const { name, family, doc, source, state, gainSign, exitTrigger } = strategy;
  const params = Object.fromEntries(
    strategy.paramNames.map((key) => {
      const { doc, unit, min, max, default: fallback, integer = false, source, provenance } =
        strategy.params[key];
      return [key, { doc, unit, min, max, default: fallback, integer, source, provenance }];
    }),
  );
  return { name, family, doc, source, params, state, gainSign, exitTrigger };
}

/** Writes one line a strategy, by family. */
export function strategyTable(strategies: readonly Strategy[]): string {
  const width = Math.max(...strategies.map((one) => one.name.length)) + 2;
  const familyWidth = Math.max(...families.map((one) => one.length)) + 2;
  return families
    .map((family) => strategies.filter((one) => one.family === family))
    .filter((group) => group.length > 0)
    .map((group) =>
      group
        .map(({ name, family, doc }) => {
          const line = family.padEnd(familyWidth) + firstSentence(doc);
          return paint('bold', name.padEnd(width)) + fitted(line, width);
        })
        .join('\n'),
    )
    .join('\n\n');
}

/** Writes all there is to know of a strategy. */
export function strategyText(strategy: Strategy): string {
  const { params, paramNames, stateNames, examples } = strategy;
  const names = [...paramNames, ...stateNames];
  const width = Math.max(0, ...names.map((name) => name.length)) + 2;
  const row = (name: string, first: string, second: string) => [
    `${paint('bold', name.padEnd(width))}${first}`,
    `${''.padEnd(width)}${second}`,
  ];
  const lines = [
    `${paint('bold', strategy.name)} (${strategy.family}, ${strategy.style})`,
    strategy.doc,
    `source    ${strategy.source}`,
    `feedback  ${FEEDBACK[`${strategy.gainSign}`]}`,
    ...(strategy.gain === null ? [] : [`gain      ${strategy.gain.formula}`]),
    `exit      ${strategy.exitTrigger}`,
  ];
  if (paramNames.length > 0) lines.push('', paint('dim', 'Parameters'));
  for (const name of paramNames) {
    const { doc, unit, min, max, default: fallback, integer, source, provenance } = params[name];
    const kind = integer ? `${unit}, whole` : unit;
    const values = `${fallback} in [${min}, ${max}] ${kind}  [${provenance}]`;
    lines.push(...row(name, values, `${doc}. Source: ${source}`));
  }
  if (stateNames.length > 0) lines.push('', paint('dim', 'State'));
  for (const name of stateNames) {
    const { doc, unit, count } = strategy.state[name];
    const many = count === undefined ? '' : ` x ${count}`;
    lines.push(`${paint('bold', name.padEnd(width))}${doc} [${unit}]${many}`);
  }
  if (examples.length > 0) lines.push('', paint('dim', 'Examples'));
  for (const example of examples) {
    lines.push(`${example.doc}:`, `  ${exampleCommand(strategy, example)}`);
  }
  return lines.join('\n');
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}
