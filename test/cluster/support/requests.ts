import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface Answer {
  status: number;
  text: string;
  body: any;
}

/** One request on a connection of its own, sent as `curl` does. @throws the error of the connection */
export function send(url: string, body?: unknown, timeoutMs = 20_000): Promise<Answer> {
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = request(
      url,
      { method, agent: false, signal, headers: method === 'POST' ? type : {} },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          const json = /json/.test(response.headers['content-type'] ?? '');
          resolve({ status: response.statusCode ?? 0, text, body: json ? JSON.parse(text) : undefined });
        });
      },
    );
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** @throws unless the answer has this status */
export async function expectStatus(answer: Promise<Answer>, status = 200): Promise<Answer> {
  const got = await answer;
  if (got.status !== status)
    throw new Error(
      `answered ${got.status} instead of ${status}, ${got.body?.reason ?? got.body?.title ?? got.text.slice(0, 80)}`,
    );
  return got;
}

/** Requests at a steady rate, however slow the answers: each on a new connection, so that a refused one is noticed. */
export class Traffic {
  private readonly underWay = new Set<Promise<void>>();
  private readonly troubles = new Map<string, number>();
  private readonly urls: readonly string[];
  private readonly perSecond: number;
  private readonly running: Promise<void>;
  private stopped = false;
  sent = 0;

  constructor(urls: readonly string[], perSecond: number) {
    this.urls = urls;
    this.perSecond = perSecond;
    this.running = this.run();
  }

  /** Continues until at least this many were sent, then waits for all answers. @returns what went wrong, with counts */
  async stop(atLeast: number): Promise<{ sent: number; failed: number; troubles: string }> {
    while (this.sent < atLeast) await setTimeout(100);
    this.stopped = true;
    await this.running;
    await Promise.all(this.underWay);
    const failed = [...this.troubles.values()].reduce((sum, count) => sum + count, 0);
    const troubles = [...this.troubles].map(([what, count]) => `${count} x ${what}`).join(', ');
    return { sent: this.sent, failed, troubles };
  }

  private async run(): Promise<void> {
    const started = performance.now();
    while (!this.stopped) {
      const due = Math.floor(((performance.now() - started) / 1_000) * this.perSecond);
      while (this.sent < due) this.sendOne();
      await setTimeout(5);
    }
  }

  private sendOne(): void {
    const url = this.urls[this.sent % this.urls.length] ?? '';
    this.sent += 1;
    const one = expectStatus(send(url)).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => {
        const what = error.code ?? error.message;
        this.troubles.set(what, (this.troubles.get(what) ?? 0) + 1);
      },
    );
    this.underWay.add(one);
    void one.then(() => this.underWay.delete(one));
  }
}
