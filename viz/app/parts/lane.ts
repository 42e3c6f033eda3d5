/** One lane: a titled box with canvases for the ink and an SVG for axis and labels. */
import type { Plot } from '../../charts/index.js';
import { element, setAttribute, setText, svgElement } from '../dom.js';

/** How a lane is named and built. */
export interface LaneOptions {
  name: string;
  title: string;
  /** Second canvas above the first, for marks that change alone. */
  layered?: boolean;
  legend?: HTMLElement;
}

/** Width of the gutter that holds axes and labels. */
export const GUTTER_PIXELS = 112;

/** A lane's elements; drawing is done by the charts. */
export class Lane {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
  readonly axis: SVGGElement;
  readonly labels: SVGGElement;
  private readonly title: HTMLElement;
  private readonly note: HTMLElement;
  private readonly empty: HTMLElement;

  constructor(options: LaneOptions) {
    this.canvas = element('canvas', { 'aria-hidden': 'true' });
    this.marks = options.layered ? element('canvas', { 'aria-hidden': 'true' }) : this.canvas;
    this.axis = svgElement('g', { class: 'axis' });
    this.labels = svgElement('g');
    this.title = element('h2', {}, options.title);
    this.note = element('span', { class: 'lane-note' });
    this.empty = element('p', { class: 'lane-empty', hidden: true });
    this.root = element(
      'section',
      { class: `lane lane-${options.name}`, role: 'img', tabindex: 0, 'data-lane': options.name },
      this.canvas,
      this.marks === this.canvas ? null : this.marks,
      svgElement('svg', { 'aria-hidden': 'true' }, this.axis, this.labels),
      element('header', {}, this.title, this.note, options.legend),
      this.empty,
    );
  }

  /** Size in CSS pixels now. */
  plot(density: number): Plot {
    const { clientWidth, clientHeight } = this.root;
    return { width: clientWidth, height: clientHeight, gutter: GUTTER_PIXELS, density };
  }

  /** Says in a sentence what the lane shows, for those who do not see it. */
  describe(sentence: string): void {
    setAttribute(this.root, 'aria-label', sentence);
  }

  setTitle(title: string): void {
    setText(this.title, title);
  }

  setNote(note: string): void {
    setText(this.note, note);
  }

  /** Shows why there is nothing to see; an empty text hides it. */
  setEmpty(text: string): void {
    setText(this.empty, text);
    this.empty.hidden = text === '';
  }
}
