/** The tables of a report in LaTeX that needs no package. */
import type { ReportDocument, ReportTable } from './document.js';

const SYMBOLS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '#': '\\#',
  '$': '\\$',
  '%': '\\%',
  '&': '\\&',
  '_': '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  '"': "''",
  '–': '--',
  '−': '$-$',
  '∞': '$\\infty$',
  '→': '$\\rightarrow$',
  '×': '$\\times$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  'μ': '$\\mu$',
  'µ': '$\\mu$',
  'σ': '$\\sigma$',
  '…': '\\ldots{}',
  '’': "'",
};

/** Writes every table that is not there for reference alone. */
export function reportLatex({ title, sections }: ReportDocument, footer: string): string {
  const tables = sections.flatMap((one) => one.blocks).filter((one): one is ReportTable => one.kind === 'table');
  const head = [`% ${oneLine(title)}`, `% ${oneLine(footer)}`, '% \\input{tables.tex} after \\begin{document}; no package is needed.'];
  return `${[...head, ...tables.map(tableLatex)].join('\n\n')}\n`;
}

function tableLatex({ name, caption, head, align, rows }: ReportTable): string {
  const line = (cells: readonly string[]): string => `${cells.map(latexText).join(' & ')} \\\\`;
  return [
    '\\begin{table}',
    '\\centering\\small',
    `\\caption{${latexText(caption)}}`,
    `\\label{tab:${name}}`,
    `\\begin{tabular}{${align}}`,
    '\\hline',
    line(head),
    '\\hline',
    ...rows.map(line),
    '\\hline',
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n');
}

/** Escapes text; what LaTeX cannot write without a package becomes a question mark. */
export function latexText(text: string): string {
  return Array.from(oneLine(text), (one) => SYMBOLS[one] ?? (one > '~' ? latin(one) : one)).join('');
}

/** Letters of Latin-1 are read as UTF-8 by LaTeX since 2018. */
function latin(letter: string): string {
  return letter <= 'ÿ' && letter >= 'À' ? letter : '?';
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
