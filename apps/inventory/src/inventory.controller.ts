import { ApiIdempotencyKey, IdempotencyKey, PathId } from '@app/bootstrap';
import { ApiProblems } from '@app/problem';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Reservation } from './dto/reservation.dto';
import { ReserveStockDto } from './dto/reserve-stock.dto';
import { StockLevel } from './dto/stock-level.dto';
import { InventoryService } from './inventory.service';

@ApiTags('inventory')
@Controller('inventory')
export class InventoryController {
  constructor(private readonly inventory: InventoryService) {}

  @Get('check/:product_id')
  @ApiOperation({ summary: 'How much of a product is in stock' })
  @ApiOkResponse({ type: StockLevel })
  @ApiProblems('invalid-request', 'unknown-product', 'database-unavailable', 'statement-timeout')
  check(@PathId('product_id') product_id: number): Promise<StockLevel> {
    return this.inventory.check(product_id);
  }

  @Post('reserve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes a product out of stock' })
  @ApiIdempotencyKey()
  @ApiOkResponse({ type: Reservation })
  @ApiProblems(
    'invalid-request',
    'malformed-json',
    'unknown-product',
    'out-of-stock',
    'conflict',
    'request-in-progress',
  )
  @ApiProblems(
    'forbidden',
    'body-too-large',
    'unsupported-encoding',
    'idempotency-key-reused',
    'database-unavailable',
    'statement-timeout',
  )
  reserve(@Body() request: ReserveStockDto, @IdempotencyKey() key?: string): Promise<Reservation> {
    return this.inventory.reserve(request, key);
  }
}
