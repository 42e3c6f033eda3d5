/** Builds the parser from the table of commands. */
import yargs from 'yargs';
import type { Argv } from 'yargs';
import { UserError } from '../../sim/kernel/index.js';
import { didYouMean } from '../model/index.js';
import { packageVersion } from '../runtime/index.js';
import type { CommandSpec, OptionSpec, PositionalSpec } from './command.js';
import { general } from './options.js';

/** Width of the help, columns. */
const HELP_COLUMNS = 92;

/** What the parser found to do. */
export interface ParsedCommand {
  command: CommandSpec;
  args: Record<string, unknown>;
}

/**
 * Parses a command line; null when it asked for help or the version, which is then printed.
 * @throws UserError `usage/...`
 */
export async function parseCommandLine(
  words: readonly string[],
  commands: readonly CommandSpec[],
): Promise<ParsedCommand | null> {
  refuseFlagValues(words, commands);
  let parsed: ParsedCommand | null = null;
  let parser = base(words);
  for (const command of commands) {
    parser = parser.command(
      signature(command),
      command.doc,
      (builder) => describe(builder, command),
      (args) => {
        parsed = { command, args: restored(args as Record<string, unknown>) };
      },
    );
  }
  if (words.length === 0) {
    parser.showHelp('log');
    return null;
  }
  await parser
    .fail((message, error) => {
      throw error instanceof UserError ? error : usageError(message, words, commands);
    })
    .parseAsync();
  return parsed;
}

/**
 * The parser loses a lone hyphen given as an argument and all that stands after `--`, so these words
 * travel behind a mark that no command line can hold.
 */
const MARK = '\u0000';

function marked(words: readonly string[]): string[] {
  const end = endOfOptions(words);
  const before = words.slice(0, end).map((word) => (word === '-' ? MARK + word : word));
  return [...before, ...words.slice(end + 1).map((word) => MARK + word)];
}

function unmarked(word: string): string {
  return word.startsWith(MARK) ? word.slice(MARK.length) : word;
}

function restored(args: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(args).map(([key, value]) => [
    key,
    typeof value === 'string' ? unmarked(value) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** Returns where `--` stands, or the number of words. */
function endOfOptions(words: readonly string[]): number {
  const found = words.indexOf('--');
  return found < 0 ? words.length : found;
}

/** The parser takes any value of a flag for false, and lets `--` stand for a value. */
function refuseFlagValues(words: readonly string[], commands: readonly CommandSpec[]): void {
  const named = words.find((word) => commands.some((one) => one.name === word));
  const command = commands.find((one) => one.name === named);
  const specs = [...(command?.options ?? []), ...general];
  const flags = [...specs.filter((one) => one.kind === 'flag').map((one) => one.name), 'help', 'version'];
  const end = endOfOptions(words);
  for (let i = 0; i < end; i++) {
    const [, name, glued] = /^--(?:no-)?([^=]+)(=.*)?$/s.exec(words[i]) ?? [];
    if (name === undefined) continue;
    const isFlag = flags.includes(name);
    const next = i + 1 < words.length ? words[i + 1] : '';
    if (isFlag && (glued !== undefined || next === 'true' || next === 'false')) {
      const was = glued === undefined ? next : glued.slice(1);
      throw new UserError('usage/value', `--${name} takes no value, was given "${was}"`);
    }
    const isValue = !isFlag && specs.some((one) => one.name === name);
    if (isValue && glued === undefined && i + 1 === end && end < words.length) {
      throw new UserError('usage/value', `--${name} needs a value`);
    }
  }
}

function base(words: readonly string[]): Argv {
  return yargs(marked(words))
    .scriptName('stampede')
    .usage('stampede <command>\n\nSimulates how leveraged traders force each other out of a market.')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'camel-case-expansion': false,
    })
    .locale('en')
    .wrap(HELP_COLUMNS)
    .exitProcess(false)
    .strict()
    .demandCommand(1, 'no command was given')
    .showHelpOnFail(false)
    .version(packageVersion)
    .describe('version', 'Print the version')
    .describe('help', 'Print this help')
    .alias('help', 'h')
    .options(Object.fromEntries(general.map((one) => [one.name, option(one)])))
    .group(['color', 'help', 'version'], 'General')
    .epilogue('Exit codes: 0 ok, 1 internal error, 2 usage, invalid file or strategy, 3 assertion failed, 4 hash mismatch, 5 incomplete (some runs failed), 6 resource limit, 7 undecided, 130 interrupted.');
}

function signature({ name, positionals }: CommandSpec): string {
  return [name, ...positionals.map((one) => (one.required ? `<${one.name}>` : `[${one.name}]`))].join(' ');
}

/** Examples stand first in a command's help. */
function describe(builder: Argv, command: CommandSpec): Argv {
  const width = Math.max(...command.examples.map(([line]) => line.length));
  const examples = command.examples.map(([line, doc]) => `  stampede ${line.padEnd(width)}  ${doc}`);
  builder.usage(`stampede ${signature(command)}\n\n${command.doc}\n\n${examples.join('\n')}`);
  for (const one of command.positionals) builder.positional(one.name.replace('..', ''), positional(one));
  for (const one of command.options) {
    builder.option(one.name, option(one)).group(one.name, one.group);
  }
  return builder.epilogue('');
}

function positional(spec: PositionalSpec) {
  return { describe: spec.doc, type: 'string' as const, defaultDescription: spec.fallback };
}

function option(spec: OptionSpec) {
  if (spec.kind === 'flag') {
    return { describe: spec.doc, type: 'boolean' as const, defaultDescription: spec.fallback };
  }
  const describe = spec.value === undefined ? spec.doc : `${spec.doc}`;
  return {
    describe: spec.fallback === undefined ? describe : `${describe} [default: ${spec.fallback}]`,
    type: 'string' as const,
    requiresArg: true,
    ...(spec.kind === 'list' ? { array: true, nargs: 1 } : {}),
  };
}

/** Rewords what the parser says, with the nearest name. */
function usageError(
  message: string,
  words: readonly string[],
  commands: readonly CommandSpec[],
): UserError {
  const text = (message ?? '').replaceAll(MARK, '');
  const options = words.slice(0, endOfOptions(words));
  const unknown = /^Unknown (argument|command)s?: (.*)$/.exec(text);
  const names = commands.map((one) => one.name);
  if (unknown !== null) {
    const word = unknown[2].split(', ')[0];
    const command = commands.find((one) => one.name === words[0]);
    const asOption = options.find((one) => one === `--${word}` || one.startsWith(`--${word}=`) || one === `-${word}`);
    if (asOption !== undefined) {
      return unknownOption(asOption, command);
    }
    if (command === undefined) {
      const near = didYouMean(word, names);
      return new UserError('usage/command', `command was "${word}", must be one of ${names.join(', ')}${near}`);
    }
    return new UserError('usage/argument', `"${word}" is one argument too many; run: stampede ${command.name} --help`);
  }
  if (text.startsWith('no command')) {
    const known = commands.flatMap((one) => one.options).concat(general);
    const nameOf = (word: string) => word.replace(/^--?(no-)?/, '').split('=')[0];
    const stray = options.find(
      (word) => /^-./.test(word) && !known.some((one) => one.name === nameOf(word)),
    );
    if (stray !== undefined) return unknownOption(stray, undefined);
  }
  const missing = /^Not enough arguments following: (.*)$/.exec(text);
  if (missing !== null) return new UserError('usage/value', `--${missing[1]} needs a value`);
  if (/^Not enough non-option arguments/.test(text)) {
    const command = commands.find((one) => one.name === words[0]);
    const needed = command?.positionals.find((one) => one.required)?.name ?? 'argument';
    return new UserError('usage/argument', `<${needed}> is missing; run: stampede ${words[0]} --help`);
  }
  return new UserError('usage/command', `${text.split('\n')[0]}; run: stampede --help`);
}

function unknownOption(word: string, command: CommandSpec | undefined): UserError {
  const names = [...(command?.options ?? []), ...general].map((one) => `--${one.name}`);
  const near = didYouMean(word.split('=')[0], [...names, '--help', '--version']);
  const of = command === undefined ? '' : ` of ${command.name}`;
  const help = `run: stampede ${command === undefined ? '' : `${command.name} `}--help`;
  return new UserError('usage/option', `${word} is not an option${of}${near}; ${help}`);
}
