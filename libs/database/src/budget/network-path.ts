import { inBackground } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import { DelayLine } from './delay-line';
import { ServerSocket } from './server-socket';

/** More than a sum of fractions can be short of the whole number that it is. */
const TINY = 1e-9;
/** Milliseconds between two times at which connections are lost. */
const LOSES_EVERY_MS = 1_000;

/**
 * The seam for a bad network between the pool of this process and PostgreSQL. The control connection bypasses it, so
 * that a fault set here can be switched off. While nothing is set, it passes everything on at once.
 */
@Injectable()
export class NetworkPath {
  private readonly sockets = new Set<PathSocket>();
  private lostShare = 0;
  /** Connections that are to be lost, and the part of one that is left over from those before. */
  private due = 0;
  private losing?: NodeJS.Timeout;
  /** Milliseconds in each direction. */
  delayMs = 0;

  socket(): ServerSocket {
    const socket = new PathSocket(this);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    if (this.lostShare === 1) socket.isLost = true;
    return socket;
  }

  /**
   * From now on, a share of the connections is lost each second: nothing arrives on them any more, and neither side gets
   * an error. One at least is lost at once, if there is any: a pool that replaces what it has lost loses again.
   * @param share from 0 to 1; at 1, new connections are lost from their beginning
   */
  lose(share: number): void {
    this.heal();
    this.lostShare = share;
    this.due = 1 - share;
    this.loseSome();
    this.losing = inBackground(() => setInterval(() => this.loseSome(), LOSES_EVERY_MS));
  }

  /** Local TCP ports of the connections on which nothing arrives: pg_stat_activity has them as `client_port`. */
  get lostPorts(): number[] {
    return [...this.sockets].filter(({ isLost }) => isLost).flatMap(({ localPort }) => localPort ?? []);
  }

  /** Makes the path whole again and cuts the lost connections, because what was swallowed on them cannot be recovered. */
  heal(): void {
    clearInterval(this.losing);
    this.lostShare = 0;
    for (const socket of this.sockets) if (socket.isLost) socket.destroy();
  }

  private loseSome(): void {
    const whole = [...this.sockets].filter(({ isLost }) => !isLost);
    this.due += this.lostShare * whole.length;
    const lost = whole.slice(0, Math.floor(this.due + TINY));
    this.due -= lost.length;
    for (const socket of lost) socket.isLost = true;
  }
}

type Done = (error?: Error | null) => void;

/** A connection on that path. It does not work for TLS, which bypasses a socket's methods to read and write. */
class PathSocket extends ServerSocket {
  private readonly outwards = new DelayLine();
  private readonly inwards = new DelayLine();

  /** Whether nothing arrives on it any more. */
  isLost = false;

  constructor(private readonly path: NetworkPath) {
    super();
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
