import { Shutdown, Starter } from '@app/lifecycle';
import { Module } from '@nestjs/common';
import { DeclaredFaults } from './declared-faults';
import { DemoController } from './demo.controller';
import type { Fault } from './fault';
import { FaultList } from './fault-list';
import { FaultReconciler } from './fault-reconciler';
import { FaultReports } from './fault-reports';
import { FaultSwitch } from './fault-switch';
import { FAULTS } from './faults/all-faults';
import { FaultsController } from './faults.controller';
import { FaultsInForce } from './faults-in-force';
import { FirstNamesController } from './first-names.controller';
import { HolderLocks } from './holder/holder-locks';
import { FaultSessions } from './sessions/fault-sessions';

/** The faults and their controls. An app that does not import this module has no faults, and is otherwise the same. */
@Module({
  controllers: [DemoController, FirstNamesController, FaultsController],
  providers: [
    ...[
      DeclaredFaults,
      FaultReconciler,
      FaultReports,
      FaultsInForce,
      FaultSwitch,
      HolderLocks,
      FaultSessions,
      Starter,
    ],
    ...FAULTS,
    {
      provide: FaultList,
      inject: [...FAULTS],
      useFactory: (...faults: Fault[]) => new FaultList(faults),
    },
  ],
})
export class DemoChaosModule {
  constructor(shutdown: Shutdown, faults: FaultReconciler) {
    shutdown.at('release', () => faults.release());
  }
}
