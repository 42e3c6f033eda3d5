/** Pieces of SVG as text, and the one style of all figures. */

/** A figure of a report. */
export interface Figure {
  /** Its file's name, without ending. */
  name: string;
  svg: string;
  caption: string;
  /** What it shows, for whoever cannot see it. */
  alt: string;
}

/** Makes text safe in HTML and SVG. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Rounds to a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

/** Text at a place. */
export function label(x: number, y: number, text: string, more = ''): string {
  return `<text x="${px(x)}" y="${px(y)}"${more === '' ? '' : ` ${more}`}>${escapeXml(text)}</text>`;
}

/** A straight line. */
export function segment(from: readonly [number, number], to: readonly [number, number], more: string): string {
  return `<line x1="${px(from[0])}" y1="${px(from[1])}" x2="${px(to[0])}" y2="${px(to[1])}" ${more}/>`;
}

/** A line through points. */
export function polyline(points: readonly (readonly [number, number])[], more: string): string {
  return `<polyline points="${points.map(([x, y]) => `${px(x)},${px(y)}`).join(' ')}" fill="none" ${more}/>`;
}

/** A drawing of a size, with its title for readers of screens. */
export function drawing([width, height]: readonly [number, number], alt: string, parts: readonly string[]): string {
  const box = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-label="${escapeXml(alt)}" ${box}>\n${parts.join('\n')}\n</svg>`;
}

/** Shape of a series' marks: told apart without colour too. */
export function mark(series: number, x: number, y: number): string {
  const common = `class="mark s${series % SERIES}"`;
  const shapes = [
    `<circle cx="${px(x)}" cy="${px(y)}" r="3.6" ${common}/>`,
    `<rect x="${px(x - 3.3)}" y="${px(y - 3.3)}" width="6.6" height="6.6" ${common}/>`,
    `<path d="M${px(x)} ${px(y - 4.4)}l4.2 7.4h-8.4z" ${common}/>`,
    `<path d="M${px(x)} ${px(y - 4.8)}l4.8 4.8l-4.8 4.8l-4.8-4.8z" ${common}/>`,
  ];
  return shapes[series % shapes.length];
}

/** Series with a colour of their own. */
const SERIES = 6;
/** Steps of the heat map. */
export const HEAT_STEPS = 9;

const LIGHT_HEAT = ['#eef5f4', '#d5e8e7', '#b5d7d8', '#90c2c8', '#68a9b5', '#438d9f', '#2a7086', '#1a536b', '#0f374e'];
const DARK_HEAT = ['#182329', '#1c313a', '#20424d', '#235662', '#286d78', '#3a929a', '#4aa3a6', '#74c2bd', '#a9e0d6'];
/** Okabe and Ito 2008, darkened for paper. */
const LIGHT_SERIES = ['#0a6aa6', '#b84f00', '#00805c', '#ad5286', '#8a6d00', '#5c6773'];
const DARK_SERIES = ['#56b4e9', '#e8853a', '#2bbf92', '#d98cb6', '#e0c13c', '#a8b3c0'];

function theme(heat: readonly string[], series: readonly string[], [ink, muted, grid, paper]: readonly string[]): string {
  const names = [`--ink:${ink}`, `--muted:${muted}`, `--grid:${grid}`, `--paper:${paper}`];
  names.push(...series.map((colour, k) => `--s${k}:${colour}`), ...heat.map((colour, k) => `--h${k}:${colour}`));
  return names.join(';');
}

const LIGHT = theme(LIGHT_HEAT, LIGHT_SERIES, ['#14181d', '#515c69', '#dfe4ea', '#ffffff']);
const DARK = theme(DARK_HEAT, DARK_SERIES, ['#e8edf3', '#9aa6b4', '#2b333d', '#13171d']);

/** Colours of both schemes, as variables of the root. */
export const themeCss = `:root{color-scheme:light dark;${LIGHT}}\n@media (prefers-color-scheme:dark){:root{${DARK}}}`;

function overText(first: number): string {
  return Array.from({ length: HEAT_STEPS - first }, (_, k) => `.figure text.t${first + k}`).join();
}

/** How figures use them. */
export const figureCss = [
  '.figure{font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;max-width:100%;height:auto}',
  '.figure text{fill:var(--ink)}',
  '.figure .muted{fill:var(--muted)}',
  '.figure .title{font-weight:600;font-size:12px}',
  '.figure .end{text-anchor:end}.figure .mid{text-anchor:middle}',
  '.figure .grid{stroke:var(--grid)}.figure .axis{stroke:var(--muted)}',
  '.figure .line{stroke-width:1.6}.figure .whisker{stroke-width:1.4}.figure .band{stroke:none;opacity:.16}',
  '.figure .mark{stroke:var(--paper);stroke-width:1}',
  ...Array.from({ length: SERIES }, (_, k) =>
    `.figure .s${k}{fill:var(--s${k})}.figure .line.s${k},.figure .whisker.s${k}{stroke:var(--s${k});fill:none}`,
  ),
  ...Array.from({ length: HEAT_STEPS }, (_, k) => `.figure .h${k}{fill:var(--h${k})}`),
  '.figure .absent{fill:none;stroke:var(--grid)}',
  // Text turns over where its step of the heat map would no longer give it 4.5:1.
  `${overText(6)}{fill:#fff}@media (prefers-color-scheme:dark){${overText(5)}{fill:#0b1116}}`,
  '.figure .edge{stroke:var(--s1);stroke-width:2.4;fill:none}',
  '.figure .edge-band{stroke:var(--s1);stroke-width:1.2;stroke-dasharray:3 3;fill:none}',
].join('\n');

/** A figure as a file of its own. */
export function standalone(svg: string): string {
  return svg.replace(/>\n/, `>\n<style>\n${themeCss}\nsvg{background:var(--paper)}\n${figureCss}\n</style>\n`);
}
