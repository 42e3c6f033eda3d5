/** A Parquet file written row group by row group, so that memory does not grow with the run. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { ByteSink, type WriteSync } from './byte-sink.js';

/** Kinds of columns: 64-bit columns take integers of `number` up to 2^53. */
export type ParquetKind = 'int32' | 'int64' | 'double' | 'string';

/** A column: its name, kind and doc, which is kept in the file's metadata. */
export interface ParquetColumn {
  name: string;
  kind: ParquetKind;
  doc: string;
  /** Rows ascend in it: extremes per row group are written, so that readers skip groups. */
  ordered?: boolean;
  /** A double that is NaN, and a text that is empty, are absent: null. */
  nullable?: boolean;
}

/** Values of a column as the writer takes them. */
type Values = Int32Array | BigInt64Array | Float64Array | (number | null)[] | (string | null)[];

const typeOf = { int32: 'INT32', int64: 'INT64', double: 'DOUBLE', string: 'STRING' } as const;
const two32 = 4294967296;

/** Buffers rows and writes them in groups; a missing double is NaN, and null where its column is nullable. */
export class ParquetFile {
  readonly path: string;
  readonly #columns: readonly ParquetColumn[];
  readonly #sink: ByteSink;
  readonly #buffer: ByteWriter;
  readonly #writer: ParquetWriter;
  readonly #rowsPerGroup: number;
  readonly #numbers: Float64Array[];
  readonly #texts: string[][];
  #rows = 0;

  /**
   * @param metadata texts kept in the file under their keys
   * @throws UserError `disk/full` (exit code 6) or `run/unwritable`, here and in every method
   */
  constructor(
    path: string,
    columns: readonly ParquetColumn[],
    metadata: Record<string, string>,
    options: { rowsPerGroup?: number; write?: WriteSync } = {},
  ) {
    this.path = path;
    this.#columns = columns;
    this.#rowsPerGroup = options.rowsPerGroup ?? 131072;
    const rows = this.#rowsPerGroup;
    this.#numbers = columns.map((c) => new Float64Array(c.kind === 'string' ? 0 : rows));
    this.#texts = columns.map((c) => (c.kind === 'string' ? new Array<string>(rows) : []));
    this.#sink = new ByteSink(path, options.write);
    this.#buffer = new ByteWriter(1 << 20);
    const described = columns.map(({ name, doc }) => ({ key: `column.${name}`, value: doc }));
    const noted = Object.entries(metadata).map(([key, value]) => ({ key, value }));
    this.#writer = new ParquetWriter({
      writer: this.#buffer,
      schema: schemaFromColumnData({
        columnData: columns.map(({ name, kind, nullable = false }) => ({
          name,
          type: typeOf[kind],
          data: [],
          nullable,
        })),
      }),
      kvMetadata: [...noted, ...described],
      createdBy: 'stampede',
    });
  }

  /** Rows appended so far in this group; `set` writes to the row at this place. */
  get rows(): number {
    return this.#rows;
  }

  /** Sets a number of the row that `endRow` will end. */
  set(column: number, value: number): void {
    this.#numbers[column][this.#rows] = value;
  }

  /** Sets a text of the row that `endRow` will end. */
  setText(column: number, value: string): void {
    this.#texts[column][this.#rows] = value;
  }

  /** Ends a row, of which every column must have been set. */
  endRow(): void {
    this.#rows += 1;
    if (this.#rows === this.#rowsPerGroup) this.#writeGroup();
  }

  /** Writes what is left and the footer, and closes the file. */
  finish(): void {
    if (this.#rows > 0) this.#writeGroup();
    void this.#writer.finish();
    this.#drain();
    this.#sink.close();
  }

  /** Closes the file as it is, for an export that failed. */
  abandon(): void {
    this.#sink.close();
  }

  #writeGroup(): void {
    const rows = this.#rows;
    const columnData = this.#columns.map(({ name, kind, ordered, nullable = false }, i) => ({
      name,
      data: nullable ? withNulls(this.#values(i, rows)) : this.#values(i, rows),
      nullable,
      statistics: ordered === true,
      ...encodingOf[kind],
    }));
    void this.#writer.write({ columnData, rowGroupSize: this.#rowsPerGroup });
    this.#drain();
    this.#rows = 0;
  }

  #values(column: number, rows: number): Values {
    const kind = this.#columns[column].kind;
    if (kind === 'string') return this.#texts[column].slice(0, rows);
    const numbers = this.#numbers[column].subarray(0, rows);
    if (kind === 'double') return numbers;
    return kind === 'int32' ? new Int32Array(numbers) : toInt64(numbers);
  }

  /** Moves what the writer produced to the file; its offsets count on. */
  #drain(): void {
    this.#sink.append(this.#buffer.getBytes());
    this.#buffer.index = 0;
  }
}

function withNulls(values: Values): Values {
  return Array.from(values as ArrayLike<number | string>, (one) =>
    one === '' || Number.isNaN(one) ? null : one,
  ) as Values;
}

/** Encodings that suit ticks, ids and times: small steps between neighbours. */
const encodingOf = {
  int32: { encoding: 'DELTA_BINARY_PACKED' },
  int64: { encoding: 'PLAIN' },
  double: { encoding: 'PLAIN' },
  string: { encoding: 'RLE_DICTIONARY' },
} as const;

/** Converts integers by their halves: BigInt(number) a row would cost ten times as much. */
function toInt64(numbers: Float64Array): BigInt64Array {
  const words = new Int32Array(numbers.length * 2);
  for (let i = 0; i < numbers.length; i += 1) {
    const x = numbers[i];
    const high = Math.floor(x / two32);
    words[2 * i] = x - high * two32;
    words[2 * i + 1] = high;
  }
  return new BigInt64Array(words.buffer);
}
