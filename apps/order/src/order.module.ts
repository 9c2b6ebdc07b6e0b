import { DatabaseModule } from '@app/database';
import { DemoChaosModule } from '@app/demo-chaos';
import { HealthModule } from '@app/health';
import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller';
import { OrdersRepository } from './orders.repository';

@Module({
  imports: [DatabaseModule, HealthModule, DemoChaosModule],
  controllers: [OrdersController],
  providers: [OrdersRepository],
})
export class OrderModule {}
