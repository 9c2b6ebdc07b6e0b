import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What can be wrong with a telemetry backend. */
export const TELEMETRY_FAULTS = ['refusing', 'answering 503', 'hanging', 'a byte a second'] as const;

export type TelemetryFault = (typeof TELEMETRY_FAULTS)[number];

/** Accepts whatever it receives by OTLP over HTTP without reading it; and it can fail. */
export class TelemetryBackend {
  private fault?: TelemetryFault;
  private port = 0;
  private readonly server = createServer((request, response) => this.answer(request, response));

  static async start(fault?: TelemetryFault): Promise<TelemetryBackend> {
    const backend = new TelemetryBackend();
    await backend.heal();
    if (fault) await backend.fail(fault);
    return backend;
  }

  /** The variables that make a service send to it. */
  environment(): Record<string, string> {
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.port}` };
  }

  async fail(fault: TelemetryFault): Promise<void> {
    this.fault = fault;
    if (fault === 'refusing') await this.stop();
  }

  /** Heals requests that arrive from now on. */
  async heal(): Promise<void> {
    this.fault = undefined;
    if (this.server.listening) return;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (this.fault === 'hanging') return;
    if (this.fault === 'a byte a second') return drip(request);
    response.writeHead(this.fault === 'answering 503' ? 503 : 200).end();
  }
}

/** An answer whose headers never end. */
function drip({ socket }: IncomingMessage): void {
  const status = 'HTTP/1.1 200 OK\r\n';
  const header = 'a: b\r\n';
  let sent = 0;
  const next = () => {
    const index = sent++;
    socket.write(status[index] ?? header.charAt((index - status.length) % header.length));
  };
  next();
  const timer = setInterval(next, 1_000);
  socket.on('error', () => undefined).on('close', () => clearInterval(timer));
}
