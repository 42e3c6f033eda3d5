/** Legends: the same strokes and shapes as in the lanes, with their names. */
import { element, svgElement } from '../dom.js';

/** The legend of the price lane. */
export interface PriceLegend {
  root: HTMLElement;
  /** Set when the scale of the discs changes. */
  discText: HTMLElement;
  /** Shows generations, or one disc where a film tells none. */
  show(tellsCauses: boolean): void;
}

/** Builds the legend of the price lane. */
export function priceLegend(): PriceLegend {
  const discText = element('span', {}, 'liquidation');
  const plain = element('li', {}, disc(0));
  const generations = element(
    'li',
    { class: 'generations' },
    element('span', {}, 'generation'),
    ...[1, 2, 3, 4].flatMap((generation) => [
      disc(generation),
      element('span', {}, generation < 4 ? String(generation) : '4+'),
    ]),
    disc(0),
    element('span', {}, 'mixed'),
  );
  const root = element(
    'ul',
    { class: 'legend' },
    entry(line('legend-mark'), 'mark'),
    entry(line('legend-index'), 'index'),
    entry(line('legend-last'), 'last trade', 'where-wide'),
    entry(swatch('legend-depth'), 'depth \u00b11 %', 'where-wide'),
    element('li', {}, discText),
    plain,
    generations,
  );
  const show = (tellsCauses: boolean) => {
    plain.hidden = tellsCauses;
    generations.hidden = !tellsCauses;
  };
  show(false);
  return { root, discText, show };
}

/** Direction of the bars. */
export function notionalLegend(): HTMLElement {
  return element(
    'ul',
    { class: 'legend' },
    element('li', {}, '\u25b2 above the line: shorts bought back'),
    element('li', {}, '\u25bc below: longs sold out'),
    element('li', {}, 'colour: generation'),
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

function entry(mark: Node, text: string, name = ''): HTMLElement {
  return element('li', { class: name }, mark, element('span', {}, text));
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

/** A disc with the rings of its generation; 0 is any of them, with the dashed ring of merged ones. */
function disc(generation: number): SVGElement {
  const rings = generation === 0 ? 1 : generation - 1;
  const size = 9 + 4 * rings;
  const at = { cx: size / 2, cy: size / 2 };
  const name = `legend-generation-${Math.max(1, generation)}`;
  const ring = `legend-ring${generation === 0 ? ' legend-mixed' : ''} ${name}`;
  return svgElement(
    'svg',
    { viewBox: `0 0 ${size} ${size}`, width: size, height: size, 'aria-hidden': 'true' },
    svgElement('circle', { ...at, r: 3.5, class: name }),
    ...Array.from({ length: rings }, (_, k) =>
      svgElement('circle', { ...at, r: 3.5 + 2 * (k + 1), class: ring }),
    ),
  );
}
