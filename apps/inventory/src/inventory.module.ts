import { DatabaseModule } from '@app/database';
import { DemoChaosModule } from '@app/demo-chaos';
import { HealthModule } from '@app/health';
import { Module } from '@nestjs/common';
import { InventoryController } from './inventory.controller';
import { InventoryRepository } from './inventory.repository';
import { InventoryService } from './inventory.service';

@Module({
  imports: [DatabaseModule, HealthModule, DemoChaosModule],
  controllers: [InventoryController],
  providers: [InventoryRepository, InventoryService],
})
export class InventoryModule {}
