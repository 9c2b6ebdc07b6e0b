import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ConsoleLoad, type LoadView } from './console-load';
import { LoadDto } from './load.dto';

@Controller('api/load')
export class LoadController {
  constructor(private readonly load: ConsoleLoad) {}

  @Post()
  @HttpCode(200)
  change(@Body() change: LoadDto): LoadView {
    this.load.set(change);
    return this.load.view;
  }
}
