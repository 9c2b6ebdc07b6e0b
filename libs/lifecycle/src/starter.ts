import { Injectable } from '@nestjs/common';

/** Messages between a process and the one that started it, over the channel that Node makes between the two. */
export interface StarterMessage {
  /** Sent to the process: its starter restarts PostgreSQL on request. */
  restartsDatabase?: boolean;
  /** Sent to the starter: stop PostgreSQL, and start it again after this many milliseconds. */
  restartDatabase?: { awayMs: number };
}

/** The process that started this one. `npm start` with a PostgreSQL of its own can do what needs the server's process. */
@Injectable()
export class Starter {
  /** Whether the starter handles `restartDatabase`. */
  restartsDatabase = false;

  constructor() {
    process.on('message', (message: StarterMessage | null) => {
      if (message?.restartsDatabase) this.restartsDatabase = true;
    });
  }

  /** Requests a restart, which is under way when this returns. Without such a starter, nothing happens. */
  restartDatabase(awayMs: number): void {
    const message: StarterMessage = { restartDatabase: { awayMs } };
    process.send?.(message);
  }
}
