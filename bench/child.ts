import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process of the benchmark that communicates over Node's channel. */
export class Child {
  readonly process: ChildProcess;
  /** From its start to its first message. */
  readonly startedInMs: number;
  /** Its first message. */
  readonly greeting: { port: number };

  private constructor(process: ChildProcess, startedInMs: number, greeting: { port: number }) {
    this.process = process;
    this.startedInMs = startedInMs;
    this.greeting = greeting;
  }

  /** @param prefix words in front of the command, such as those that pin it */
  static async start(script: string[], env: NodeJS.ProcessEnv = {}, prefix: string[] = []): Promise<Child> {
    const started = performance.now();
    const [command, ...args] = [...prefix, process.execPath, ...script];
    const child = spawn(command as string, args, {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => output.length < 50 && output.push(String(chunk)));
    const [greeting] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`${script.join(' ')} ended with ${code}: ${output.join('')}`);
      }),
    ]);
    return new Child(child, performance.now() - started, greeting as { port: number });
  }

  get pid(): number {
    return this.process.pid as number;
  }

  /** Sends a message and waits for its answer. */
  async ask<Answer>(message: object): Promise<Answer> {
    this.process.send(message);
    const [answer] = await once(this.process, 'message');
    return answer as Answer;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
  }
}
