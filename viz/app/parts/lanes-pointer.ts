/** Pointer and wheel on the lanes: zoom at the cursor, drag to move, hover to read, click to go. */
import type { Bubble, FilmInfo } from '../../data/index.js';
import {
  GENERATION_STEPS,
  amountText,
  bpsText,
  clockText,
  generationStep,
  groupText,
  priceText,
} from '../../data/index.js';
import { element } from '../dom.js';
import type { LanesView } from './lanes-view.js';

/** What the pointer can ask for; shares are of the view's width. */
export interface PointerActions {
  zoomAt(factor: number, share: number): void;
  panBy(share: number): void;
  seekShare(share: number): void;
  select(ordinal: number): void;
  fit(): void;
}

/** Pixels a press may wander and still be a click. */
const CLICK_PIXELS = 4;

/** Wires the lanes and owns their tooltip. */
export class LanesPointer {
  private readonly lanes: LanesView;
  private readonly info: FilmInfo;
  private readonly actions: PointerActions;
  private readonly tooltip: HTMLElement;
  private pressed: { x: number; moved: number } | null = null;

  constructor(lanes: LanesView, info: FilmInfo, actions: PointerActions) {
    this.lanes = lanes;
    this.info = info;
    this.actions = actions;
    this.tooltip = element('div', { class: 'tooltip', hidden: true });
    lanes.root.append(this.tooltip);
    const { root } = lanes;
    root.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    root.addEventListener('pointerdown', (event) => this.press(event));
    root.addEventListener('pointermove', (event) => this.move(event));
    root.addEventListener('pointerup', (event) => this.release(event));
    root.addEventListener('pointercancel', () => {
      this.pressed = null;
    });
    root.addEventListener('pointerleave', () => this.leave());
    root.addEventListener('dblclick', () => actions.fit());
  }

  private wheel(event: WheelEvent): void {
    if (event.ctrlKey && event.deltaY === 0) return;
    event.preventDefault();
    const share = this.share(event);
    const pixels = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const delta = (event.deltaX || event.deltaY) * pixels;
      this.actions.panBy(delta / this.lanes.pixels);
      return;
    }
    this.actions.zoomAt(1.0015 ** (event.deltaY * pixels), share);
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.pressed = { x: event.clientX, moved: 0 };
  }

  private move(event: PointerEvent): void {
    if (this.pressed && event.buttons === 1) {
      const delta = event.clientX - this.pressed.x;
      this.pressed.moved += Math.abs(delta);
      this.pressed.x = event.clientX;
      if (this.pressed.moved > CLICK_PIXELS) {
        this.lanes.root.setPointerCapture(event.pointerId);
        this.lanes.root.classList.add('dragging');
        this.actions.panBy(-delta / this.lanes.pixels);
        this.leave();
        return;
      }
    }
    this.hover(event);
  }

  private release(event: PointerEvent): void {
    const { pressed } = this;
    this.pressed = null;
    this.lanes.root.classList.remove('dragging');
    if (!pressed || pressed.moved > CLICK_PIXELS) return;
    const bubble = this.bubbleUnder(event);
    if (bubble && bubble.ordinal >= 0) {
      this.actions.select(bubble.ordinal);
      return;
    }
    const share = this.share(event);
    if (share <= 1) this.actions.seekShare(share);
  }

  private hover(event: PointerEvent): void {
    const box = this.lanes.root.getBoundingClientRect();
    const x = event.clientX - box.left;
    this.lanes.setCrosshair(x);
    const prices = this.lanes.pricesAt(x);
    if (!prices || x > this.lanes.pixels) {
      this.tooltip.hidden = true;
      return;
    }
    const bubble = this.bubbleUnder(event);
    const lines = bubble ? this.bubbleLines(bubble) : this.priceLines(prices);
    this.tooltip.replaceChildren(...lines.map((line) => element('div', {}, line)));
    this.tooltip.hidden = false;
    const { offsetWidth, offsetHeight } = this.tooltip;
    const clearance = bubble ? this.lanes.radiusOf(bubble) + 8 : 14;
    const y = event.clientY - box.top;
    const left =
      x + clearance + offsetWidth < box.width ? x + clearance : x - clearance - offsetWidth;
    const top = Math.max(4, Math.min(box.height - offsetHeight - 4, y + 14));
    this.tooltip.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  }

  private leave(): void {
    this.tooltip.hidden = true;
    this.lanes.setCrosshair(-1);
  }

  private bubbleUnder(event: PointerEvent): Bubble | null {
    const box = this.lanes.price.root.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    return point.y > box.height ? null : this.lanes.bubbleUnder(point);
  }

  private bubbleLines(bubble: Bubble): string[] {
    const { info } = this;
    const merged =
      bubble.count === 1 ? '1 liquidation' : `${groupText(bubble.count)} liquidations merged`;
    const longs = `$${amountText(bubble.longsQuote)} of longs sold`;
    const shorts = `$${amountText(bubble.shortsQuote)} of shorts bought`;
    const sides = [bubble.longsQuote > 0 && longs, bubble.shortsQuote > 0 && shorts];
    const known = sides.filter((side) => side !== false).join(', ');
    const lines = [merged, known || `$${amountText(bubble.notionalQuote)} in all`];
    if (bubble.generation > 0) lines.push(generationWords(bubble));
    const at = clockText(bubble.timeMicros, info.startEpochMs);
    lines.push(`around ${priceText(bubble.price, info.quotePerTick)} at ${at}`);
    if (bubble.ordinal >= 0) lines.push('click to pin');
    return lines;
  }

  private priceLines(prices: { timeMicros: number; mark: number; index: number }): string[] {
    const { info } = this;
    return [
      clockText(prices.timeMicros, info.startEpochMs),
      `mark ${priceText(prices.mark, info.quotePerTick)}`,
      `index ${priceText(prices.index, info.quotePerTick)}`,
      `basis ${bpsText((prices.mark / prices.index - 1) * 10_000)}`,
    ];
  }

  private share(event: MouseEvent): number {
    const box = this.lanes.root.getBoundingClientRect();
    return (event.clientX - box.left) / this.lanes.pixels;
  }
}

function generationWords(bubble: Bubble): string {
  const largest = groupText(bubble.generation);
  if (bubble.isMixed) return `several generations; the largest is of generation ${largest}`;
  if (bubble.count > 1 && generationStep(bubble.generation) === GENERATION_STEPS - 1) {
    return `generation ${GENERATION_STEPS} and more`;
  }
  return bubble.generation === 1 ? 'generation 1: no other pushed it' : `generation ${largest}`;
}
