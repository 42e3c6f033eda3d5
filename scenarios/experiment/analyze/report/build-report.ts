/** Puts a report together. */
import type { Analysis } from '../analysis.js';
import { designWords, replicateWords } from '../design-words.js';
import { findingsOf } from '../findings.js';
import { countText } from '../number-words.js';
import { convergenceSection, phaseSection, variantSection } from './comparison-sections.js';
import type { ReportDocument, Section } from './document.js';
import { limitsSection, parameterSection, reproductionSection } from './limits-section.js';
import { methodsSection } from './methods-section.js';
import { modelSection } from './model-section.js';
import { effectSection, outcomeSection, sensitivitySection } from './outcome-sections.js';

/** Returns the report of an analysis. Equal analyses give equal reports. */
export function buildReport(analysis: Analysis): ReportDocument {
  const { study } = analysis.runs.plan;
  const sections = [
    summarySection(analysis),
    outcomeSection(analysis),
    effectSection(analysis),
    sensitivitySection(analysis),
    variantSection(analysis),
    phaseSection(analysis),
    convergenceSection(analysis),
    methodsSection(analysis),
    modelSection(analysis),
    parameterSection(analysis),
    limitsSection(analysis),
    reproductionSection(analysis),
  ];
  return {
    title: study.title === '' ? study.name : study.title,
    question: study.question,
    sections: sections.filter((one): one is Section => one !== null),
  };
}

function summarySection(analysis: Analysis): Section {
  const { runs: { plan }, manifest } = analysis;
  const { base } = manifest.study;
  const facts: [string, string][] = [
    ['base', `${base.kind} ${base.name}`],
    ['design', designWords(plan)],
    ['runs', `${countText(manifest.runs.present, 'run')}, ${manifest.runs.failed} failed; ${replicateWords(plan)} a point on shared seeds, ${countText(plan.variants, 'variant')}`],
    ['confidence', `${Number((100 * plan.study.confidence).toPrecision(6))} %`],
  ];
  if (plan.study.doc !== '') facts.push(['background', plan.study.doc]);
  if (plan.study.statement !== '') facts.push(['stated', plan.study.statement]);
  let last = '';
  const found = findingsOf(analysis).map(({ topic, text }): [string, string] => {
    const isNew = topic !== '' && topic !== last;
    if (isNew) last = topic;
    return [isNew ? topic : '', text];
  });
  return { id: 'summary', title: 'In short', blocks: [{ kind: 'facts', rows: facts }, { kind: 'facts', rows: found }] };
}
