export { exportFormats, exportTable, exportTables } from './export-table.js';
export { openSource } from './table-source.js';
export type { Exported, ExportFormat, ExportRequest, ExportTable } from './export-table.js';
