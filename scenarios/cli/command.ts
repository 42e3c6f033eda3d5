/** What a command declares: the one table that flags, help, completion and checks come from. */

/** Where an option stands in the help. */
export type OptionGroup =
  | 'Run'
  | 'Verdict'
  | 'Study'
  | 'Queue'
  | 'Probe'
  | 'Cause'
  | 'Branch'
  | 'Event'
  | 'Output'
  | 'Server'
  | 'General';

/** One option of a command. */
export interface OptionSpec {
  name: string;
  /** What it does, one line, with the unit of its value. */
  doc: string;
  group: OptionGroup;
  /** `flag`: no value; `value`: one; `list`: one each time it is given. */
  kind: 'flag' | 'value' | 'list';
  /** Placeholder of the value in the help. */
  value?: string;
  /** Default as shown. */
  fallback?: string;
}

/** A positional argument; optional ones have a default. */
export interface PositionalSpec {
  name: string;
  doc: string;
  required: boolean;
  fallback?: string;
}

/** One command. */
export interface CommandSpec {
  name: string;
  /** One line. */
  doc: string;
  positionals: readonly PositionalSpec[];
  options: readonly OptionSpec[];
  /** Command lines after `stampede`, with what they do. */
  examples: readonly (readonly [string, string])[];
  /** Does it; resolves to the exit code. @throws UserError */
  run(args: Record<string, unknown>): Promise<number>;
}

/** Exit codes of every command. */
export const ExitCode = {
  ok: 0,
  internal: 1,
  usage: 2,
  assertion: 3,
  mismatch: 4,
  incomplete: 5,
  resource: 6,
  undecided: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
