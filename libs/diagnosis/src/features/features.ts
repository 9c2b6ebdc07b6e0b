import type { Sample, Subject } from '../sample';
import { type ClientFigures, clientFigures } from './clients';
import { type ServerFigures, serverFigures } from './server';
import { type SessionFigures, sessionFigures } from './sessions';

/** What an operator could read off dashboards of a window of some seconds. */
export interface Features {
  /** Unix milliseconds of its last look. */
  at: number;
  /** Between its first and its last look. */
  seconds: number;
  clients: ClientFigures;
  sessions: SessionFigures;
  server: ServerFigures;
  /** Milliseconds in which the server answers the one who looks: median and quickest. */
  roundTrip: { median: number; quickest: number };
}

/** @param samples in the order in which they were taken, at least one */
export function features(samples: readonly Sample[], subject: Subject): Features {
  const [first, last] = [samples[0], samples.at(-1)];
  return {
    at: last?.at ?? 0,
    seconds: ((last?.at ?? 0) - (first?.at ?? 0)) / 1_000,
    clients: clientFigures(samples),
    sessions: sessionFigures(
      samples.flatMap(({ database }) => database ?? []),
      subject,
    ),
    server: serverFigures(samples),
    roundTrip: roundTripOf(samples),
  };
}

function roundTripOf(samples: readonly Sample[]): Features['roundTrip'] {
  const times = samples.flatMap(({ roundTripMs }) => roundTripMs ?? []).sort((a, b) => a - b);
  return { median: times[Math.floor(times.length / 2)] ?? 0, quickest: times[0] ?? 0 };
}
