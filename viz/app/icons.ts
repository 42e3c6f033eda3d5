/** Icons, drawn inline on a 20 by 20 grid in the colour of the text around them. */
import { svgElement } from './dom.js';

const PATHS = {
  play: 'M6 4l10 6-10 6z',
  pause: 'M5 4h3.5v12H5zM11.5 4H15v12h-3.5z',
  start: 'M4 4h2v12H4zM16 4v12L7 10z',
  end: 'M14 4h2v12h-2zM4 4l9 6-9 6z',
  back: 'M10 4v12L3 10zM12 4h2.5v12H12z',
  forward: 'M10 4l7 6-7 6zM5.5 4H8v12H5.5z',
  previousEvent: 'M12 4v12L5 10z',
  nextEvent: 'M8 4l7 6-7 6z',
  slower: 'M4 9h12v2H4z',
  faster: 'M4 9h5V4h2v5h5v2h-5v5H9v-5H4z',
  fit: 'M3 3h5v2H5v3H3zM12 3h5v5h-2V5h-3zM3 12h2v3h3v2H3zM15 12h2v5h-5v-2h3z',
  link: 'M8.6 11.4a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 1 0-4.2-4.2l-1 1 1.2 1.2 1-1a1.3 1.3 0 0 1 1.8 1.8l-2.6 2.6a1.3 1.3 0 0 1-1.8 0zM11.4 8.6a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 1 0 4.2 4.2l1-1-1.2-1.2-1 1a1.3 1.3 0 0 1-1.8-1.8l2.6-2.6a1.3 1.3 0 0 1 1.8 0z',
  table: 'M3 4h14v12H3zm1.6 4v2.4h4.6V8zm6.2 0v2.4h4.6V8zm-6.2 4v2.4h4.6V12zm6.2 0v2.4h4.6V12z',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM9.2 2h1.6v2.6H9.2zM9.2 15.4h1.6V18H9.2zM2 9.2h2.6v1.6H2zM15.4 9.2H18v1.6h-2.6zM4 5.1 5.1 4l1.8 1.8-1.1 1.1zM13.1 14.2l1.1-1.1L16 14.9 14.9 16zM4 14.9l1.8-1.8 1.1 1.1L5.1 16zM13.1 5.8 14.9 4 16 5.1l-1.8 1.8z',
  moon: 'M15.8 12.4A6.5 6.5 0 0 1 7.6 4.2a6.5 6.5 0 1 0 8.2 8.2z',
  help: 'M9 13.5h2v2H9zM10 4.2c-2 0-3.4 1.2-3.5 3.1h1.9c.1-.9.7-1.4 1.6-1.4s1.5.5 1.5 1.3c0 .7-.4 1-1.1 1.5-.9.6-1.4 1.2-1.4 2.4v.9h1.9v-.6c0-.7.4-1 1.1-1.5.9-.6 1.5-1.4 1.5-2.7 0-1.8-1.4-3-3.5-3z',
  close: 'M5 6.2 6.2 5 10 8.8 13.8 5 15 6.2 11.2 10l3.8 3.8-1.2 1.2-3.8-3.8L6.2 15 5 13.8 8.8 10z',
  download: 'M9.2 3h1.6v7.2l2.4-2.4 1.1 1.1L10 13.2 5.7 8.9l1.1-1.1 2.4 2.4zM4 15h12v1.6H4z',
  zoomIn:
    'M8.5 3a5.5 5.5 0 0 1 4.4 8.8l4 4-1.1 1.1-4-4A5.5 5.5 0 1 1 8.5 3zm0 1.6a3.9 3.9 0 1 0 0 7.8 3.9 3.9 0 0 0 0-7.8zM7.8 6h1.5v1.8H11v1.5H9.3V11H7.8V9.3H6V7.8h1.8z',
  zoomOut:
    'M8.5 3a5.5 5.5 0 0 1 4.4 8.8l4 4-1.1 1.1-4-4A5.5 5.5 0 1 1 8.5 3zm0 1.6a3.9 3.9 0 1 0 0 7.8 3.9 3.9 0 0 0 0-7.8zM6 7.8h5v1.5H6z',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** Creates an icon that assistive technology passes over; its button carries the name. */
export function icon(name: IconName): SVGSVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 20 20', width: 18, height: 18, 'aria-hidden': 'true', focusable: 'false' },
    svgElement('path', { d: PATHS[name], fill: 'currentColor', 'fill-rule': 'evenodd' }),
  );
}

/** The mark of the project: a falling price and three discs. */
export function brandIcon(): SVGSVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 32 24', width: 30, height: 22, 'aria-hidden': 'true', focusable: 'false' },
    svgElement('path', {
      d: 'M2 4l8 3 4 8 6 2 9 5',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2,
      'stroke-linejoin': 'round',
    }),
    svgElement('circle', { cx: 12, cy: 11, r: 3.2, class: 'brand-1' }),
    svgElement('circle', { cx: 18, cy: 16.5, r: 4.4, class: 'brand-2' }),
    svgElement('circle', { cx: 26, cy: 20.5, r: 2.6, class: 'brand-3' }),
  );
}
