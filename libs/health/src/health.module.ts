import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller';
import { HealthDetails } from './health-details';
import { HealthReport } from './health-report';

@Global()
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthDetails, HealthReport],
  exports: [HealthDetails],
})
export class HealthModule {}
