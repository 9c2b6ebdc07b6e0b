import { Configuration } from '@app/configuration';
import { ConnectionQueue, ControlConnection, NetworkPath } from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';
import { networkMissing } from '../../measuring/network-tls';

class NetworkLatencySettings {
  @WholeNumber('Milliseconds that each byte takes longer, in each direction', { minimum: 1, maximum: 1_000 })
  readonly delay_ms: number = 20;
}

/** Share of the delay by which a round trip must have become longer for the fault to count as effective. */
const EFFECTIVE_FROM = 0.9;

/** The database says 0.1 ms, the application says 40. */
@Injectable()
export class NetworkLatencyFault extends MeasuredFault<NetworkLatencySettings> {
  readonly name = 'network-latency';
  readonly title = 'Network latency';
  readonly summary =
    'The network between this service and PostgreSQL is slow: each round trip takes more time';
  readonly kind = 'path';
  readonly settings = NetworkLatencySettings;

  constructor(
    private readonly path: NetworkPath,
    private readonly queue: ConnectionQueue,
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    super();
  }

  override async unavailable(): Promise<string | undefined> {
    return networkMissing(this.configuration);
  }

  protected switchOn({ delay_ms }: NetworkLatencySettings): void {
    this.path.delayMs = delay_ms;
  }

  protected switchOff(): void {
    this.path.delayMs = 0;
  }

  protected async measure({ delay_ms }: NetworkLatencySettings): Promise<Measurement> {
    const beside = await milliseconds(() => this.control.ask('SELECT'));
    const client = await this.queue.acquire();
    const here = await milliseconds(() => client.query('SELECT')).finally(() => this.queue.release(client));
    return {
      measured: { round_trip_ms: here, round_trip_of_control_ms: beside },
      effective: here >= 2 * delay_ms * EFFECTIVE_FROM,
      detail: `the shortest statement takes ${here} ms there and back, on the control connection ${beside} ms`,
    };
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round((performance.now() - begun) * 10) / 10;
}
