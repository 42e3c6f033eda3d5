/** What tipped a liquidation, how the push splits, and what it went on to push. */
import type { CascadeNode, FilmInfo, Liquidation, LiquidationCause } from '../../data/index.js';
import {
  amountText,
  clockText,
  eventOfOwnerWords,
  eventWords,
  groupText,
  ownerWords,
  partWords,
  priceText,
} from '../../data/index.js';
import { commandNamed, tooltipOf } from '../commands.js';
import { element } from '../dom.js';

/** What the links do. */
export interface CauseActions {
  walk(direction: 'cause' | 'effect'): void;
  selectLiquidation(id: number): void;
}

/** Parts smaller than this are summed up. */
const PART_MIN = 0.005;

/** Builds the section; `effects` is null while it is not known. */
export function causeSection(
  one: Liquidation,
  info: FilmInfo,
  actions: CauseActions,
  effects: readonly CascadeNode[] | null,
): HTMLElement[] {
  const { cause } = one;
  if (!cause) {
    return [
      element('p', { class: 'when' }, whenWords(one, info)),
      element('p', { class: 'untold' }, 'This film does not tell who pushed whom.'),
    ];
  }
  const moved = one.side === 'long' ? 'down' : 'up';
  return [
    tipped(cause, one, info, actions),
    element(
      'ul',
      { class: 'parts', 'aria-label': `Who moved the mark ${moved} that far` },
      element('li', { class: 'parts-title' }, `Who moved the mark ${moved} that far:`),
      ...partsOf(cause),
    ),
    element(
      'div',
      { class: 'walks' },
      element('p', { class: 'effects' }, effectsWords(effects)),
      ...walkButtons(cause, effects, actions),
    ),
  ];
}

/** When, what tipped it, which level, what became of it. */
function tipped(
  cause: LiquidationCause,
  one: Liquidation,
  info: FilmInfo,
  actions: CauseActions,
): HTMLElement {
  const { parent } = cause;
  const at = clockText(one.timeMicros, info.startEpochMs);
  const line = element('p', { class: 'when tipped' }, `At ${at} `);
  if (parent.liquidation > 0) {
    const link = element('button', { type: 'button', class: 'link' }, eventWords(parent));
    link.addEventListener('click', () => actions.selectLiquidation(parent.liquidation));
    line.append(link, ` (${ownerWords(parent)})`);
  } else line.append(element('b', {}, eventOfOwnerWords(parent)));
  const moved = one.side === 'long' ? 'down' : 'up';
  const price = priceText(cause.levelPrice, info.quotePerTick);
  const did =
    cause.levelPrice > 0
      ? ` took the mark ${moved} through ${price}, where this trader\u2019s margin ended`
      : ' left this trader without enough margin';
  line.append(`${did}${outcomeWords(one)}`);
  return line;
}

function whenWords(one: Liquidation, info: FilmInfo): string {
  const at = clockText(one.timeMicros, info.startEpochMs);
  const moved = one.side === 'long' ? 'fell' : 'rose';
  return `At ${at} the mark ${moved} through this trader\u2019s margin${outcomeWords(one)}`;
}

function outcomeWords(one: Liquidation): string {
  return {
    reduced: ', so part of the position was closed at market.',
    'taken over': ', so the venue took the position over at its bankruptcy price.',
    'closed at market': ', so all of it was closed at market.',
  }[one.stage];
}

/** One line a part: its share as a bar and a number. */
function partsOf(cause: LiquidationCause): HTMLElement[] {
  const told = cause.parts.filter((part) => part.weight >= PART_MIN);
  const rest = 1 - told.reduce((sum, part) => sum + part.weight, 0);
  const rows = told.map((part) => partRow(partWords(part), part.weight, part.liquidation > 0));
  if (rest >= PART_MIN) rows.push(partRow('many smaller events', rest, false));
  return rows;
}

function partRow(words: string, weight: number, isForced: boolean): HTMLElement {
  const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.width = `${(100 * weight).toFixed(1)}%`;
  const share = weight >= 0.995 && weight < 1 ? 99 : Math.round(100 * weight);
  return element(
    'li',
    { class: isForced ? 'forced' : '' },
    bar,
    element('span', {}, words),
    element('b', {}, weight < 0.01 ? '<1\u2009%' : `${share}\u2009%`),
  );
}

function effectsWords(effects: readonly CascadeNode[] | null): string {
  if (!effects) return '\u00a0';
  if (effects.length === 0) return 'It pushed nobody else.';
  const liquidations = effects.filter((node) => node.isLiquidation).length;
  const closed = effects.length - liquidations;
  const all = effects.reduce((sum, node) => sum + node.nodes, 0);
  const notional = effects.reduce((sum, node) => sum + node.notionalQuote, 0);
  const parts = [];
  if (liquidations > 0) parts.push(counted(liquidations, 'liquidation'));
  if (closed > 0) parts.push(counted(closed, 'auto-deleveraging'));
  const below = all > effects.length ? `, ${groupText(all)} in all` : '';
  return `It pushed ${parts.join(' and ')} directly ($${amountText(notional)})${below}.`;
}

/** Only the ways that there are. */
function walkButtons(
  cause: LiquidationCause,
  effects: readonly CascadeNode[] | null,
  actions: CauseActions,
): HTMLElement[] {
  const ways: ('cause' | 'effect')[] = [];
  if (cause.hasParent) ways.push('cause');
  if (effects?.some((node) => node.isLiquidation)) ways.push('effect');
  return ways.map((direction) => {
    const button = walkButton(direction);
    button.addEventListener('click', () => actions.walk(direction));
    return button;
  });
}

function walkButton(direction: 'cause' | 'effect'): HTMLButtonElement {
  const command = commandNamed(direction);
  return element(
    'button',
    { type: 'button', class: 'walk', title: tooltipOf(command), 'data-walk': direction },
    direction === 'cause' ? 'Cause' : 'First effect',
    element('kbd', {}, direction === 'cause' ? '[' : ']'),
  );
}

function counted(count: number, noun: string): string {
  return `${groupText(count)} ${noun}${count === 1 ? '' : 's'}`;
}
