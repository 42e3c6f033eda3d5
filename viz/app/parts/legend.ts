/** Legends: the same strokes and shapes as in the lanes, with their names. */
import { element, svgElement } from '../dom.js';

/** The legend of the price lane; `discText` is set when the scale of the discs changes. */
export function priceLegend(): { root: HTMLElement; discText: HTMLElement } {
  const discText = element('span', {}, 'liquidation');
  const root = element(
    'ul',
    { class: 'legend' },
    entry(line('legend-mark'), 'mark'),
    entry(line('legend-index'), 'index'),
    entry(line('legend-last'), 'last trade'),
    entry(swatch('legend-depth'), 'depth \u00b11 %'),
    element('li', {}, disc(), discText),
  );
  return { root, discText };
}

/** Direction of the bars. */
export function notionalLegend(): HTMLElement {
  return element(
    'ul',
    { class: 'legend' },
    entry(swatch('legend-short'), 'shorts bought back \u25b2'),
    entry(swatch('legend-long'), 'longs sold out \u25bc'),
  );
}

/** The triangles of the fund lane. */
export function fundLegend(): HTMLElement {
  const triangle = svgElement(
    'svg',
    { viewBox: '0 0 12 12', width: 12, height: 12 },
    svgElement('path', { d: 'M6 1l5 9H1z', class: 'legend-deleverage' }),
  );
  return element('ul', { class: 'legend' }, entry(triangle, 'auto-deleveraging'));
}

function entry(mark: Node, text: string): HTMLElement {
  return element('li', {}, mark, element('span', {}, text));
}

function line(name: string): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 22 12', width: 22, height: 12 },
    svgElement('path', { d: 'M0 6h22', class: name }),
  );
}

function swatch(name: string): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 14 12', width: 14, height: 12 },
    svgElement('rect', { x: 0, y: 1, width: 14, height: 10, class: name }),
  );
}

function disc(): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 14 14', width: 14, height: 14 },
    svgElement('circle', { cx: 7, cy: 7, r: 6, class: 'legend-disc' }),
  );
}
