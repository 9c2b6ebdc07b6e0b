import type { Sample, Subject } from '../sample';
import { type ClientStats, clientStats } from './clients';
import { type ServerStats, serverStats } from './server';
import { type SessionStats, sessionStats } from './sessions';

/** What an operator could read from dashboards about a window of some seconds. */
export interface Features {
  /** Unix milliseconds of its last sample. */
  at: number;
  /** Between its first and its last sample. */
  seconds: number;
  clients: ClientStats;
  sessions: SessionStats;
  server: ServerStats;
  /** Milliseconds in which the server answers the observer: median and quickest. */
  roundTrip: { median: number; quickest: number };
}

/** @param samples in the order in which they were taken, at least one */
export function features(samples: readonly Sample[], subject: Subject): Features {
  const [first, last] = [samples[0], samples.at(-1)];
  return {
    at: last?.at ?? 0,
    seconds: ((last?.at ?? 0) - (first?.at ?? 0)) / 1_000,
    clients: clientStats(samples),
    sessions: sessionStats(
      samples.flatMap(({ database }) => database ?? []),
      subject,
    ),
    server: serverStats(samples),
    roundTrip: roundTripOf(samples),
  };
}

function roundTripOf(samples: readonly Sample[]): Features['roundTrip'] {
  const times = samples.flatMap(({ roundTripMs }) => roundTripMs ?? []).sort((a, b) => a - b);
  return { median: times[Math.floor(times.length / 2)] ?? 0, quickest: times[0] ?? 0 };
}
