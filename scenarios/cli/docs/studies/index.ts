export { sections } from './sections.js';
export type { StudySection } from './section.js';
export { kept, namedRows, rowsOfTable, rowsText } from './study-rows.js';
export type { StudyRows } from './study-rows.js';
export { storedRows, studyPages, writeStudyPages } from './write.js';
