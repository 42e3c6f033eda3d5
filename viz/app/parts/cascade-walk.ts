/** Follows the selected liquidation along the forest: its tree, its cause, what it pushed. */
import type { CascadeNode, Film } from '../../data/index.js';
import { eventOfOwnerWords } from '../../data/index.js';
import { announce } from './announcer.js';
import { CascadePanel } from './cascade-panel.js';
import type { LiquidationCard } from './liquidation-card.js';

/** What following needs from the screen. */
export interface WalkActions {
  select(ordinal: number): void;
  seek(micros: number): void;
  /** Counts a load; failures go to whoever shows them. */
  track(load: Promise<void>): void;
}

/** Arrows that are drawn at most. */
const EFFECTS_DRAWN = 60;

/** Keeps panel, card and links in step with the selection. */
export class CascadeWalk {
  readonly panel: CascadePanel;
  /** Row of what pushed the selected one, -1 for none, and rows of what it pushed. */
  cause = -1;
  effects: readonly number[] = [];
  private readonly film: Film;
  private readonly card: LiquidationCard;
  private readonly actions: WalkActions;
  private readonly opened = new Set<number>();
  private selected = -1;

  constructor(film: Film, card: LiquidationCard, actions: WalkActions) {
    this.film = film;
    this.card = card;
    this.actions = actions;
    this.panel = new CascadePanel(film.info, {
      select: (ordinal) => actions.select(ordinal),
      seek: (micros) => actions.seek(micros),
      openMore: (event) => {
        this.opened.add(event);
        actions.track(this.load());
      },
    });
  }

  /** Follows another selection, -1 for none. */
  show(ordinal: number): void {
    if (ordinal === this.selected) return;
    this.selected = ordinal;
    this.cause = -1;
    this.effects = [];
    if (ordinal < 0) this.panel.show(null);
    else this.actions.track(this.load());
  }

  /** Goes to the cause or to the first effect, or says why there is none. */
  async walk(direction: 'cause' | 'effect'): Promise<void> {
    const { selected } = this;
    if (selected < 0) {
      announce('Select a liquidation first.', true);
      return;
    }
    const { cascades } = this.film;
    const to =
      direction === 'cause' ? await cascades.cause(selected) : firstOf(await cascades.effects(selected));
    if (to >= 0) this.actions.select(to);
    else announce(this.noWayWords(direction), true);
  }

  /** Goes to the first liquidation of the next or previous cascade. */
  async walkCascades(timeMicros: number, direction: 1 | -1): Promise<void> {
    const here = this.film.loadedLiquidation(this.selected);
    const row =
      here?.timeMicros === timeMicros
        ? this.selected
        : direction > 0
          ? (await this.film.liquidationAfter(timeMicros)) - 0.5
          : (await this.film.liquidationBefore(timeMicros)) + 0.5;
    const to = this.film.cascades.startBeside(row, direction);
    if (to >= 0) this.actions.select(to);
    else announce(direction > 0 ? 'No later cascade.' : 'No earlier cascade.', true);
  }

  /** Selects a liquidation by its number. */
  async selectLiquidation(id: number): Promise<void> {
    const row = await this.film.cascades.rowOfLiquidation(id);
    if (row >= 0) this.actions.select(row);
  }

  private async load(): Promise<void> {
    const { selected } = this;
    const { cascades } = this.film;
    const tree = await cascades.tree(selected, this.opened);
    const effects: CascadeNode[] = tree ? await cascades.effects(selected) : [];
    const cause = tree ? await cascades.cause(selected) : -1;
    if (selected !== this.selected) return;
    this.cause = cause;
    this.effects = effects
      .filter((node) => node.isLiquidation)
      .slice(0, EFFECTS_DRAWN)
      .map((node) => node.row);
    this.card.showEffects(selected, effects);
    this.panel.show(tree);
  }

  private noWayWords(direction: 'cause' | 'effect'): string {
    if (direction === 'effect') return 'It pushed nobody else.';
    const parent = this.film.loadedLiquidation(this.selected)?.cause?.parent;
    if (!parent) return 'This film does not tell who pushed whom.';
    return `No other liquidation tipped it: it was ${eventOfOwnerWords(parent)}.`;
  }
}

function firstOf(effects: readonly CascadeNode[]): number {
  return effects.find((node) => node.isLiquidation)?.row ?? -1;
}
