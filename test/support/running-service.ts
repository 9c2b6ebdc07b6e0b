import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ALL_SERVICES, type ServiceKey, urlVariable } from '@app/configuration';
import { CHECKOUT, program } from '../../tools/places';

export type AppName = ServiceKey | 'console';

/** For the console: a test must not depend on a demo that runs on the default ports. */
const NO_DEFAULT_PORTS = {
  CONSOLE_OTLP_PORT: '0',
  ...Object.fromEntries(ALL_SERVICES.map(({ key }) => [urlVariable(key), 'http://127.0.0.1:1'])),
};

/** An answer with its body, parsed if it is JSON. */
export interface Answer<Body = Record<string, any>> {
  status: number;
  headers: Headers;
  body: Body;
  /** The body as it arrived. */
  text: string;
  /** Milliseconds from the request to the end of the body. */
  ms: number;
}

/** A service as a separate process, compiled as it is shipped. */
export class RunningService {
  private readonly lines: string[] = [];

  private constructor(
    readonly name: AppName,
    readonly process: ChildProcess,
    readonly port: number,
  ) {}

  static async start(name: AppName, environment: Record<string, string>): Promise<RunningService> {
    const child = fork(program(name), {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'test',
        // The same folder as in npm start.
        NODE_COMPILE_CACHE: join(CHECKOUT, '.data/compile-cache'),
        PORT: '0',
        LISTEN_ADDRESS: '127.0.0.1',
        ...NO_DEFAULT_PORTS,
        ...environment,
      },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => output.push(String(chunk)));
    const [message] = await Promise.race([
      once(child, 'message') as Promise<[{ port: number }]>,
      once(child, 'exit').then(([code]) => {
        throw new Error(`${name} ended with ${code}: ${output.join('')}`);
      }),
    ]);
    const service = new RunningService(name, child, message.port);
    service.lines.push(...output);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => service.lines.push(String(chunk)));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The output of the process so far. */
  get output(): string {
    return this.lines.join('');
  }

  get(path: string, init: RequestInit = {}): Promise<Answer> {
    return this.request(path, init);
  }

  /** POSTs as `curl -d` does: JSON without declaring it. A string is sent as it is. `signal` disconnects. */
  post(
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Answer> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    return this.request(path, {
      method: 'POST',
      body: text as string | undefined,
      signal,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  }

  /** Sends a signal, such as one that stops the process for a while. */
  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Resolves with the exit code, or the signal that ended the process. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    if (this.process.signalCode !== null) return this.process.signalCode;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    const [code, endedBy] = await ended;
    return code ?? endedBy;
  }

  private async request(path: string, init: RequestInit): Promise<Answer> {
    const started = performance.now();
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    const body = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    return {
      status: response.status,
      headers: response.headers,
      body,
      text,
      ms: performance.now() - started,
    };
  }
}
