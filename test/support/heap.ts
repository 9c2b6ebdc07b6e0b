import { once } from 'node:events';
import { eventually } from './eventually';
import type { RunningService } from './running-service';

/** Environment of a service whose memory is measured. */
export const WITH_INSPECTOR = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** Bytes that a service, started `WITH_INSPECTOR`, still references: what is used after all garbage is collected. */
export async function usedHeap(service: RunningService): Promise<number> {
  const inspector = await Inspector.of(service);
  try {
    await inspector.ask('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = await inspector.ask<HeapUsage>('Runtime.getHeapUsage');
    return usedSize + backingStorageSize;
  } finally {
    inspector.close();
  }
}

interface HeapUsage {
  usedSize: number;
  /** Bytes of buffers, which are outside the heap. */
  backingStorageSize: number;
}

/** A session with the inspector of a process, one command at a time. */
class Inspector {
  private constructor(private readonly socket: WebSocket) {}

  static async of(service: RunningService): Promise<Inspector> {
    const url = await eventually(() => {
      const found = /Debugger listening on (?<url>ws:\/\/\S+)/.exec(service.output)?.groups?.url;
      if (!found) throw new Error(`${service.name} has no inspector`);
      return found;
    });
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  async ask<Result>(method: string): Promise<Result> {
    const answered = once(this.socket, 'message') as Promise<[{ data: string }]>;
    this.socket.send(JSON.stringify({ id: 1, method }));
    const [{ data }] = await answered;
    return JSON.parse(data).result;
  }

  close(): void {
    this.socket.close();
  }
}
