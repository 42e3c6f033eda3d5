/** Tells of errors: what the user can mend in up to three lines, what is ours in one paragraph. */
import { UserError } from '../../sim/kernel/index.js';
import { packageVersion } from '../runtime/index.js';
import { ExitCode } from './command.js';
import { paintErr, printErr } from './terminal.js';

/** Lines of a message, at most. */
const LINES_MAX = 3;

/** Prints an error and returns the exit code; `about` says which run it was, if any. */
export function reportError(error: unknown, about = ''): number {
  if (error instanceof UserError) {
    const lines = error.message.split('\n').slice(0, LINES_MAX);
    lines[lines.length - 1] += paintErr('dim', ` [${error.code}]`);
    printErr(`${paintErr('red', 'error:')} ${lines.join('\n')}`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  const what = message.split('\n')[0];
  printErr(
    `${paintErr('red', 'internal error:')} ${what} (stampede ${packageVersion}, node ${process.versions.node}` +
      `${about === '' ? '' : `, ${about}`}). Nothing was kept. Please report it with the command you ran; ` +
      'STAMPEDE_DEBUG=1 prints the stack.',
  );
  if (process.env.STAMPEDE_DEBUG === '1') printErr(stackOf(error));
  return ExitCode.internal;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : '';
  return `${error.stack}${cause}`;
}
