export { openTables } from './study-tables.js';
export type { SqlAnswer, StudyTables } from './study-tables.js';
export { wholeNumber } from './sql-value.js';
export type { JsonValue } from './sql-value.js';
