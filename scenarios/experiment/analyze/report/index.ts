export { buildReport } from './build-report.js';
export type { Block, ReportDocument, ReportTable, Section } from './document.js';
export { reportHtml } from './html.js';
export { latexText, reportLatex } from './latex.js';
export { limitsOf } from './limits-section.js';
export { FIGURES, reportMarkdown } from './markdown.js';
