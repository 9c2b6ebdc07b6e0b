import type { OtlpContentType } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';

/** Requests on their way at once; a payload beyond that is dropped and counted, never queued. */
const MOST_UNDER_WAY = 16;
const TIMEOUT_MS = 5_000;

export interface ForwardStatistics {
  /** Undefined when nothing is forwarded. */
  endpoint?: string;
  sent: number;
  failed: number;
  /** Because too many were under way. */
  dropped: number;
}

/** Sends payloads on as they came, so that a second place sees just what the page sees. */
@Injectable()
export class Forwarder {
  readonly statistics: ForwardStatistics;
  private readonly headers: Record<string, string>;
  private underWay = 0;

  constructor({ CONSOLE_FORWARD_ENDPOINT, CONSOLE_FORWARD_HEADERS }: ConsoleConfiguration) {
    this.headers = headersOf(CONSOLE_FORWARD_HEADERS);
    this.statistics = {
      endpoint: CONSOLE_FORWARD_ENDPOINT?.replace(/\/+$/, ''),
      sent: 0,
      failed: 0,
      dropped: 0,
    };
  }

  /** Never fails and never waits: whoever sent the payload has had its answer from here. */
  forward(path: string, body: Buffer, contentType: OtlpContentType, contentEncoding = 'identity'): void {
    const { endpoint } = this.statistics;
    if (!endpoint) return;
    if (this.underWay >= MOST_UNDER_WAY) {
      this.statistics.dropped += 1;
      return;
    }
    this.underWay += 1;
    const headers = { ...this.headers, 'Content-Type': contentType, 'Content-Encoding': contentEncoding };
    void this.post(`${endpoint}${path}`, body, headers).finally(() => {
      this.underWay -= 1;
    });
  }

  private async post(url: string, body: Buffer, headers: Record<string, string>): Promise<void> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers, signal });
      await response.arrayBuffer();
      this.statistics[response.ok ? 'sent' : 'failed'] += 1;
    } catch {
      this.statistics.failed += 1;
    }
  }
}

function headersOf(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())];
    }),
  );
}

// OpenTelemetry's variable is percent-encoded; a value that is not stays what it is.
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
