/** The command line: `stampede <command>`. */
import { commands } from './commands.js';
import { parseCommandLine } from './parser.js';
import { reportError } from './report-error.js';
import { watchPipes } from './terminal.js';

/** Runs a command line and resolves to its exit code; it never rejects. */
export async function runCli(words: readonly string[]): Promise<number> {
  watchPipes();
  if (words.includes('--no-color')) process.env.NO_COLOR = '1';
  try {
    const parsed = await parseCommandLine(words, commands);
    return parsed === null ? 0 : await parsed.command.run(parsed.args);
  } catch (error) {
    return reportError(error);
  }
}
