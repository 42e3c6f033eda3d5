/** The verdicts of a check as GitHub's workflow commands: a note at the line of each assertion. */
import type { AssertionReport, CheckReport } from './check-report.js';
import { sentenceOf } from './check-text.js';

/** Returns a command a line: an error for what fails, a warning for what is undecided; none for a pass. */
export function checkAnnotations(report: CheckReport): string[] {
  const lines = report.assertions.filter((one) => one.verdict !== 'pass').map(annotation);
  const { failed, runs, scenario } = report;
  if (failed.count > 0) {
    const [first] = failed.runs;
    const text = `${failed.count} of ${runs} runs of ${scenario} could not be made; seed ${first.seed}: ${first.reason}`;
    lines.push(command('error', { title: 'stampede check' }, `${text}\n${first.replay}`));
  }
  return lines;
}

function annotation(one: AssertionReport): string {
  const { verdict, assertion, file, line, worst } = one;
  const place: Record<string, string> = file === undefined ? {} : { file, line: String(line ?? 1) };
  const level = verdict === 'fail' ? 'error' : 'warning';
  const replay = worst === null || verdict !== 'fail' ? '' : `\nseed ${worst.seed}: ${worst.replay}`;
  return command(level, { ...place, title: assertion }, `${assertion}: ${sentenceOf(one)}${replay}`);
}

/** Writes `::error file=...,line=...,title=...::text`, escaped as the runner reads it. */
function command(level: 'error' | 'warning', properties: Record<string, string>, text: string): string {
  const list = Object.entries(properties).map(([name, value]) => {
    return `${name}=${escaped(value).replace(/:/g, '%3A').replace(/,/g, '%2C')}`;
  });
  return `::${level} ${list.join(',')}::${escaped(text)}`;
}

function escaped(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
