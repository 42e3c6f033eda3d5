/** The verdicts of a check as JUnit XML: a test case an assertion. */
import type { AssertionReport, CheckReport } from './check-report.js';
import { sentenceOf } from './check-text.js';

/**
 * Returns the XML. An assertion that fails and one that is undecided are both failures, of type `fail` and
 * `undecided`: whoever reads the file must not take "not known" for "holds". Runs that could not be made
 * are an error of a case of their own.
 */
export function checkJunit(report: CheckReport): string {
  const { scenario, assertions, failed, wallSeconds } = report;
  const cases = assertions.map((one) => caseText(scenario, one));
  const failures = assertions.filter((one) => one.verdict !== 'pass').length;
  const errors = failed.count > 0 ? 1 : 0;
  if (errors > 0) cases.push(failedCase(report));
  const counts = attributes({
    tests: cases.length,
    failures,
    errors,
    skipped: 0,
    time: wallSeconds.toFixed(3),
  });
  const properties = Object.entries({
    version: report.version,
    verdict: report.interrupted ? 'interrupted' : report.verdict,
    seed: report.seed,
    runs: report.runs,
    confidence: report.confidence,
    repeat: report.repeat,
  }).map(([name, value]) => `      <property${attributes({ name, value })}/>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'stampede check' })}${counts}>`,
    `  <testsuite${attributes({ name: scenario })}${counts}>`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseText(scenario: string, one: AssertionReport): string {
  const { assertion, file, line, verdict, worst, doc } = one;
  const place: Record<string, string | number> = file === undefined ? {} : { file, line: line ?? 1 };
  const head = `    <testcase${attributes({ classname: `stampede.${scenario}`, name: assertion, ...place })}>`;
  const body = [
    ...(doc === undefined ? [] : [doc]),
    ...(worst === null ? [] : [`seed ${worst.seed}: ${worst.value} ${one.unit}`, worst.replay]),
    ...(worst?.measure === undefined ? [] : [worst.measure]),
  ];
  const sentence = sentenceOf(one);
  const told =
    verdict === 'pass'
      ? `      <system-out>${escaped(sentence)}</system-out>`
      : `      <failure${attributes({ message: sentence, type: verdict })}>${escaped(body.join('\n'))}</failure>`;
  return [head, told, '    </testcase>'].join('\n');
}

function failedCase({ scenario, failed, runs }: CheckReport): string {
  const message = `${failed.count} of ${runs} runs could not be made`;
  const body = failed.runs.map((one) => `seed ${one.seed}: ${one.reason} [${one.code}]\n${one.replay}`);
  return [
    `    <testcase${attributes({ classname: `stampede.${scenario}`, name: 'every run can be made' })}>`,
    `      <error${attributes({ message, type: 'incomplete' })}>${escaped(body.join('\n'))}</error>`,
    '    </testcase>',
  ].join('\n');
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replace(/"/g, '&quot;').replace(/\s+/g, ' ')}"`)
    .join('');
}

/** Characters that XML 1.0 cannot hold become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
