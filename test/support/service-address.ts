import { Agent, type AgentOptions, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { RunningService } from './running-service';

const PROBE_EVERY_MS = 50;
/** A port that nothing listens on. */
const UNUSED_PORT = 1;

/**
 * One address for the replicas of a service, as in Kubernetes: a new connection goes to a replica that is ready, and an
 * open one stays where it is.
 */
export class ServiceAddress {
  private readonly ready: RunningService[] = [];
  private turn = 0;

  /** Probes the replica from now on until it has ended; resolves when it is ready. */
  async add(replica: RunningService): Promise<void> {
    while (!(await isReady(replica))) await setTimeout(PROBE_EVERY_MS);
    this.ready.push(replica);
    void this.watch(replica);
  }

  /** While no replica is ready, the connection is refused. */
  connect(): Socket {
    const replica = this.ready[this.turn++ % this.ready.length];
    return connect(replica?.port ?? UNUSED_PORT, '127.0.0.1');
  }

  private async watch(replica: RunningService): Promise<void> {
    while (await isReady(replica)) await setTimeout(PROBE_EVERY_MS);
    this.ready.splice(this.ready.indexOf(replica), 1);
  }
}

/** A client of the address, with connections of its own. It retries nothing. */
export class ServiceClient extends Agent {
  constructor(
    private readonly address: ServiceAddress,
    options: AgentOptions,
  ) {
    super(options);
  }

  override createConnection(): Socket {
    return this.address.connect();
  }

  /** Resolves with the status of the complete answer, or with what went wrong. */
  ask(path: string, body?: object): Promise<number | string> {
    return new Promise((resolve) => {
      const method = body ? 'POST' : 'GET';
      const headers = body && { 'Content-Type': 'application/json' };
      const asked = request({ agent: this, host: 'service', path, method, headers }, (response) => {
        const complete = () => resolve(response.statusCode ?? 0);
        response.resume().on('end', complete).on('error', failed);
      });
      const failed = (error: NodeJS.ErrnoException) =>
        resolve(`${error.code ?? error.message} on a ${asked.reusedSocket ? 'used' : 'new'} connection`);
      asked.on('error', failed).end(body && JSON.stringify(body));
    });
  }
}

async function isReady(replica: RunningService): Promise<boolean> {
  // Without keep-alive, as the kubelet does: the probe itself must not keep a connection open.
  const headers = { Connection: 'close' };
  const answer = await replica.get('/health/ready', { headers }).catch(() => undefined);
  return answer?.status === 200;
}
