export { exportFormats, exportTable, exportTables } from './export-table.js';
export type { Exported, ExportFormat, ExportRequest, ExportTable } from './export-table.js';
