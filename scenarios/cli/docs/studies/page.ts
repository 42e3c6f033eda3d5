/** The page of the studies: what each asks, how, and what came out. */
import type { Study } from '../../../experiment/index.js';
import type { StudySection } from './section.js';
import { namedRows } from './study-rows.js';
import type { StudyRows } from './study-rows.js';

/** A study, its part of the page and the runs behind it. */
export interface PagePart {
  study: Study;
  section: StudySection;
  data: StudyRows;
}

/** Returns `docs/studies.md`. */
export function studiesPage(parts: readonly PagePart[]): string {
  const list = parts.map(({ study }) => `- [${study.name}](#${study.name}): ${study.title}`);
  return `# Studies

<!-- Written from docs/studies/*.json by \`npm run docs\`; do not edit. -->

Five questions, each answered by one command. \`stampede sweep NAME --plan\` says what would run, \`--budget 60\` runs
an even share of it, \`stampede analyze\` tells of what there is. Figures and numbers here are those of all runs, on
seeds from 1000 on that setting the studies up did not use; \`npm run docs:studies\` makes them again, a row a run
under \`docs/studies/\`. Intervals are 95 %, over seeds: Student's t for means, Wilson for shares, BCa bootstrap for
ratios, quantiles and crossings. They are for one figure at a time. Sizes of populations are assumptions throughout:
signs and mechanisms are the claim, sizes hold at these settings.

${list.join('\n')}

${parts.map(partText).join('\n')}`;
}

function partText({ study, section, data }: PagePart): string {
  const runs = data.rows.length;
  const primary = study.primary.map(({ metric, statistic, above }) =>
    `${statistic} of \`${metric}\`${above === undefined ? '' : ` above ${above}`}`);
  return `## ${study.name}

**${study.title}.** ${study.question}

Design: ${section.design} ${runs} runs, ${study.replicates as number} seeds a cell, the same at every
point. Declared beforehand: ${primary.join('; ')}.

\`\`\`
stampede sweep ${study.name}
\`\`\`

**Answer.** ${section.statement(namedRows(data))}

![${study.title}](studies/${study.name}.svg)

${section.table(namedRows(data))}

**Limits.** ${section.limits}
`;
}
