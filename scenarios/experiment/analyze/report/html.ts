/** A report as one HTML file that asks nobody for anything: no script, no font, no image from elsewhere. */
import { escapeXml, figureCss, themeCss } from '../figures/index.js';
import type { Figure } from '../figures/index.js';
import type { Block, ReportDocument, ReportTable } from './document.js';

const PAGE_CSS = `
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;overflow-wrap:anywhere;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
:root{--page:#f4f6f8;--link:#0a5d91}
@media (prefers-color-scheme:dark){:root{--page:#0d1014;--link:#7cc4f2}}
main{max-width:1180px;margin:0 auto;padding:28px 24px 80px}
header h1{font-size:28px;line-height:1.2;margin:0 0 6px}
header .question{font-size:17px;color:var(--muted);margin:0 0 18px;max-width:70ch}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;padding:10px 0;border-block:1px solid var(--grid);margin-bottom:24px;font-size:14px}
a{color:var(--link)}nav a{text-decoration:none;padding:3px 0}nav a:hover{text-decoration:underline}
section{background:var(--paper);border:1px solid var(--grid);border-radius:8px;padding:18px 22px 22px;margin:0 0 20px}
h2{font-size:19px;margin:0 0 12px}
p{max-width:85ch;margin:0 0 12px}
ul{margin:0 0 12px;padding-left:20px}li{margin:3px 0;max-width:100ch}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0 0 14px}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere;max-width:90ch}
.figures{display:flex;flex-wrap:wrap;gap:18px 22px;margin:0 0 16px}
figure{margin:0;min-width:0;max-width:100%}figcaption{font-size:12.5px;color:var(--muted);max-width:46ch;margin-top:2px}
.scroll{overflow-x:auto;margin:0 0 16px}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums}
caption,summary{text-align:left;font-weight:600;font-size:14px;padding:4px 0 6px;max-width:90ch}
summary{cursor:pointer}
th,td{overflow-wrap:normal;padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid)}
th{font-weight:600;color:var(--muted);white-space:nowrap}
.r{text-align:right}td.r{white-space:nowrap}td.l{max-width:62ch;overflow-wrap:anywhere}
footer{color:var(--muted);font-size:13px}
@media (max-width:640px){main{padding:18px 12px}section{padding:14px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:6px}}
@media print{body{background:#fff}section{border:0;padding:0;break-inside:auto}nav{display:none}figure,tr{break-inside:avoid}}
`;

/** Writes the file. */
export function reportHtml({ title, question, sections }: ReportDocument, footer: string): string {
  const links = sections.map((one) => `<a href="#${one.id}">${escapeXml(one.title)}</a>`);
  const bodies = sections.map(({ id, title: name, blocks }) =>
    `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${escapeXml(name)}</h2>\n${blocks.map(blockHtml).join('\n')}\n</section>`,
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${themeCss}${PAGE_CSS}${figureCss}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<header>\n<h1>${escapeXml(title)}</h1>${question === '' ? '' : `\n<p class="question">${escapeXml(question)}</p>`}\n</header>`,
    `<nav aria-label="Sections">${links.join('')}</nav>`,
    ...bodies,
    `<footer>${escapeXml(footer)}</footer>`,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${block.lead === undefined ? '' : `<strong>${escapeXml(block.lead)}.</strong> `}${escapeXml(block.text)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${escapeXml(item)}</li>`).join('\n')}\n</ul>`;
    case 'facts':
      return `<dl>\n${block.rows.map(([name, text]) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(text)}</dd>`).join('\n')}\n</dl>`;
    case 'figures':
      return `<div class="figures">\n${block.figures.map(figureHtml).join('\n')}\n</div>`;
    case 'table':
      return tableHtml(block);
  }
}

function figureHtml({ svg, caption }: Figure): string {
  return `<figure>\n${svg}\n<figcaption>${escapeXml(caption)}</figcaption>\n</figure>`;
}

function tableHtml({ caption, head, align, rows, folded = false }: ReportTable): string {
  const cell = (tag: 'th' | 'td', text: string, k: number): string =>
    `<${tag} class="${align[k]}"${tag === 'th' ? ' scope="col"' : ''}>${escapeXml(text)}</${tag}>`;
  const line = (tag: 'th' | 'td', cells: readonly string[]): string => `<tr>${cells.map((text, k) => cell(tag, text, k)).join('')}</tr>`;
  const name = folded ? '' : `<caption>${escapeXml(caption)}</caption>\n`;
  const table = `<div class="scroll" tabindex="0" role="region" aria-label="${escapeXml(caption)}">\n<table>\n${name}<thead>${line('th', head)}</thead>\n<tbody>\n${rows.map((row) => line('td', row)).join('\n')}\n</tbody>\n</table>\n</div>`;
  return folded ? `<details>\n<summary>${escapeXml(caption)} (${rows.length} rows)</summary>\n${table}\n</details>` : table;
}
