import { Injectable } from '@nestjs/common';
import { DelayLine } from './delay-line';
import { ServerSocket } from './server-socket';

/** Each socket's draw is the draw before it plus this, modulo 1: any few in a row are spread evenly. */
const GOLDEN_RATIO = 0.618_033_988_7;

/**
 * The seam for a bad network between the pool of this process and PostgreSQL. The control connection bypasses it, so
 * that a fault set here can be switched off. While nothing is set, it passes everything on at once.
 */
@Injectable()
export class NetworkPath {
  private readonly sockets = new Set<PathSocket>();
  private lastLuck = 0;
  /** Milliseconds in each direction. */
  delayMs = 0;
  /** Share of the connections, from 0 to 1, on which nothing arrives any more, and neither side gets an error. */
  lostShare = 0;

  socket(): ServerSocket {
    this.lastLuck = (this.lastLuck + GOLDEN_RATIO) % 1;
    const socket = new PathSocket(this, this.lastLuck);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }

  /** Local TCP ports of the connections on which nothing arrives: pg_stat_activity has them as `client_port`. */
  get lostPorts(): number[] {
    return [...this.sockets].filter(({ isLost }) => isLost).flatMap(({ localPort }) => localPort ?? []);
  }

  /** Makes the path whole again and cuts the lost connections, because what was swallowed on them cannot be recovered. */
  heal(): void {
    const lost = [...this.sockets].filter(({ isLost }) => isLost);
    this.lostShare = 0;
    for (const socket of lost) socket.destroy();
  }
}

type Done = (error?: Error | null) => void;

/** A connection on that path. It does not work for TLS, which bypasses a socket's methods to read and write. */
class PathSocket extends ServerSocket {
  private readonly outwards = new DelayLine();
  private readonly inwards = new DelayLine();

  constructor(
    private readonly path: NetworkPath,
    private readonly luck: number,
  ) {
    super();
  }

  get isLost(): boolean {
    return this.luck < this.path.lostShare;
  }

  // Not `write`: Node's sockets have that as a property of each instance.
  override _write(bytes: Uint8Array, encoding: BufferEncoding, done: Done): void {
    this.send(done, (sent) => super._write(bytes, encoding, sent));
  }

  override _writev(chunks: { chunk: Uint8Array; encoding: BufferEncoding }[], done: Done): void {
    this.send(done, (sent) => super._writev?.(chunks, sent));
  }

  override _final(done: Done): void {
    this.outwards.pass(this.path.delayMs, () => super._final(done));
  }

  // Node calls it with the bytes that arrived, and with null at the end.
  override push(bytes: Uint8Array | null): boolean {
    if (this.isLost && bytes !== null) return true;
    return this.inwards.pass(this.path.delayMs, () => this.destroyed || super.push(bytes)) ?? true;
  }

  /** Delayed bytes count as sent at once, so that what follows them is not delayed twice. */
  private send(done: Done, write: (sent: Done) => void): void {
    if (this.isLost) return done();
    if (this.path.delayMs === 0 && this.outwards.isEmpty) return write(done);
    this.outwards.pass(this.path.delayMs, () => this.destroyed || write(() => undefined));
    done();
  }
}
