import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';
import type { Response } from 'express';

type Compressor = ReturnType<typeof createGzip | typeof createBrotliCompress | typeof createZstdCompress>;

/**
 * An event repeats most of the one before it. This window reaches back far enough to send only the differences: it is
 * 256 KiB, where gzip has 32, less than one event.
 */
const WINDOW_BITS = 18;

/** The first one that a viewer accepts is used. */
const COMPRESSORS: Record<string, { make: () => Compressor; flush: number }> = {
  zstd: {
    make: () =>
      createZstdCompress({
        params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: WINDOW_BITS },
      }),
    flush: constants.ZSTD_e_flush,
  },
  br: {
    make: () =>
      createBrotliCompress({
        params: { [constants.BROTLI_PARAM_QUALITY]: 2, [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS },
      }),
    flush: constants.BROTLI_OPERATION_FLUSH,
  },
  gzip: { make: () => createGzip({ level: 1 }), flush: constants.Z_SYNC_FLUSH },
};

/** A stream of server-sent events to one viewer, compressed with an encoding that the viewer accepts. */
export class EventStream {
  private readonly compressor?: Compressor;
  private readonly flush: number = 0;

  constructor(private readonly response: Response) {
    const taken = response.req.header('accept-encoding')?.toLowerCase() ?? '';
    const [encoding, how] = Object.entries(COMPRESSORS).find(([name]) => accepts(taken, name)) ?? [];
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      Vary: 'Accept-Encoding',
      ...(encoding && { 'Content-Encoding': encoding }),
    });
    if (!how) return;
    this.flush = how.flush;
    this.compressor = how.make();
    this.compressor.pipe(response);
    // A viewer disconnected in the middle of an event.
    this.compressor.on('error', () => response.destroy());
    response.once('close', () => this.compressor?.destroy());
  }

  /** Sends events, or skips them if the viewer has not read the ones before. */
  send(events: string): void {
    const { compressor, response } = this;
    if (response.writableNeedDrain || response.writableEnded || compressor?.writableNeedDrain) return;
    if (!compressor) {
      response.write(events);
      return;
    }
    if (compressor.destroyed) return;
    compressor.write(events);
    compressor.flush(this.flush);
  }

  end(): void {
    (this.compressor ?? this.response).end();
  }
}

/** Whether a header names an encoding with a weight other than 0. */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((part) => {
    const [name = '', weight = ''] = part.split(';').map((text) => text.trim());
    return name === encoding && !/^q=0(\.0*)?$/.test(weight);
  });
}
