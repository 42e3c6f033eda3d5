export { analyzeStudy } from './analysis.js';
export type { Analysis, CriticalSetting, OutcomeResult } from './analysis.js';
export { analysisFacts } from './analysis-facts.js';
export { designWords, replicateWords } from './design-words.js';
export { findingsOf } from './findings.js';
export type { Finding } from './findings.js';
export { countText } from './number-words.js';
export { limitsOf } from './report/index.js';
export { writeReport } from './write-report.js';
