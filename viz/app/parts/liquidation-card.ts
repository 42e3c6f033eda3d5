/** The selected liquidation, told in figures and in one sentence. */
import type { CascadeNode, FilmInfo, Liquidation } from '../../data/index.js';
import { amountText, groupText, priceText } from '../../data/index.js';
import { element } from '../dom.js';
import { causeSection } from './cause-section.js';
import type { CauseActions } from './cause-section.js';

/** Shows one liquidation, or how to select one. */
export class LiquidationCard {
  readonly root: HTMLElement;
  /** Prices and amounts, to be put below; empty while nothing is selected. */
  readonly figures = element('details', { class: 'card figures', open: true, hidden: true });
  private readonly info: FilmInfo;
  private readonly actions: CauseActions;
  private readonly causes = element('div', { class: 'causes' });
  private one: Liquidation | null = null;
  private known: { ordinal: number; effects: readonly CascadeNode[] } = { ordinal: -1, effects: [] };
  private shown = -2;

  constructor(info: FilmInfo, actions: CauseActions) {
    this.info = info;
    this.actions = actions;
    this.root = element('section', {
      class: 'card liquidation',
      'aria-label': 'The selected liquidation',
    });
    this.show(null);
  }

  /** Rebuilds only for another liquidation. */
  show(liquidation: Liquidation | null): void {
    const ordinal = liquidation ? liquidation.ordinal : -1;
    if (ordinal === this.shown) return;
    this.shown = ordinal;
    this.one = liquidation;
    this.figures.hidden = liquidation === null;
    if (liquidation) this.showCauses();
    this.root.dataset.liquidation = liquidation ? String(liquidation.id) : '';
    this.root.replaceChildren(...(liquidation ? this.told(liquidation) : this.invitation()));
  }

  /** Adds what liquidation `ordinal` pushed, once that is known. */
  showEffects(ordinal: number, effects: readonly CascadeNode[]): void {
    this.known = { ordinal, effects };
    if (this.one?.ordinal === ordinal) this.showCauses();
  }

  private showCauses(): void {
    const one = this.one as Liquidation;
    const effects = this.known.ordinal === one.ordinal ? this.known.effects : null;
    this.causes.replaceChildren(...causeSection(one, this.info, this.actions, effects));
  }

  private invitation(): Node[] {
    const { liquidations } = this.info;
    if (liquidations === 0) {
      return [
        element('h2', {}, 'Nobody was liquidated'),
        element('p', {}, 'Every trader kept enough margin all through this run.'),
      ];
    }
    return [
      element('h2', {}, `${groupText(liquidations)} liquidations`),
      element(
        'p',
        {},
        'Click a disc, or step with ',
        element('kbd', {}, ','),
        ' and ',
        element('kbd', {}, '.'),
        '; ',
        element('kbd', {}, 'N'),
        ' goes to the next cascade.',
      ),
    ];
  }

  private told(one: Liquidation): Node[] {
    const { info } = this;
    this.figures.replaceChildren(
      element('summary', {}, 'Its figures'),
      element(
        'dl',
        {},
        ...this.rows(one).map(([name, value]) =>
          element('div', {}, element('dt', {}, name), element('dd', {}, value)),
        ),
      ),
    );
    return [
      element(
        'h2',
        {},
        `Liquidation #${groupText(one.id)}`,
        element('span', { class: 'of' }, `of ${groupText(info.liquidations)}`),
        one.cause
          ? element(
              'span',
              { class: 'generation', 'data-generation': one.cause.generation },
              `generation ${groupText(one.cause.generation)}`,
            )
          : null,
      ),
      this.causes,
    ];
  }

  private rows(one: Liquidation): [string, string][] {
    const { info } = this;
    const price = (value: number) => priceText(value, info.quotePerTick);
    const slippage = slippageBps(one);
    return [
      ['trader', one.account < 0 ? 'outside' : `${groupText(one.account)} (${one.cohort})`],
      ['position', one.side === 'long' ? '\u25bc long, sold' : '\u25b2 short, bought'],
      ['notional', `$${amountText(one.notionalQuote)}`],
      ['equity left', `${amountText(one.equity)} ${info.settlement}`],
      ['mark', price(one.markAtBreach)],
      ['needed', `${amountText(one.maintenanceMargin)} ${info.settlement}`],
      [one.filled ? 'mean fill' : 'price', price(one.price)],
      ['bankrupt at', price(one.bankruptcyPrice)],
      ['slippage', slippage === null ? '\u2013' : `${slippage.toFixed(1)} bps`],
      ['outcome', one.stage],
    ];
  }
}

/** How much worse than the mark its own orders were filled; null when none was. */
function slippageBps(one: Liquidation): number | null {
  if (!one.filled || !(one.markAtBreach > 0)) return null;
  const move = one.price / one.markAtBreach - 1;
  return (one.side === 'long' ? -move : move) * 10_000;
}

/** A liquidation in one line, for the live region. */
export function liquidationWords(one: Liquidation, info: FilmInfo): string {
  const generation = one.cause ? `, generation ${groupText(one.cause.generation)}` : '';
  return (
    `Liquidation ${groupText(one.id)}: ${one.side} of ${one.cohort} at ` +
    `${priceText(one.price, info.quotePerTick)}, ${one.stage}${generation}.`
  );
}
