/** `stampede analyze`: what a study says. */
import { basename, join } from 'node:path';
import type { Analysis } from '../experiment/analyze/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { whole } from './number-text.js';
import * as options from './options.js';
import * as study from './study-options.js';
import { paint, printOut } from './terminal.js';
import { readFlag, readText } from './values.js';

/** The command. */
export const analyzeCommand: CommandSpec = {
  name: 'analyze',
  doc: 'Say what a study found, and write a report: HTML, Markdown, LaTeX, JSON',
  positionals: [{ name: 'folder', doc: 'Folder of the study', required: true }],
  options: [study.analyzedMetric, study.analysisOut, options.json],
  examples: [
    ['analyze studies/leverage-x-crowding', 'prints the findings, writes analysis/report.html'],
    ['analyze studies/latency --metric liquidations.count', 'another figure than the declared ones'],
  ],
  async run(args) {
    // Loaded here: no other command needs what draws figures.
    const { analysisFacts, analyzeStudy, writeReport } = await import('../experiment/analyze/index.js');
    const folder = String(args.folder);
    const metric = readText(args, 'metric');
    const out = readText(args, 'out') ?? join(folder, metric === undefined ? 'analysis' : `analysis-${metric}`);
    const analysis = await analyzeStudy(folder, metric);
    const files = writeReport(analysis, out);
    if (readFlag(args, 'json')) printOut(JSON.stringify({ ...analysisFacts(analysis), files }));
    else printOut(await analysisText(analysis, files));
    return ExitCode.ok;
  },
};

const LABEL_COLUMNS = 10;
/** Lines that findings may take; all are in the report. */
const FINDINGS_MAX = 26;
const LIMITS_MAX = 4;

/** At most 40 lines. */
async function analysisText(analysis: Analysis, files: readonly string[]): Promise<string> {
  const { countText, designWords, findingsOf, limitsOf, replicateWords } = await import('../experiment/analyze/index.js');
  const { manifest, runs: { plan } } = analysis;
  const { runs, study } = manifest;
  const rows: [string, string][] = [
    ['design', `${designWords(plan)}, ${replicateWords(plan)}, ${countText(plan.variants, 'variant')}`],
    ['runs', `${whole(runs.present)} of ${countText(Math.max(runs.planned, plan.sizeMin), 'run')}, ${runs.failed} failed`],
  ];
  const found = findingsOf(analysis);
  let last = '';
  for (const { topic, text } of found.slice(0, FINDINGS_MAX)) {
    rows.push([topic === last ? '' : topic, text]);
    if (topic !== '') last = topic;
  }
  if (found.length > FINDINGS_MAX) rows.push(['', `and ${countText(found.length - FINDINGS_MAX, 'further finding')} in the report`]);
  const limits = limitsOf(analysis);
  for (const [k, text] of limits.slice(0, LIMITS_MAX).entries()) rows.push([k === 0 ? 'limits' : '', text]);
  if (limits.length > LIMITS_MAX) rows.push(['', `and ${limits.length - LIMITS_MAX} more in the report`]);
  const [page, ...others] = files;
  rows.push(['report', `${page} (beside it ${others.map((one) => basename(one)).join(', ')}, figures)`]);
  const title = paint('bold', `${study.name}${study.study.title === '' ? '' : `: ${study.study.title}`}`);
  return [title, ...rows.map(([label, text]) => `${paint('dim', label.padEnd(LABEL_COLUMNS))}${text}`)].join('\n');
}
