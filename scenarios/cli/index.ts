export { ExitCode } from './command.js';
export type { CommandSpec, OptionSpec, PositionalSpec } from './command.js';
export { commands } from './commands.js';
export { completionScript } from './completion-command.js';
export { runCli } from './main.js';
export { bytes, percent, price, short, span, whole } from './number-text.js';
export { parseCommandLine } from './parser.js';
export { progressText } from './progress-line.js';
export { summaryText } from './summary-text.js';
