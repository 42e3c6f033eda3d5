/** The tables of a study, opened for questions in SQL. */
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { UserError } from '../../../sim/kernel/index.js';
import {
  checkedTables,
  planOfFile,
  runsColumns,
  tableFiles,
} from '../store/index.js';
import type { RunsColumn } from '../store/index.js';
import { sqlError } from './sql-error.js';
import { jsonReader } from './sql-value.js';
import type { JsonValue } from './sql-value.js';

/** An answer, row by row as they are read. */
export interface SqlAnswer {
  /** Distinct: a name that comes again has a number behind it. */
  columns: string[];
  /** Pieces of about two thousand rows. @throws UserError `query/sql` */
  rows: AsyncIterable<JsonValue[][]>;
}

/** A study's tables. */
export interface StudyTables {
  /** @throws UserError `query/sql` for what is not one question */
  ask(sql: string): Promise<SqlAnswer>;
  close(): void;
}

type Client = typeof import('@duckdb/node-api');

/**
 * Opens the tables of a study's folder: `runs`, `timings`, those it asked for, `points`, `failures`, `columns`.
 *
 * @throws UserError `study/missing`, `study/damaged`, `study/version`, `study/tables`
 */
export async function openTables(folder: string): Promise<StudyTables> {
  const manifest = checkedTables(folder);
  const plan = planOfFile(manifest.study);
  const client = await import('@duckdb/node-api');
  const database = await client.DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await database.connect();
  try {
    const columns = runsColumns(plan);
    const factors = plan.study.factors.map(({ name }) => name);
    await prepareTables(connection, folder, { columns, factors, files: tableFiles(plan) });
    return new DuckTables(client, database, connection, await columnNames(connection));
  } catch (error) {
    connection.closeSync();
    database.closeSync();
    throw error;
  }
}

/** Makes the views, and shuts the door behind them. */
async function prepareTables(
  connection: DuckDBConnection,
  folder: string,
  { columns, factors, files }: { columns: readonly RunsColumn[]; factors: readonly string[]; files: readonly string[] },
): Promise<void> {
  const paths = files.map((one) => text(join(folder, one)));
  const varied = ['point', ...factors].map(name).join(', ');
  const described = columns.map((one) => `(${[one.name, one.kind, one.unit, one.doc].map(text).join(', ')})`);
  const statements = [
    ...files.map((one, k) => `create view ${name(one.replace(/\.parquet$/, ''))} as select * from read_parquet(${paths[k]})`),
    `create view points as select distinct ${varied} from runs order by point`,
    `create view failures as select run, ${varied}, replicate, variant, seed, reason from runs where status = 'failed'`,
    `create table columns as select * from (values ${described.join(', ')}) as t("name", kind, unit, doc)`,
    `set allowed_paths = [${paths.join(', ')}]`,
    "set temp_directory = ''",
    'set enable_external_access = false',
    'set lock_configuration = true',
  ];
  for (const statement of statements) await connection.run(statement);
}

/** Names of the columns of all tables, those of `runs` first. */
async function columnNames(connection: DuckDBConnection): Promise<string[]> {
  const order = "case table_name when 'runs' then 0 else 1 end, table_name, column_index";
  const answer = await connection.runAndReadAll(`select column_name from duckdb_columns() where not internal order by ${order}`);
  return [...new Set(answer.getRows().map(([one]) => String(one)))];
}

class DuckTables implements StudyTables {
  readonly #client: Client;
  readonly #database: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #columns: readonly string[];

  constructor(client: Client, database: DuckDBInstance, connection: DuckDBConnection, columns: readonly string[]) {
    this.#client = client;
    this.#database = database;
    this.#connection = connection;
    this.#columns = columns;
  }

  async ask(sql: string): Promise<SqlAnswer> {
    refuseEmpty(sql);
    const { StatementType } = this.#client;
    const refuse = (error: unknown): unknown => sqlError(error, sql, this.#columns);
    try {
      const statements = await this.#connection.extractStatements(sql);
      if (statements.count !== 1) {
        throw new UserError('query/sql', `query: was ${statements.count} statements, must be one`);
      }
      const statement = await statements.prepare(0);
      const { statementType } = statement;
      if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
        const kind = (StatementType[statementType] ?? 'of another kind').toLowerCase();
        throw new UserError('query/sql', `query: was ${kind}, must be a select: the tables are only read`);
      }
      const result = await statement.stream();
      const columns = result.deduplicatedColumnNames();
      const read = jsonReader(this.#client);
      const pieces = async function* (): AsyncGenerator<JsonValue[][]> {
        try {
          for (;;) {
            const chunk = await result.fetchChunk();
            if (chunk === null || chunk.rowCount === 0) return;
            yield chunk.getRows().map((row) => row.map(read));
          }
        } catch (error) {
          throw refuse(error);
        }
      };
      return { columns, rows: pieces() };
    } catch (error) {
      throw error instanceof UserError ? error : refuse(error);
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#database.closeSync();
  }
}

function refuseEmpty(sql: string): void {
  const bare = sql.replace(/--[^\n]*/g, '').replace(/\/\*[\s\S]*?\*\//g, '').replace(/[\s;]/g, '');
  if (bare !== '') return;
  throw new UserError('query/sql', 'query: was empty, must be a select such as "select * from runs limit 5"');
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function name(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
