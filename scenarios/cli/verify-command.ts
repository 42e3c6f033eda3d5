/** `stampede verify`: re-simulates a run and compares. */
import { describeTime } from '../../sim/trace/index.js';
import { startVerify } from '../runtime/index.js';
import type { Verification } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { onInterrupt } from './interrupts.js';
import { span } from './number-text.js';
import * as options from './options.js';
import { runProgressLine } from './progress-line.js';
import { readStrategyMillis, readThreads } from './run-options.js';
import { paint, paintErr, printErr, printOut } from './terminal.js';
import { readFlag } from './values.js';

/** The command. */
export const verifyCommand: CommandSpec = {
  name: 'verify',
  doc: 'Simulate a run again and compare hash and events; exit code 4 when they differ',
  positionals: [{ name: 'run', doc: 'Folder of the run', required: true }],
  options: [options.threads, options.strategyTimeout, options.json, options.quiet],
  examples: [['verify runs/calm-0-1a2b3c4d', 'compare with what this version computes']],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const verify = await startVerify(String(args.run), readThreads(args), readStrategyMillis(args));
  const { userStrategies } = verify;
  if (userStrategies.length > 0 && !readFlag(args, 'quiet')) {
    printErr(`runs the code of strategy ${userStrategies.join(', ')} that is kept in the folder`);
  }
  const progress = runProgressLine(verify.run, readFlag(args, 'quiet'));
  // Half a verification says nothing, so the first signal ends it.
  const release = onInterrupt(
    () => verify.run.abort(),
    () => {},
  );
  let found: Verification;
  try {
    found = await verify.result;
  } finally {
    release();
    progress.end();
  }
  if (found.madeByVersion !== undefined) {
    const by = `the run was made by stampede ${found.madeByVersion}`;
    printErr(`${paintErr('yellow', 'warning:')} ${by}; another version may rightly differ`);
  }
  printOut(readFlag(args, 'json') ? JSON.stringify(found) : verdict(found));
  return found.agrees ? ExitCode.ok : ExitCode.mismatch;
}

function verdict(found: Verification): string {
  const partial = found.complete ? '' : ' (a partial run)';
  if (found.agrees) {
    return `${paint('green', '✓')} ${found.hash} after ${span(found.simulatedSeconds)}${partial}`;
  }
  const cross = paint('red', '✗');
  const { divergence, summaryDifferences } = found;
  const differing = summaryDifferences.map((difference) => `summary.json: ${difference}`);
  if (divergence === null && found.hash === found.hashAgain) {
    return `${cross} ${differing.join('\n  ')}${partial}`;
  }
  const lines = [`${cross} hash was ${found.hash}, is ${found.hashAgain}${partial}`];
  if (divergence === null) lines.push('the event logs agree: the manifest or the final state differs');
  else {
    lines.push(`first difference: row ${divergence.row} at ${describeTime(divergence.timeMicros)}`);
    lines.push(`  run    ${divergence.a ?? 'has ended'}`, `  again  ${divergence.b ?? 'has ended'}`);
  }
  return lines.join('\n');
}
