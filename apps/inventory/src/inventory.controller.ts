import { Changes, IdempotencyKey, PathId, Reads } from '@app/bootstrap';
import { Body, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Reservation } from './dto/reservation.dto';
import { ReserveStockDto } from './dto/reserve-stock.dto';
import { StockLevel } from './dto/stock-level.dto';
import { InventoryService } from './inventory.service';

@ApiTags('inventory')
@Controller('inventory')
export class InventoryController {
  constructor(private readonly inventory: InventoryService) {}

  @Reads({
    path: 'check/:product_id',
    summary: 'How much of a product is in stock',
    answer: StockLevel,
    problems: ['unknown-product'],
  })
  check(@PathId('product_id') product_id: number): Promise<StockLevel> {
    return this.inventory.check(product_id);
  }

  @Changes({
    path: 'reserve',
    summary: 'Takes a product out of stock',
    answer: Reservation,
    problems: ['unknown-product', 'out-of-stock'],
  })
  reserve(@Body() request: ReserveStockDto, @IdempotencyKey() key?: string): Promise<Reservation> {
    return this.inventory.reserve(request, key);
  }
}
