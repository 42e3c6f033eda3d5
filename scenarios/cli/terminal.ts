/** Writing to the terminal: results on stdout, talk on stderr, colour only where it shows. */
import { styleText } from 'node:util';
import { ExitCode } from './command.js';

type Format = Parameters<typeof styleText>[0];

/** Writes a result. */
export function printOut(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes talk. */
export function printErr(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Styles text for stdout; plain when it is piped or NO_COLOR is set. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** Styles text for stderr. */
export function paintErr(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stderr });
}

/**
 * Ends the process when its output cannot be written: quietly when the reader of a pipe has gone, as
 * with `| head`, else with one line. Talk that cannot be written is lost, the result is not.
 */
export function watchPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') process.exit(process.exitCode ?? ExitCode.ok);
      if (stream === process.stderr) return;
      const name = paintErr('dim', ` [${code === 'ENOSPC' ? 'disk/full' : 'output/unwritable'}]`);
      printErr(`${paintErr('red', 'error:')} the result cannot be written to stdout (${code})${name}`);
      process.exit(ExitCode.resource);
    });
  }
}

/** Cuts text that would not fit a terminal's line after `used` columns; pipes get all of it. */
export function fitted(text: string, used: number): string {
  const room = process.stdout.isTTY ? Math.max(20, process.stdout.columns - used) : Infinity;
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
