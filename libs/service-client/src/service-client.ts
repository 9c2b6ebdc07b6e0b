import type { ServiceKey, Targets } from './service-targets';

/** An answer with a JSON body; status 0 if there was no answer at all. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** Milliseconds from the request to the end of the body. */
  ms: number;
}

/** Sends requests to the services over HTTP, with the token that changing a fault may need. */
export class ServiceClient {
  /** @param token sent with each change */
  constructor(
    readonly targets: Targets,
    private readonly token?: string,
  ) {}

  get(service: ServiceKey, path: string, timeoutMs: number): Promise<Answer> {
    return ask(`${base(this.targets[service])}${path}`, {}, timeoutMs);
  }

  post(service: ServiceKey, path: string, body: object, timeoutMs: number): Promise<Answer> {
    return this.change('POST', service, path, timeoutMs, JSON.stringify(body));
  }

  delete(service: ServiceKey, path: string, timeoutMs: number): Promise<Answer> {
    return this.change('DELETE', service, path, timeoutMs);
  }

  private change(
    method: string,
    service: ServiceKey,
    path: string,
    timeoutMs: number,
    body?: string,
  ): Promise<Answer> {
    const headers = {
      'Content-Type': 'application/json',
      ...(this.token && { Authorization: `Bearer ${this.token}` }),
    };
    return ask(`${base(this.targets[service])}${path}`, { method, body, headers }, timeoutMs);
  }
}

function base(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Never rejects: the missing answer of a service that is down counts as an answer too. */
async function ask(url: string, init: RequestInit, timeoutMs: number): Promise<Answer> {
  const started = performance.now();
  const answer = (status: number, body: Record<string, unknown>) => ({
    status,
    body,
    ms: performance.now() - started,
  });
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const body: unknown = await response.json();
    return answer(response.status, typeof body === 'object' && body !== null ? { ...body } : {});
  } catch (error) {
    return answer(0, { detail: reason(error as Error, timeoutMs) });
  }
}

function reason({ name, message, cause }: Error, timeoutMs: number): string {
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { code } = (cause ?? {}) as { code?: string };
  return code === 'ECONNREFUSED' ? 'nothing listens there' : (code ?? message);
}
