/** `stampede why`: what pushed whom. */
import { UserError } from '../../sim/kernel/index.js';
import { explainRun, startCounterfactual } from '../runtime/index.js';
import type { Counterfactual } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { counterfactualText } from './counterfactual-text.js';
import { onInterrupt } from './interrupts.js';
import * as options from './options.js';
import { readThreads } from './run-options.js';
import { printErr, printOut } from './terminal.js';
import { readFlag, readInteger, readText } from './values.js';
import { whyText } from './why-text.js';

const CONTINUATIONS_MAX = 10_000;

/** The command. */
export const whyCommand: CommandSpec = {
  name: 'why',
  doc: 'Explain a liquidation or cascade of a run: which trade tipped it, and what it pushed',
  positionals: [
    { name: 'run', doc: 'Folder of the run', required: true },
    {
      name: 'event',
      doc: 'Number of a liquidation, or cascade, cascade:2, ... by size [default: cascade]',
      required: false,
    },
  ],
  options: [
    options.withCounterfactual,
    options.continuations,
    options.threads,
    options.json,
    options.quiet,
  ],
  examples: [
    ['why runs/flash-crash-0-1a2b3c4d', 'the largest cascade, from its root'],
    ['why <run> 17', 'one liquidation'],
    ['why <run> 17 --counterfactual', 'and what would have happened without it'],
    ['why <run> cascade:2 --json', 'the second largest cascade, as data'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const folder = String(args.run);
  const isJson = readFlag(args, 'json');
  const wantsTwin = readFlag(args, 'counterfactual');
  const threads = readThreads(args);
  const continuations = readInteger(args, 'continuations', {
    min: 0,
    max: CONTINUATIONS_MAX,
    fallback: 20,
  });
  if (args.continuations !== undefined && !wantsTwin) {
    throw new UserError('usage/value', '--continuations is for --counterfactual, which was not given');
  }
  const found = explainRun(folder, readText(args, 'event'));
  if (!('question' in found)) {
    const nobody = `${found.scenario}, seed ${found.seed}: nobody was liquidated, so there is nothing to explain`;
    printOut(isJson ? JSON.stringify(found) : nobody);
    return ExitCode.ok;
  }
  if (!isJson) printOut(whyText(found, !wantsTwin));
  if (!wantsTwin) {
    if (isJson) printOut(JSON.stringify({ ...found, counterfactual: null }));
    return ExitCode.ok;
  }
  // Of a cascade: without the liquidation that it begins with.
  const first = found.question === 'cascade' ? found.chain[0].liquidation : found.liquidation.liquidation;
  if (!isJson && !readFlag(args, 'quiet')) printErr(`simulating again without liquidation ${first} ...`);
  const twin = await counterfactual(folder, first, threads, continuations);
  printOut(isJson ? JSON.stringify({ ...found, counterfactual: twin }) : `\n${counterfactualText(twin)}`);
  return ExitCode.ok;
}

async function counterfactual(
  folder: string,
  liquidation: number,
  threads: number,
  continuations: number,
): Promise<Counterfactual> {
  const handle = await startCounterfactual({
    folder,
    threads,
    liquidation,
    mode: 'warehouse',
    continuations,
    shapley: false,
  });
  const release = onInterrupt(
    () => handle.abort(),
    () => {},
  );
  try {
    return await handle.result;
  } finally {
    release();
  }
}
