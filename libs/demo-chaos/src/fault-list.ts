import { Problem } from '@app/problem';
import type { Fault } from './fault';

/** Every fault that this service can have, by its name. */
export class FaultList {
  constructor(readonly all: readonly Fault[]) {}

  /** @throws Problem when there is no such fault */
  named(name: string): Fault {
    const fault = this.all.find((one) => one.name === name);
    if (fault) return fault;
    const names = this.all.map((one) => one.name).join(', ');
    throw new Problem('unknown-fault', `There is no fault ${JSON.stringify(name)}. There are: ${names}.`);
  }
}
