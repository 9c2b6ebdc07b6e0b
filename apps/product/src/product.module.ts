import { DatabaseModule } from '@app/database';
import { DemoChaosModule } from '@app/demo-chaos';
import { HealthModule } from '@app/health';
import { Module } from '@nestjs/common';
import { ProductsController } from './products.controller';
import { ProductsRepository } from './products.repository';

@Module({
  imports: [DatabaseModule, HealthModule, DemoChaosModule],
  controllers: [ProductsController],
  providers: [ProductsRepository],
})
export class ProductModule {}
