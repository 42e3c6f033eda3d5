/** The lanes of a replay on one time axis, with the playhead and the dimmed future over them. */
import type { Palette, Plot, Spot } from '../../charts/index.js';
import {
  DISC_RADIUS,
  bubbleAt,
  bubbleRadius,
  discUnit,
  drawBubbles,
  drawExposureLabels,
  drawExposureLane,
  drawFundLane,
  drawNotionalLane,
  drawPriceLane,
  drawTimeAxis,
  drawValueAxis,
  exposureScale,
  fundScale,
  notionalScale,
  priceScale,
  timeTicks,
} from '../../charts/index.js';
import type { Bubble, Film, FilmInfo, Liquidation, TimeView, ViewPoints } from '../../data/index.js';
import {
  amountText,
  axisAmountText,
  clockText,
  durationText,
  groupText,
  tickDecimals,
} from '../../data/index.js';
import { element, setText, svgElement } from '../dom.js';
import { GUTTER_PIXELS, Lane } from './lane.js';
import { fundLegend, notionalLegend, priceLegend } from './legend.js';

/** What the lanes show. */
export interface LanesScene {
  film: Film;
  fromMicros: number;
  toMicros: number;
  selectedOrdinal: number;
  /** Row of what pushed the selected one, -1 for none, and rows of what it pushed. */
  links: { readonly cause: number; readonly effects: readonly number[] };
  palette: Palette;
  density: number;
}

/** All lanes; it draws, and tells what lies under a point. */
export class LanesView {
  readonly root: HTMLElement;
  readonly price: Lane;
  readonly notional: Lane;
  readonly exposure: Lane;
  readonly fund: Lane;
  private readonly axis: SVGGElement;
  private readonly veil: HTMLElement;
  private readonly playhead: HTMLElement;
  private readonly crosshair: HTMLElement;
  private readonly legend = priceLegend();
  private bubbles: Bubble[] = [];
  private quotePerDisc = 1;
  private points: ViewPoints | null = null;
  private focusCohort = -1;
  private scene: LanesScene | null = null;

  constructor() {
    const { root } = this.legend;
    this.price = new Lane({ name: 'price', title: 'Price', layered: true, legend: root });
    this.notional = new Lane({ name: 'notional', title: 'Liquidated', legend: notionalLegend() });
    this.exposure = new Lane({ name: 'exposure', title: 'Net exposure by cohort' });
    this.fund = new Lane({ name: 'fund', title: 'Insurance fund', legend: fundLegend() });
    this.axis = svgElement('g', { class: 'axis' });
    this.veil = element('div', { class: 'veil' });
    this.playhead = element('div', { class: 'playhead' });
    this.crosshair = element('div', { class: 'crosshair', hidden: true });
    this.root = element(
      'div',
      { class: 'lanes' },
      this.price.root,
      this.notional.root,
      this.exposure.root,
      this.fund.root,
      svgElement('svg', { class: 'time-axis', 'aria-hidden': 'true' }, this.axis),
      this.veil,
      this.crosshair,
      this.playhead,
    );
  }

  /** Width of the part that shows time, in CSS pixels. */
  get pixels(): number {
    return Math.max(1, this.root.clientWidth - GUTTER_PIXELS);
  }

  /** Draws all ink of a view; returns how many marks there are. */
  draw(scene: LanesScene): number {
    this.scene = scene;
    const { film } = scene;
    const view: TimeView = {
      fromMicros: scene.fromMicros,
      toMicros: scene.toMicros,
      pixels: this.pixels,
    };
    const ticks = timeTicks(view, film.info.startEpochMs);
    this.points = film.points(view);
    let marks = this.drawPrice(scene, view, ticks);
    marks += this.drawNotional(scene, view, ticks);
    this.drawExposure(scene, view, ticks);
    marks += this.drawFund(scene, view, ticks);
    drawTimeAxis(this.axis, view, film.info.startEpochMs);
    return marks;
  }

  /** Moves the playhead and the veil over the future; a time outside the view hides them. */
  setTime(timeMicros: number): void {
    const { scene } = this;
    if (!scene) return;
    const share = (timeMicros - scene.fromMicros) / (scene.toMicros - scene.fromMicros);
    const x = Math.max(0, Math.min(1, share)) * this.pixels;
    this.playhead.hidden = share < 0 || share > 1;
    this.playhead.style.transform = `translateX(${x}px)`;
    this.veil.style.transform = `translateX(${x}px)`;
    this.veil.style.width = `${Math.max(0, this.pixels - x)}px`;
  }

  /** Shows the crosshair at pixels from the left, or hides it with -1. */
  setCrosshair(x: number): void {
    this.crosshair.hidden = x < 0 || x > this.pixels;
    this.crosshair.style.transform = `translateX(${x}px)`;
  }

  /** The disc under a point of the price lane. */
  bubbleUnder(point: { x: number; y: number }): Bubble | null {
    return bubbleAt(this.bubbles, point, this.quotePerDisc);
  }

  /** Radius of a disc as drawn. */
  radiusOf(bubble: Bubble): number {
    return bubbleRadius(bubble.notionalQuote, this.quotePerDisc);
  }

  /** Mark and index nearest to pixels from the left. */
  pricesAt(x: number): { timeMicros: number; mark: number; index: number } | null {
    const { points } = this;
    if (!points || points.count === 0) return null;
    let best = 0;
    for (let i = 1; i < points.count; i += 1) {
      if (Math.abs(points.x[i] - x) < Math.abs(points.x[best] - x)) best = i;
    }
    return {
      timeMicros: points.timeMicros[best],
      mark: points.mark[best],
      index: points.index[best],
    };
  }

  private drawPrice(scene: LanesScene, view: TimeView, ticks: number[]): number {
    const { film, palette } = scene;
    const plot = this.price.plot(scene.density);
    const points = this.points as ViewPoints;
    const y = priceScale(points, plot);
    this.price.setEmpty(y ? '' : 'no prices in this window');
    if (!y) return 0;
    const halts = film.halts;
    const depthLotsMax = film.depthLotsMax();
    drawPriceLane(
      this.price.canvas,
      plot,
      { view, points, halts, ticks, depthLotsMax },
      y,
      palette,
    );
    const [low, high] = y.domain();
    this.bubbles = film.bubbles(view, {
      priceTop: high,
      priceBottom: low,
      yTop: y(high),
      yBottom: y(low),
    });
    this.quotePerDisc = discUnit(this.bubbles);
    const spot = (ordinal: number) => spotOf(film.loadedLiquidation(ordinal), view, y);
    drawBubbles(this.price.marks, plot, this.bubbles, {
      palette,
      quotePerDisc: this.quotePerDisc,
      selected: spot(scene.selectedOrdinal),
      cause: spot(scene.links.cause),
      effects: scene.links.effects.flatMap((ordinal) => spot(ordinal) ?? []),
    });
    this.legend.show(film.info.tellsCauses);
    const decimals = Math.min(tickDecimals(film.info.quotePerTick), decimalsFor(high - low));
    const format = (value: number) => groupText(value, decimals);
    drawValueAxis(this.price.axis, y, plot, { ticks: ticksFor(plot), format });
    const diameter = Math.round(2 * DISC_RADIUS);
    setText(
      this.legend.discText,
      this.bubbles.length > 0
        ? `${diameter} px disc = $${amountText(this.quotePerDisc)} liquidated`
        : 'liquidation',
    );
    this.describePrice(film.info, view, [low, high]);
    return this.bubbles.length;
  }

  private describePrice(info: FilmInfo, view: TimeView, range: number[]): void {
    const count = this.bubbles.reduce((sum, bubble) => sum + bubble.count, 0);
    const from = clockText(view.fromMicros, info.startEpochMs);
    const to = clockText(view.toMicros, info.startEpochMs);
    const decimals = tickDecimals(info.quotePerTick);
    this.price.describe(
      `Price of ${info.instrument} from ${from} to ${to}: between ` +
        `${groupText(range[0], decimals)} and ${groupText(range[1], decimals)}, ` +
        `${groupText(count)} liquidations in ${groupText(this.bubbles.length)} discs. ` +
        'Press T for the same as a table.',
    );
    this.price.setTitle(`Price of ${info.instrument}`);
  }

  private drawNotional(scene: LanesScene, view: TimeView, ticks: number[]): number {
    const plot = this.notional.plot(scene.density);
    const bars = scene.film.bars(view);
    const y = notionalScale(bars, plot);
    const drawn = drawNotionalLane(
      this.notional.canvas,
      plot,
      { view, bars, halts: scene.film.halts, ticks },
      y,
      scene.palette,
    );
    const format = (value: number) => (value === 0 ? '0' : `$${amountText(Math.abs(value))}`);
    drawValueAxis(this.notional.axis, y, plot, { ticks: 3, format });
    this.notional.setTitle(`Liquidated per ${durationText(bars.barMicros)}`);
    this.notional.setEmpty(
      drawn > 0 ? '' : 'no liquidation in this window \u2013 press F for the whole film',
    );
    const total = sumOf(bars.longsQuote) + sumOf(bars.shortsQuote) + sumOf(bars.unsplitQuote);
    this.notional.describe(
      `Liquidated notional per ${durationText(bars.barMicros)}: ${drawn} bars, ` +
        `${amountText(total)} quote units in all.`,
    );
    return drawn;
  }

  private drawExposure(scene: LanesScene, view: TimeView, ticks: number[]): void {
    const { film, palette } = scene;
    const plot = this.exposure.plot(scene.density);
    const points = this.points as ViewPoints;
    const y = exposureScale(points, plot);
    this.exposure.setEmpty(y ? '' : 'no cohorts in this film');
    if (!y) return;
    const { cohorts } = film.info;
    const exposure = { view, points, cohorts, halts: film.halts, ticks, focus: this.focusCohort };
    drawExposureLane(this.exposure.canvas, plot, exposure, y, palette);
    drawExposureLabels(this.exposure.labels, plot, exposure, y, {
      palette,
      onFocus: (cohort) => {
        this.focusCohort = cohort;
        if (this.scene) this.draw(this.scene);
      },
    });
    const [low, high] = y.domain();
    this.exposure.setTitle('Net exposure by cohort');
    this.exposure.setNote(`\u2212$${amountText(Math.abs(low))} to +$${amountText(high)}`);
    this.exposure.describe(
      `Net exposure of ${cohorts.length} cohorts, ${cohorts.join(', ')}: between ` +
        `${amountText(low)} and ${amountText(high)} quote units.`,
    );
  }

  private drawFund(scene: LanesScene, view: TimeView, ticks: number[]): number {
    const { film, palette } = scene;
    const plot = this.fund.plot(scene.density);
    const points = this.points as ViewPoints;
    const y = fundScale(points, plot);
    this.fund.setEmpty(y ? '' : 'no insurance fund in this film');
    if (!y) return 0;
    const deleveragings = film.deleveragings(view.fromMicros, view.toMicros);
    const drawn = drawFundLane(
      this.fund.canvas,
      plot,
      { view, points, deleveragings, halts: film.halts, ticks },
      y,
      palette,
    );
    const [low, high] = y.domain();
    drawValueAxis(this.fund.axis, y, plot, { ticks: 3, format: axisAmountText(low, high) });
    this.fund.setTitle(`Insurance fund, ${film.info.settlement}`);
    this.fund.describe(
      `Insurance fund in ${film.info.settlement}, with ${deleveragings.length} ` +
        'auto-deleveragings in this window.',
    );
    return drawn;
  }
}

/** Where a liquidation lies, also when it is merged into another's disc. */
function spotOf(
  one: Liquidation | null,
  view: TimeView,
  y: (price: number) => number,
): Spot | null {
  if (!one) return null;
  const share = (one.timeMicros - view.fromMicros) / (view.toMicros - view.fromMicros);
  return {
    x: share * view.pixels,
    y: y(one.price),
    notionalQuote: one.notionalQuote,
    generation: one.cause?.generation ?? 0,
  };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function ticksFor(plot: Plot): number {
  return Math.max(3, Math.floor(plot.height / 48));
}

/** Decimals that tell the ticks of an axis of this span apart. */
function decimalsFor(span: number): number {
  return Math.max(0, Math.ceil(1 - Math.log10(span / 2)));
}
