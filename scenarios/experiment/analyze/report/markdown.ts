/** A report as Markdown; figures are files beside it. */
import type { Block, ReportDocument } from './document.js';

/** Folder of the figures. */
export const FIGURES = 'figures';

/** Writes the file. */
export function reportMarkdown({ title, question, sections }: ReportDocument, footer: string): string {
  const parts = [`# ${inline(title)}`];
  if (question !== '') parts.push(`*${inline(question)}*`);
  for (const section of sections) parts.push(`## ${inline(section.title)}`, ...section.blocks.map(blockMarkdown));
  return `${[...parts, '---', inline(footer)].join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.lead === undefined ? inline(block.text) : `**${inline(block.lead)}.** ${inline(block.text)}`;
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'facts':
      return block.rows.map(([name, text]) => (name === '' ? `- ${inline(text)}` : `- **${inline(name)}**: ${inline(text)}`)).join('\n');
    case 'figures':
      return block.figures.map(({ name, caption, alt }) => `![${inline(alt)}](${FIGURES}/${name}.svg)\n\n${inline(caption)}`).join('\n\n');
    case 'table': {
      const line = (cells: readonly string[]): string => `| ${cells.map(inline).join(' | ')} |`;
      const rule = `| ${Array.from(block.align, (one) => (one === 'r' ? '---:' : '---')).join(' | ')} |`;
      return [`**${inline(block.caption)}**`, '', line(block.head), rule, ...block.rows.map(line)].join('\n');
    }
  }
}

/** Escapes what Markdown would read. */
function inline(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&').replace(/\r?\n/g, ' ');
}
