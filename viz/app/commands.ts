/** Every command of the replay: one table for keys, buttons, tooltips and the help dialog. */

/** What a command can do to the screen. */
export interface ReplayActions {
  togglePlay(): void;
  changeSpeed(steps: number): void;
  step(steps: number): void;
  seekFraction(fraction: number): void;
  seekEnd(end: 'start' | 'end'): void;
  stepLiquidation(direction: 1 | -1): void;
  walk(direction: 'cause' | 'effect'): void;
  stepCascade(direction: 1 | -1): void;
  zoom(factor: number): void;
  pan(share: number): void;
  fit(): void;
  clearSelection(): void;
  openGoTo(): void;
  openTable(): void;
  openHelp(): void;
  copyLink(): void;
  toggleTheme(): void;
}

/** One line of the table. */
export interface Command {
  id: string;
  group: 'Play' | 'Look' | 'Find' | 'More';
  title: string;
  /** `KeyboardEvent.key` in lower case, with `shift+` in front where it matters. */
  keys: readonly string[];
  run(actions: ReplayActions): void;
}

const digits: readonly Command[] = Array.from({ length: 10 }, (_, digit) => ({
  id: `seek-${digit}`,
  group: 'Play' as const,
  title: `Go to ${digit * 10} % of the film`,
  keys: [String(digit)],
  run: (actions: ReplayActions) => actions.seekFraction(digit / 10),
}));

/** The table, in the order the help shows it. */
export const commands: readonly Command[] = [
  {
    id: 'play',
    group: 'Play',
    title: 'Play or pause',
    keys: [' ', 'k'],
    run: (a) => a.togglePlay(),
  },
  { id: 'slower', group: 'Play', title: 'Slower', keys: ['j'], run: (a) => a.changeSpeed(-1) },
  { id: 'faster', group: 'Play', title: 'Faster', keys: ['l'], run: (a) => a.changeSpeed(1) },
  {
    id: 'step-back',
    group: 'Play',
    title: 'One sample back',
    keys: ['arrowleft'],
    run: (a) => a.step(-1),
  },
  {
    id: 'step-forward',
    group: 'Play',
    title: 'One sample forward',
    keys: ['arrowright'],
    run: (a) => a.step(1),
  },
  {
    id: 'leap-back',
    group: 'Play',
    title: 'Ten samples back',
    keys: ['shift+arrowleft'],
    run: (a) => a.step(-10),
  },
  {
    id: 'leap-forward',
    group: 'Play',
    title: 'Ten samples forward',
    keys: ['shift+arrowright'],
    run: (a) => a.step(10),
  },
  {
    id: 'start',
    group: 'Play',
    title: 'Go to the start',
    keys: ['home'],
    run: (a) => a.seekEnd('start'),
  },
  { id: 'end', group: 'Play', title: 'Go to the end', keys: ['end'], run: (a) => a.seekEnd('end') },
  ...digits,
  {
    id: 'previous-liquidation',
    group: 'Find',
    title: 'Previous liquidation',
    keys: [','],
    run: (a) => a.stepLiquidation(-1),
  },
  {
    id: 'next-liquidation',
    group: 'Find',
    title: 'Next liquidation',
    keys: ['.'],
    run: (a) => a.stepLiquidation(1),
  },
  {
    id: 'cause',
    group: 'Find',
    title: 'The liquidation that pushed this one',
    keys: ['['],
    run: (a) => a.walk('cause'),
  },
  {
    id: 'effect',
    group: 'Find',
    title: 'The first one that this one pushed',
    keys: [']'],
    run: (a) => a.walk('effect'),
  },
  {
    id: 'next-cascade',
    group: 'Find',
    title: 'Next cascade',
    keys: ['n'],
    run: (a) => a.stepCascade(1),
  },
  {
    id: 'previous-cascade',
    group: 'Find',
    title: 'Previous cascade',
    keys: ['p'],
    run: (a) => a.stepCascade(-1),
  },
  { id: 'go-to', group: 'Find', title: 'Go to a time', keys: ['g'], run: (a) => a.openGoTo() },
  {
    id: 'zoom-in',
    group: 'Look',
    title: 'Zoom in',
    keys: ['w', '+', '=', 'shift++'],
    run: (a) => a.zoom(0.5),
  },
  { id: 'zoom-out', group: 'Look', title: 'Zoom out', keys: ['s', '-'], run: (a) => a.zoom(2) },
  {
    id: 'pan-left',
    group: 'Look',
    title: 'Move the view back',
    keys: ['a'],
    run: (a) => a.pan(-0.25),
  },
  {
    id: 'pan-right',
    group: 'Look',
    title: 'Move the view forward',
    keys: ['d'],
    run: (a) => a.pan(0.25),
  },
  { id: 'fit', group: 'Look', title: 'Show the whole film', keys: ['f'], run: (a) => a.fit() },
  {
    id: 'clear',
    group: 'Look',
    title: 'Clear the selection',
    keys: ['escape'],
    run: (a) => a.clearSelection(),
  },
  {
    id: 'table',
    group: 'More',
    title: 'The view as a table',
    keys: ['t'],
    run: (a) => a.openTable(),
  },
  {
    id: 'link',
    group: 'More',
    title: 'Copy a link to this moment',
    keys: ['c'],
    run: (a) => a.copyLink(),
  },
  {
    id: 'theme',
    group: 'More',
    title: 'Dark or light',
    keys: ['shift+d'],
    run: (a) => a.toggleTheme(),
  },
  {
    id: 'help',
    group: 'More',
    title: 'All keys',
    keys: ['?', 'shift+?'],
    run: (a) => a.openHelp(),
  },
];

const byKey = new Map(commands.flatMap((command) => command.keys.map((key) => [key, command])));
const byId = new Map(commands.map((command) => [command.id, command]));

/** The command a key press means, or null; a press meant for a field or the browser means none. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return null;
  const key = event.key.toLowerCase();
  const pressesButton =
    event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
  if (key === ' ' && pressesButton) return null;
  return byKey.get(event.shiftKey ? `shift+${key}` : key) ?? null;
}

/** @throws Error for an id that is not in the table: a mistake of this page's own code. */
export function commandNamed(id: string): Command {
  const command = byId.get(id);
  if (!command) throw new Error(`no command ${id}`);
  return command;
}

/** A key as the help shows it. */
export function keyText(key: string): string {
  const names: Record<string, string> = {
    ' ': 'Space',
    arrowleft: '\u2190',
    arrowright: '\u2192',
    escape: 'Esc',
    home: 'Home',
    end: 'End',
  };
  const shift = key.startsWith('shift+');
  const bare = shift ? key.slice('shift+'.length) : key;
  if (bare === '?') return '?';
  const name = names[bare] ?? (bare.length === 1 ? bare.toUpperCase() : bare);
  return shift ? `Shift ${name}` : name;
}

/** Title and first key: the tooltip of a button. */
export function tooltipOf(command: Command): string {
  const key = command.keys[0];
  return key === undefined ? command.title : `${command.title} [${keyText(key)}]`;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
