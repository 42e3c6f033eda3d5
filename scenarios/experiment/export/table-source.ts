/** A Parquet table read group of rows by group of rows. */
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';

/** Kinds of columns that a study's tables have. */
export type ColumnKind = 'int32' | 'int64' | 'double' | 'string';

/** A column of a table. */
export interface SourceColumn {
  name: string;
  kind: ColumnKind;
  nullable: boolean;
  doc: string;
}

/** A value: 64-bit integers are bigint. */
export type CellValue = number | bigint | string | null;

/** Rows by column name. */
export type TableRow = Record<string, CellValue>;

/** A table. */
export interface TableSource {
  columns: SourceColumn[];
  rows: number;
  /** What its file says of itself, columns aside. */
  notes: Record<string, string>;
  /** Groups of rows, in order. */
  groups(): AsyncGenerator<TableRow[]>;
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  INT32: 'int32',
  INT64: 'int64',
  DOUBLE: 'double',
  BYTE_ARRAY: 'string',
};

/** Opens a table that a study wrote. */
export async function openSource(path: string): Promise<TableSource> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const texts = new Map((metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value]));
  const columns = metadata.schema.slice(1).map(({ name, type = '', repetition_type }): SourceColumn => {
    return {
      name,
      kind: KINDS[type],
      nullable: repetition_type === 'OPTIONAL',
      doc: texts.get(`column.${name}`) ?? '',
    };
  });
  const notes = [...texts].filter(([key]) => !key.startsWith('column.') && key !== 'ARROW:schema');
  return {
    columns,
    rows: Number(metadata.num_rows),
    notes: Object.fromEntries(notes),
    async *groups() {
      let rowStart = 0;
      for (const { num_rows } of metadata.row_groups) {
        const rowEnd = rowStart + Number(num_rows);
        yield (await parquetReadObjects({ file, metadata, rowStart, rowEnd })) as TableRow[];
        rowStart = rowEnd;
      }
    },
  };
}
