/** A table as an Arrow IPC file: a record batch for every group of rows. */
import type { DataType, Field, RecordBatch, RecordBatchFileWriter, Schema } from 'apache-arrow';
import type { ColumnKind, SourceColumn, TableRow, TableSource } from './table-source.js';

type Arrow = typeof import('apache-arrow');

/** Yields the bytes; types, nulls and what is said of columns are kept. */
export async function* arrowBytes(source: TableSource): AsyncGenerator<Uint8Array> {
  const arrow = await import('apache-arrow');
  const schema = schemaOf(arrow, source);
  const writer = new arrow.RecordBatchFileWriter();
  writer.reset(undefined, schema);
  const pieces = writer[Symbol.asyncIterator]();
  // Side by side, so that batches leave the writer while others are read.
  const written = writeBatches(arrow, source, schema, writer);
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) break;
    yield value;
  }
  await written;
}

/** A failure ends the writer's pieces too: it is thrown where these have been taken. */
async function writeBatches(
  arrow: Arrow,
  source: TableSource,
  schema: Schema,
  writer: RecordBatchFileWriter,
): Promise<void> {
  try {
    for await (const rows of source.groups()) writer.write(batchOf(arrow, schema, source.columns, rows));
  } finally {
    writer.finish();
  }
}

function schemaOf(arrow: Arrow, { columns, notes }: TableSource): Schema {
  const fields = columns.map(({ name, kind, nullable, doc }) => {
    const about = new Map(doc === '' ? [] : [['doc', doc]]);
    return new arrow.Field(name, typeOf(arrow, kind), nullable, about);
  });
  return new arrow.Schema(fields, new Map(Object.entries(notes)));
}

function typeOf(arrow: Arrow, kind: ColumnKind): DataType {
  switch (kind) {
    case 'int32':
      return new arrow.Int32();
    case 'int64':
      return new arrow.Int64();
    case 'double':
      return new arrow.Float64();
    case 'string':
      return new arrow.Utf8();
  }
}

function batchOf(arrow: Arrow, schema: Schema, columns: readonly SourceColumn[], rows: readonly TableRow[]): RecordBatch {
  const children = columns.map(({ name }, k) => {
    const { type } = schema.fields[k] as Field;
    const builder = arrow.makeBuilder({ type, nullValues: [null, undefined] });
    for (const row of rows) builder.append(row[name]);
    return builder.finish().flush();
  });
  const struct = arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new arrow.RecordBatch(schema, struct);
}
