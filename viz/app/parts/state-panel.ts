/** The market at the playhead, in figures. */
import type { FilmInfo, MarketState } from '../../data/index.js';
import {
  amountText,
  bpsText,
  clockText,
  dateText,
  groupText,
  percentText,
  priceText,
} from '../../data/index.js';
import { element, setText } from '../dom.js';

/** A figure: its name, what it means, and how to read it from a state. */
interface Figure {
  name: string;
  meaning: string;
  text(state: MarketState, info: FilmInfo): string;
}

const FIGURES: readonly Figure[] = [
  {
    name: 'mark',
    meaning: 'the price margins are reckoned at',
    text: (s, i) => priceText(s.mark, i.quotePerTick),
  },
  {
    name: 'index',
    meaning: 'the price outside this market',
    text: (s, i) => priceText(s.index, i.quotePerTick),
  },
  {
    name: 'last',
    meaning: 'the price of the last trade',
    text: (s, i) => priceText(s.last, i.quotePerTick),
  },
  { name: 'basis', meaning: 'mark over index', text: (s) => bpsText(s.basisBps) },
  {
    name: 'spread',
    meaning: 'best ask less best bid',
    text: (s, i) =>
      s.ask > 0 && s.bid > 0 ? `${groupText((s.ask - s.bid) / i.quotePerTick)} ticks` : '\u2013',
  },
  {
    name: 'depth \u00b11 %',
    meaning: 'resting within 1 % of the mark, both sides',
    text: (s) => `$${amountText(s.bidDepthQuote + s.askDepthQuote)}`,
  },
  {
    name: 'open interest',
    meaning: 'contracts held',
    text: (s) => `$${amountText(s.openInterestQuote)}`,
  },
  { name: 'trades', meaning: 'since the start', text: (s) => groupText(s.trades) },
  { name: 'liquidations', meaning: 'since the start', text: (s) => groupText(s.liquidations) },
  {
    name: 'liquidated',
    meaning: 'notional since the start',
    text: (s) => `$${amountText(s.liquidatedQuote)}`,
  },
  {
    name: 'insurance',
    meaning: 'what the fund holds',
    text: (s, i) => `${amountText(s.fund)} ${i.settlement}`,
  },
  {
    name: 'bad debt',
    meaning: 'losses nobody could pay, since the start',
    text: (s, i) => `${amountText(s.badDebt)} ${i.settlement}`,
  },
  {
    name: 'ADL',
    meaning: 'winners closed by force, since the start',
    text: (s) => groupText(s.deleveragings),
  },
  {
    name: 'funding',
    meaning: 'longs pay shorts at the next settlement',
    text: (s) => percentText(s.fundingRate, 4),
  },
];

/** Builds once, then writes only what changed. */
export class StatePanel {
  readonly root: HTMLElement;
  private readonly info: FilmInfo;
  private readonly time: HTMLElement;
  private readonly date: HTMLElement;
  private readonly halted: HTMLElement;
  private readonly values: HTMLElement[];

  constructor(info: FilmInfo) {
    this.info = info;
    this.time = element('span', { class: 'time' });
    this.date = element('span', { class: 'date' });
    this.halted = element('span', { class: 'halted', hidden: true }, 'halted');
    this.values = FIGURES.map((figure) => element('dd', { 'data-figure': figure.name }));
    const rows = FIGURES.map((figure, i) =>
      element('div', { title: figure.meaning }, element('dt', {}, figure.name), this.values[i]),
    );
    this.root = element(
      'section',
      { class: 'card state', 'aria-label': 'The market at the playhead' },
      element('h2', {}, this.time, this.date, this.halted),
      element('dl', {}, ...rows),
    );
  }

  /** Shows a state; the clock moves even while figures are on their way. */
  show(timeMicros: number, state: MarketState | null): void {
    setText(this.time, clockText(timeMicros, this.info.startEpochMs));
    setText(this.date, `${dateText(timeMicros, this.info.startEpochMs)}, UTC`);
    this.root.classList.toggle('coarse', state !== null && !state.exact);
    this.halted.hidden = !state?.halted;
    for (let i = 0; i < FIGURES.length; i += 1) {
      setText(this.values[i], state ? FIGURES[i].text(state, this.info) : '\u2013');
    }
  }
}

/** A moment in one line, for the live region. */
export function stateWords(state: MarketState, info: FilmInfo): string {
  return (
    `${clockText(state.timeMicros, info.startEpochMs)}, mark ` +
    `${priceText(state.mark, info.quotePerTick)}, ${groupText(state.liquidations)} liquidations.`
  );
}
