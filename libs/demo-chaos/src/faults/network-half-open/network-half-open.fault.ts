import { Configuration } from '@app/configuration';
import { ControlConnection, NetworkPath } from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';
import { networkMissing } from '../../measuring/network-tls';

class NetworkHalfOpenSettings {
  @WholeNumber('Percent of the connections of this service on which nothing arrives any more, each second', {
    minimum: 1,
    maximum: 100,
  })
  readonly percent: number = 60;
}

/** A firewall has forgotten connections: both sides believe that they exist, and nothing arrives. */
@Injectable()
export class NetworkHalfOpenFault extends MeasuredFault<NetworkHalfOpenSettings> {
  readonly name = 'network-half-open';
  readonly title = 'Half-open connections';
  readonly summary =
    'Each second, a share of this service’s connections falls silent, and neither side is told';
  readonly kind = 'path';
  readonly settings = NetworkHalfOpenSettings;
  private most = 0;

  constructor(
    private readonly path: NetworkPath,
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    super();
  }

  override async unavailable(): Promise<string | undefined> {
    return networkMissing(this.configuration);
  }

  protected switchOn({ percent }: NetworkHalfOpenSettings): void {
    this.most = 0;
    this.path.lose(percent / 100);
  }

  protected switchOff(): void {
    this.path.heal();
  }

  protected async measure(): Promise<Measurement> {
    const ports = this.path.lostPorts;
    const [row] = await this.control.ask<{ believed: number }>(
      `SELECT count(*)::int AS believed FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND client_port = ANY ($1)`,
      [ports],
    );
    // A connection that this process gave up is closed, and one that cannot log in does not exist for PostgreSQL yet.
    const believed = row?.believed ?? 0;
    this.most = Math.max(this.most, believed);
    return {
      measured: { lost: ports.length, believed, believed_at_most: this.most },
      effective: ports.length > 0 && this.most > 0,
      detail: `nothing arrives on ${ports.length} connections of this process; PostgreSQL believes in ${believed} of them, at most in ${this.most} since`,
    };
  }
}
