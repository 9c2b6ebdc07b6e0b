import { Module } from '@nestjs/common';
import { DeclaredFaults } from './declared-faults';
import { DemoController } from './demo.controller';
import { FaultSwitch } from './fault-switch';
import { Faults } from './faults';
import { HeldConnections } from './held-connections';
import { HolderLock } from './holder-lock';
import { PoolExhaustionFault } from './pool-exhaustion.fault';
import { SlowQueriesFault } from './slow-queries.fault';

/** The faults and their controls. An app that does not import it has none of them, and no other change. */
@Module({
  controllers: [DemoController],
  providers: [
    DeclaredFaults,
    FaultSwitch,
    Faults,
    HeldConnections,
    HolderLock,
    PoolExhaustionFault,
    SlowQueriesFault,
  ],
})
export class DemoChaosModule {}
