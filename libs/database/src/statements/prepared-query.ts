import { type Connection, type Submittable, types } from 'pg';
import { serialize } from 'pg-protocol';
import type { Column, PooledConnection } from '../queue/pooled-connection';
import type { Value } from './statement';

const DESCRIBE = serialize.describe({ type: 'P', name: '' });
const EXECUTE_AND_SYNC = Buffer.concat([serialize.execute({}), serialize.sync()]);

/**
 * A prepared statement, sent in one packet. pg writes each of its messages separately, and asks again each time what
 * the columns are, which for a short statement is most of its cost in this process. Everything else stays with pg: the
 * connection, its parser, the timeout, the end.
 */
export class PreparedQuery<Row extends object> implements Submittable {
  /** Called once, by pg. */
  callback: (error: Error | null) => void = () => undefined;
  /** Milliseconds until pg gives up; pg expects it under this name. */
  readonly query_timeout: number;
  private readonly rows: Row[] = [];
  private columns?: readonly Column[];
  private failure?: Error;
  private client?: PooledConnection;

  constructor(
    /** pg remembers under this name what the connection has parsed. */
    readonly name: string,
    readonly text: string,
    private readonly values: readonly Value[],
    timeoutMs: number,
  ) {
    this.query_timeout = timeoutMs;
  }

  /** @throws DatabaseError, or an error of the connection */
  run(client: PooledConnection): Promise<Row[]> {
    this.client = client;
    return new Promise((resolve, reject) => {
      this.callback = (error) => (error ? reject(error) : resolve(this.rows));
      client.query(this);
    });
  }

  submit(connection: Connection): void {
    const { name, text } = this;
    this.columns = this.client?.columns.get(name);
    const messages = [serialize.bind({ statement: name, values: this.values.map(asText) })];
    // Closed first, since the server may still have it from before it was forgotten here; if not, closing is no error.
    if (!this.client?.hasPrepared(name))
      messages.unshift(serialize.close({ type: 'S', name }), serialize.parse({ name, text, types: [] }));
    if (!this.columns) messages.push(DESCRIBE);
    messages.push(EXECUTE_AND_SYNC);
    if (connection.stream.writable) connection.stream.write(Buffer.concat(messages));
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: types.getTypeParser(dataTypeID) as Column['parse'],
    }));
    this.client?.columns.set(this.name, this.columns);
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.failure) return;
    try {
      this.rows.push(this.row(fields));
    } catch (error) {
      // A text that the parser of its type rejects. The answer goes on, because pg must see its end.
      this.failure = error as Error;
    }
  }

  handleCommandComplete(): void {}

  handleEmptyQuery(): void {}

  handleReadyForQuery(): void {
    this.callback(this.failure ?? null);
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  private row(fields: (string | null)[]): Row {
    const row: Record<string, unknown> = {};
    const { columns = [] } = this;
    for (let index = 0; index < columns.length; index++) {
      const { name, parse } = columns[index] as Column;
      const text = fields[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    return row as Row;
  }
}

function asText(value: Value): string | null {
  return value === null || value === undefined ? null : String(value);
}
