import { createConnection, type Socket } from 'node:net';
import { summary } from './statistics.ts';

/** What to send, and how. */
export interface Order {
  port: number;
  /** Whole HTTP requests, sent in turn. */
  requests: string[];
  connections: number;
  seconds: number;
  /** The one status that counts as an answer; by default, any that means success. */
  expected?: number;
  /** Arrivals per second at random distances, to the millisecond; undefined: each connection sends once it is answered. */
  rate?: number;
}

/** The result. Latencies are milliseconds from the arrival of a request, sent or not, to its complete answer. */
export interface Result {
  answered: number;
  /** Answers with another status, and lost connections. */
  failed: number;
  seconds: number;
  p50: number;
  p95: number;
  p99: number;
  /** CPU seconds of this process per second of the run. */
  cpuShare: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
/** Milliseconds of rest after which a connection is not used again: some servers close it after 5 s. */
const TOO_OLD_MS = 3_000;

/** Connections of the previous order: the next one to the same server continues with them. */
let kept: { port: number; connections: Connection[]; at: number } | undefined;

process.on('message', async (order: Order) => {
  process.send?.(await new Run(order).result());
});

class Run {
  private readonly latencies: number[] = [];
  private readonly idle: Connection[] = [];
  private readonly overdue: number[] = [];
  private failed = 0;
  private next = 0;
  private readonly started = performance.now();
  private readonly end: number;
  private readonly order: Order;

  constructor(order: Order) {
    this.order = order;
    this.end = this.started + order.seconds * 1_000;
  }

  async result(): Promise<Result> {
    const cpu = process.cpuUsage();
    const connections = await this.connect();
    await (this.order.rate ? this.arrive(connections, this.order.rate) : this.saturate(connections));
    const seconds = (performance.now() - this.started) / 1_000;
    kept = { port: this.order.port, connections, at: performance.now() };
    const { user, system } = process.cpuUsage(cpu);
    const { p50, p95, p99 } = summary(this.latencies);
    return {
      answered: this.latencies.length,
      failed: this.failed,
      seconds,
      p50,
      p95,
      p99,
      cpuShare: (user + system) / 1e6 / seconds,
    };
  }

  private connect(): Promise<Connection[]> {
    const { port, connections } = this.order;
    const fresh = kept && performance.now() - kept.at < TOO_OLD_MS;
    if (kept?.port === port && kept.connections.length === connections && fresh)
      return Promise.resolve(kept.connections);
    for (const connection of kept?.connections ?? []) connection.close();
    return Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  }

  private async saturate(connections: Connection[]): Promise<void> {
    await Promise.all(
      connections.map(async (connection) => {
        while (performance.now() < this.end) await this.send(connection, performance.now());
      }),
    );
  }

  private async arrive(connections: Connection[], rate: number): Promise<void> {
    this.idle.push(...connections);
    const under: Promise<void>[] = [];
    let at = performance.now();
    while (at < this.end) {
      const wait = at - performance.now();
      // Precise to a millisecond. Waiting more precisely would mean spinning, on the core that PostgreSQL has.
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      under.push(this.dispatch(performance.now()));
      at += (-Math.log(1 - Math.random()) * 1_000) / rate;
    }
    await Promise.all(under);
  }

  private async dispatch(arrived: number): Promise<void> {
    const connection = this.idle.pop();
    if (!connection) return void this.overdue.push(arrived);
    await this.send(connection, arrived);
    let late = this.overdue.shift();
    while (late !== undefined) {
      await this.send(connection, late);
      late = this.overdue.shift();
    }
    this.idle.push(connection);
  }

  private async send(connection: Connection, arrived: number): Promise<void> {
    const { requests } = this.order;
    const status = await connection.ask(requests[this.next++ % requests.length] as string);
    const { expected } = this.order;
    if (expected ? status === expected : status >= 200 && status < 300)
      this.latencies.push(performance.now() - arrived);
    else this.failed++;
  }
}

/** One keep-alive connection with one request at a time; it reads no more of an answer than necessary. */
class Connection {
  private received: Buffer = Buffer.alloc(0);
  private answered: (status: number) => void = () => undefined;
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', () => this.answered(0));
    socket.on('close', () => this.answered(0));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Connection(socket)));
    });
  }

  ask(request: string): Promise<number> {
    return new Promise((resolve) => {
      this.answered = resolve;
      if (this.socket.destroyed) return resolve(0);
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length ? Buffer.concat([this.received, chunk]) : chunk;
    const head = this.received.indexOf(END_OF_HEAD);
    if (head < 0) return;
    const text = this.received.toString('latin1', 0, head);
    const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (this.received.length < head + 4 + length) return;
    this.received = this.received.subarray(head + 4 + length);
    this.answered(Number(text.slice(9, 12)));
  }
}

process.send?.({ ready: true });
