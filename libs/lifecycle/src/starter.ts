import { Injectable } from '@nestjs/common';

/** What is said between a process and the one that started it, over the channel that Node makes between the two. */
export interface StarterMessage {
  /** Said to the process: its starter restarts PostgreSQL when it is asked to. */
  restartsDatabase?: boolean;
  /** Said to the starter: stop PostgreSQL, and start it again after so many milliseconds. */
  restartDatabase?: { awayMs: number };
}

/** The process that started this one. `npm start` with a PostgreSQL of its own can do what needs the server's process. */
@Injectable()
export class Starter {
  /** Whether `restartDatabase` is heard. */
  restartsDatabase = false;

  constructor() {
    process.on('message', (message: StarterMessage | null) => {
      if (message?.restartsDatabase) this.restartsDatabase = true;
    });
  }

  /** Asks for a restart, which is under way when this returns. Nothing happens where nobody hears it. */
  restartDatabase(awayMs: number): void {
    const message: StarterMessage = { restartDatabase: { awayMs } };
    process.send?.(message);
  }
}
