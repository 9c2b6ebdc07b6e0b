import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_LIMITS } from '@app/http';
import { InvalidPayload, type OtlpContentType } from '@app/otlp';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { Intake, type Signal } from './intake';
import { accept, refuse } from './otlp-response';
import { BodyRefused, readBody } from './request-body';

const MOST_CONNECTIONS = 200;
const SIGNALS: Record<string, Signal> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};

/** OTLP over HTTP: what services send to any collector, they can send here. */
@Injectable()
export class OtlpServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly server: Server;

  constructor(
    private readonly intake: Intake,
    private readonly configuration: ConsoleConfiguration,
  ) {
    this.server = createServer(HTTP_LIMITS, (request, response) => void this.answer(request, response));
    this.server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws when the port is taken */
  async onApplicationBootstrap(): Promise<void> {
    const { CONSOLE_OTLP_PORT, CONSOLE_OTLP_ADDRESS } = this.configuration;
    this.server.listen(CONSOLE_OTLP_PORT, CONSOLE_OTLP_ADDRESS);
    await once(this.server, 'listening');
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
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
    const contentType = otlpContentType(request);
    if (!contentType) return refuse(response, 415, 'Send application/x-protobuf or application/json.');
    try {
      const { sent, plain } = await readBody(request);
      this.intake.take(signal, plain, contentType);
      this.intake.forward(signal, sent, contentType, request.headers['content-encoding']);
      accept(response, contentType);
    } catch (error) {
      if (error instanceof BodyRefused) return refuse(response, error.status, error.message, contentType);
      if (error instanceof InvalidPayload) return refuse(response, 400, error.message, contentType);
      // The sender hung up in the middle of its body.
      response.destroy();
    }
  }
}

function otlpContentType(request: IncomingMessage): OtlpContentType | undefined {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' || type === 'application/x-protobuf' ? type : undefined;
}
