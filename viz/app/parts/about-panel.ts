/** What a first-time visitor needs to know, beside the lanes. */
import { element } from '../dom.js';

/** A panel that can be folded away. */
export function aboutPanel(): HTMLElement {
  const details = element(
    'details',
    { class: 'card about', open: true },
    element('summary', {}, 'What you are looking at'),
    element(
      'p',
      {},
      'Thousands of simulated traders hold borrowed positions on one market. When the mark price ' +
        'crosses what a trader\u2019s margin can bear, the venue closes the position by force: a ',
      element('b', { class: 'warm' }, 'warm disc'),
      ', its area the notional. Forced selling moves the price, and the price forces the next: ' +
        'the colour and the rings tell the generation, how many forced trades in a row led to it.',
    ),
    element(
      'ul',
      {},
      element('li', {}, 'Bars: how much was liquidated, sold below the line and bought above it.'),
      element('li', {}, 'Exposure: which strategies hold the risk, and which let go of it.'),
      element(
        'li',
        {},
        'Insurance fund: pays when a position is closed beyond bankruptcy. When it cannot, ' +
          'winners are closed too (ADL, triangles).',
      ),
    ),
    element(
      'p',
      { class: 'hint' },
      'Scroll to zoom, drag to move, click to go there. ',
      element('kbd', {}, 'Space'),
      ' plays, ',
      element('kbd', {}, '?'),
      ' shows all keys.',
    ),
  );
  return details;
}
