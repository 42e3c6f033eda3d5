/** The selected liquidation, told in figures and in one sentence. */
import type { FilmInfo, Liquidation } from '../../data/index.js';
import { amountText, clockText, groupText, priceText } from '../../data/index.js';
import { element } from '../dom.js';

/** Shows one liquidation, or how to select one. */
export class LiquidationCard {
  readonly root: HTMLElement;
  private readonly info: FilmInfo;
  private shown = -2;

  constructor(info: FilmInfo) {
    this.info = info;
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
    this.root.dataset.liquidation = liquidation ? String(liquidation.id) : '';
    this.root.replaceChildren(...(liquidation ? this.told(liquidation) : this.invitation()));
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
      ),
    ];
  }

  private told(one: Liquidation): Node[] {
    const { info } = this;
    const price = (value: number) => priceText(value, info.quotePerTick);
    const slippage = slippageBps(one);
    const rows: [string, string][] = [
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
    return [
      element(
        'h2',
        {},
        `Liquidation #${groupText(one.id)}`,
        element('span', { class: 'of' }, `of ${groupText(info.liquidations)}`),
      ),
      element('p', { class: 'when' }, sentence(one, info)),
      element(
        'dl',
        {},
        ...rows.map(([name, value]) =>
          element('div', {}, element('dt', {}, name), element('dd', {}, value)),
        ),
      ),
    ];
  }
}

/** How much worse than the mark its own orders were filled; null when none was. */
function slippageBps(one: Liquidation): number | null {
  if (!one.filled || !(one.markAtBreach > 0)) return null;
  const move = one.price / one.markAtBreach - 1;
  return (one.side === 'long' ? -move : move) * 10_000;
}

function sentence(one: Liquidation, info: FilmInfo): string {
  const at = clockText(one.timeMicros, info.startEpochMs);
  const moved = one.side === 'long' ? 'fell' : 'rose';
  const outcome = {
    reduced: 'so part of the position was closed at market.',
    'taken over': 'so the venue took the position over at its bankruptcy price.',
    'closed at market': 'so all of it was closed at market.',
  }[one.stage];
  return `At ${at} the mark ${moved} through this trader\u2019s margin, ${outcome}`;
}
