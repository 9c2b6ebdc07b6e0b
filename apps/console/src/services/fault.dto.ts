import { IsIn, IsInt, Max, Min } from 'class-validator';
import { SERVICES, type ServiceKey } from './service-targets';

/** One service, or all of them. */
export class FaultTargetDto {
  @IsIn([...SERVICES, 'all'])
  readonly service!: ServiceKey | 'all';
}

/** What the faults of the services can be told; each service checks it again. */
export class SlowDto {
  @IsInt()
  @Min(1)
  @Max(30_000)
  readonly delay_ms: number = 2_900;

  /** Seconds after which it ends by itself. */
  @IsInt()
  @Min(1)
  @Max(3_600)
  readonly ttl_seconds: number = 900;
}

export class ExhaustDto {
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly connections: number = 95;

  /** Seconds after which it ends by itself. */
  @IsInt()
  @Min(1)
  @Max(3_600)
  readonly ttl_seconds: number = 900;
}
