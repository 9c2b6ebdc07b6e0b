import { Injectable } from '@nestjs/common';

const MOST = 20;
const LONGEST = 200;

/** A process as reported by `npm start`, which keeps it alive. */
export interface StartedProcess {
  name: string;
  up: boolean;
  /** How often it was started again. */
  restarts: number;
  /** How it last ended, such as `signal SIGKILL`. */
  ended?: string;
  /** Unix milliseconds of that end. */
  ended_at?: number;
}

/** What `npm start` reports about its processes; nothing if it did not start this one. */
@Injectable()
export class StartedProcesses {
  states: StartedProcess[] = [];

  constructor() {
    process.on('message', (message) => {
      this.states = read(message) ?? this.states;
    });
  }
}

/** Undefined for any other message. */
function read(message: unknown): StartedProcess[] | undefined {
  const { processes } = (message ?? {}) as { processes?: unknown };
  if (!Array.isArray(processes)) return undefined;
  return processes.slice(0, MOST).map(({ name, up, restarts, ended, ended_at }) => ({
    name: String(name).slice(0, LONGEST),
    up: up === true,
    restarts: Number(restarts) || 0,
    ...(ended !== undefined && { ended: String(ended).slice(0, LONGEST) }),
    ...(ended_at !== undefined && { ended_at: Number(ended_at) || 0 }),
  }));
}
