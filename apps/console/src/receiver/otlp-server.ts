import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { changesFromElsewhere, HTTP_LIMITS, listen } from '@app/http';
import { InvalidPayload, type OtlpContentType, PayloadTooComplex } from '@app/otlp';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { Intake, type Signal } from './intake';
import { accept, refuse } from './otlp-response';
import { BodyReader, BodyRefused } from './request-body';

const MOST_CONNECTIONS = 200;
const SIGNALS: Record<string, Signal> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};

/** OTLP over HTTP: services can send here what they can send to any collector. */
@Injectable()
export class OtlpServer implements OnApplicationBootstrap {
  private readonly server: Server;
  /** Sockets of the same server on additional addresses. */
  private further: NetServer[] = [];
  private readonly bodies = new BodyReader();

  constructor(
    private readonly intake: Intake,
    private readonly configuration: ConsoleConfiguration,
  ) {
    this.server = createServer(HTTP_LIMITS, (request, response) => void this.answer(request, response));
    this.server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws if the port is taken */
  async onApplicationBootstrap(): Promise<void> {
    const { CONSOLE_OTLP_PORT, CONSOLE_OTLP_ADDRESS } = this.configuration;
    this.further = await listen(this.server, CONSOLE_OTLP_PORT, CONSOLE_OTLP_ADDRESS);
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const server of this.further) server.close();
    this.server.closeAllConnections();
    await closed;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const signal = SIGNALS[request.url?.split('?')[0] ?? ''];
    if (!signal) return refuse(response, 404, 'There are /v1/traces, /v1/metrics and /v1/logs.');
    if (request.method !== 'POST') return refuse(response, 405, 'Send it with POST.');
    if (changesFromElsewhere(request, this.configuration.CONSOLE_OTLP_ADDRESS))
      return refuse(response, 403, 'A page of another origin may not send anything here.');
    const contentType = otlpContentType(request);
    if (!contentType) return refuse(response, 415, 'Send application/x-protobuf or application/json.');
    try {
      await this.bodies.read(request, (plain) => this.intake.take(signal, plain, contentType));
      accept(response, contentType);
    } catch (error) {
      if (error instanceof BodyRefused) return refuse(response, error.status, error.message, contentType);
      if (error instanceof PayloadTooComplex) return refuse(response, 413, error.message, contentType);
      if (error instanceof InvalidPayload) return refuse(response, 400, error.message, contentType);
      // The sender disconnected in the middle of its body.
      response.destroy();
    }
  }
}

function otlpContentType(request: IncomingMessage): OtlpContentType | undefined {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' || type === 'application/x-protobuf' ? type : undefined;
}
