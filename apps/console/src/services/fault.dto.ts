import { SERVICES, type ServiceKey } from '@app/service-client';
import { IsIn, MaxLength } from 'class-validator';

/** One service, or all of them. */
export class FaultTargetDto {
  @IsIn([...SERVICES, 'all'])
  readonly service!: ServiceKey | 'all';
}

export class ServiceFaultDto extends FaultTargetDto {
  @MaxLength(40)
  readonly fault!: string;
}
