import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { GrpcReceiver } from './grpc-receiver';
import { HttpReceiver } from './http-receiver';
import { Inbox } from './inbox';

export interface Where {
  host: string;
  httpPort: number;
  grpcPort: number;
}

/**
 * Receives OTLP over HTTP and gRPC for some seconds, or until Ctrl-C.
 * @throws if nothing was received, or a port is taken
 */
export async function listen(
  seconds: number,
  { host, httpPort, grpcPort }: Where,
  progress: (line: string) => void,
): Promise<Inbox> {
  const inbox = new Inbox();
  const http = await HttpReceiver.start(inbox, host, httpPort);
  try {
    const grpc = await GrpcReceiver.start(inbox, host, grpcPort);
    progress(
      `OTLP over HTTP at http://${host}:${http.port}, over gRPC at http://${host}:${grpc.port}, for ${seconds} s`,
    );
    await enough(seconds);
    grpc.stop();
  } finally {
    await http.stop();
  }
  const { spans, metrics, logs, requests } = inbox;
  progress(
    `${requests} requests: ${spans.length} spans, ${metrics.length} data points, ${logs.length} log records`,
  );
  if (inbox.isEmpty)
    throw new Error('nothing came: does the sender know the address, and does it flush at its end?');
  return inbox;
}

async function enough(seconds: number): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const interrupted = once(process, 'SIGINT', { signal }).catch(() => undefined);
  await Promise.race([
    setTimeout(seconds * 1_000, undefined, { signal }).catch(() => undefined),
    interrupted,
  ]);
  over.abort();
}
