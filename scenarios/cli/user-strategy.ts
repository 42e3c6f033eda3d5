/** `stampede strategies new` and `strategies test`: a trading rule of the user's own. */
import { UserError } from '../../sim/kernel/index.js';
import { loadStrategies, shellWord, tryStrategy, writeScaffold } from '../runtime/index.js';
import type { StrategyTrial } from '../runtime/index.js';
import { ExitCode } from './command.js';
import { readStrategyMillis } from './run-options.js';
import { paint, printOut } from './terminal.js';
import { readFlag, readText } from './values.js';

/** Numbers that an example did not give, shown at most. */
const WRONG_MAX = 5;

/** Words after `strategies` that are not names, and what each does. */
export const strategyActions: Readonly<
  Record<string, (args: Record<string, unknown>) => Promise<number>>
> = { new: writeNew, test: testFile };

/** Writes an example to start from. */
async function writeNew(args: Record<string, unknown>): Promise<number> {
  const name = target(args, '<name> is missing; run: stampede strategies new my-strategy');
  const files = writeScaffold(name, readText(args, 'out'));
  if (readFlag(args, 'json')) {
    printOut(JSON.stringify({ files }));
    return ExitCode.ok;
  }
  const [strategy, scenario] = files.map(shellWord);
  const next = [`strategies test ${strategy}`, `run ${scenario} --strategy ${strategy}`];
  printOut(files.map((file) => `${paint('green', '✓')} ${file}`).join('\n'));
  printOut(`\nnext:\n${next.map((words) => `  stampede ${words}`).join('\n')}`);
  return ExitCode.ok;
}

/** Loads a file and runs what tests there are for it. */
async function testFile(args: Record<string, unknown>): Promise<number> {
  const file = target(args, '<file> is missing; run: stampede strategies test ./my-strategy.ts');
  const millisMax = readStrategyMillis(args);
  const [loaded] = await loadStrategies([file], millisMax);
  const trial = await tryStrategy(loaded, millisMax);
  const ok = trial.broken.length === 0 && trial.examples.every(({ wrong }) => wrong.length === 0);
  if (readFlag(args, 'json')) printOut(JSON.stringify({ strategy: loaded.name, ok, ...trial }));
  else printOut(trialText(loaded.name, trial));
  return ok ? ExitCode.ok : ExitCode.assertion;
}

function trialText(name: string, { examples, broken }: StrategyTrial): string {
  const lines = [paint('bold', name), `${paint('green', '✓')} loads`];
  if (examples.length === 0) lines.push('it declares no examples: numbers that its rule must give on a path');
  for (const { doc, wrong } of examples) {
    lines.push(`${wrong.length === 0 ? paint('green', '✓') : paint('red', '✗')} example: ${doc}`);
    for (const { field, step, expected, actual } of wrong.slice(0, WRONG_MAX)) {
      lines.push(`    step ${step} ${field}: was ${Number(actual.toPrecision(12))}, must be ${expected}`);
    }
    if (wrong.length > WRONG_MAX) lines.push(`    and ${wrong.length - WRONG_MAX} more`);
  }
  if (broken.length === 0) lines.push(`${paint('green', '✓')} keeps the common invariants`);
  for (const { invariant, message, decision } of broken) {
    lines.push(`${paint('red', '✗')} ${invariant}: ${message}`);
    if (decision !== null) {
      const { agent, step, price, equity, target, lots } = decision;
      const what = `target ${target}, ${lots} lots at price ${price} with equity ${equity}`;
      lines.push(`    broken by agent ${agent} in step ${step}: ${what}`);
    }
  }
  return lines.join('\n');
}

function target(args: Record<string, unknown>, missing: string): string {
  if (typeof args.target === 'string') return args.target;
  throw new UserError('usage/argument', missing);
}
