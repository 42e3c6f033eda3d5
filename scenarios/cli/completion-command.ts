/** `stampede completion`: a script that completes commands, options and names in a shell. */
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { metricInfos } from '../../sim/metrics/index.js';
import { libraryStudies } from '../experiment/index.js';
import { libraryScenarios } from '../runtime/index.js';
import { BENCHES } from './bench-command.js';
import { type CommandSpec, ExitCode } from './command.js';
import { general } from './options.js';
import { printOut } from './terminal.js';

const SHELLS = ['bash', 'zsh'] as const;

/** Makes the command; it needs the table it is part of. */
export function completionCommand(commands: () => readonly CommandSpec[]): CommandSpec {
  return {
    name: 'completion',
    doc: 'Print a completion script for bash or zsh',
    positionals: [{ name: 'shell', doc: 'bash or zsh [default: bash]', required: false }],
    options: [],
    examples: [['completion bash >> ~/.bashrc', 'complete commands, options, names']],
    async run(args) {
      const shell = args.shell ?? 'bash';
      if (!SHELLS.includes(shell as (typeof SHELLS)[number])) {
        throw new UserError('usage/argument', `shell was "${String(shell)}", must be bash or zsh`);
      }
      printOut(completionScript(commands(), shell === 'zsh'));
      return ExitCode.ok;
    },
  };
}

/** Writes the script; zsh runs the same one through its bash emulation. */
export function completionScript(commands: readonly CommandSpec[], isZsh: boolean): string {
  const cases = commands.map((command) => `    ${command.name}) words="${wordsOf(command)}" ;;`);
  return [
    '# stampede completion',
    ...(isZsh ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_stampede() {',
    `  local current="\${COMP_WORDS[COMP_CWORD]}" words`,
    `  case "\${COMP_WORDS[1]}" in`,
    ...cases,
    '  esac',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words="${commands.map((command) => command.name).join(' ')} --help --version"`,
    '  fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _stampede stampede',
  ].join('\n');
}

function wordsOf(command: CommandSpec): string {
  const options = [...command.options, ...general].map((one) => `--${one.name}`);
  const names = command.positionals.flatMap(({ name }) => namesOf(command.name, name));
  return [...names, ...options, '--help'].join(' ');
}

function namesOf(command: string, positional: string): string[] {
  if (positional === 'scenario' || command === 'scenarios') return libraryScenarios().map((one) => one.name);
  if (command === 'metrics') return metricInfos.map((one) => one.name);
  if (command === 'bench') return [...BENCHES];
  if (command === 'strategies' && positional === 'name') {
    return ['new', 'test', ...registry.map((one) => one.name)];
  }
  if (positional === 'rule') return registry.map((one) => one.name);
  if (positional === 'shell') return [...SHELLS];
  if (positional === 'study' || command === 'studies') return libraryStudies().map((one) => one.name);
  return positional === 'of' ? ['scenario', 'study'] : [];
}
