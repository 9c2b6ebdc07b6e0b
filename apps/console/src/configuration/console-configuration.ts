import { DatabaseAccess } from '@app/configuration';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
} from 'class-validator';

/** Inside a cluster a host has no dot and a port is always there. */
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/**
 * All that can be configured, under the names of the environment variables. Inject it by this class. The console logs
 * in as the control role only.
 */
export class ConsoleConfiguration extends DatabaseAccess {
  /** TCP port of the page; 0 lets the system choose one. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT = 30_017;

  /** Address the page binds to. It can switch faults on: nobody else's business on a laptop. */
  @IsNotEmpty()
  LISTEN_ADDRESS = '127.0.0.1';

  /** TCP port of the OTLP/HTTP receiver; 0 lets the system choose one. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  CONSOLE_OTLP_PORT = 4_318;

  /** Address the receiver binds to. */
  @IsNotEmpty()
  CONSOLE_OTLP_ADDRESS = '127.0.0.1';

  /** Base URL of a second OTLP/HTTP endpoint that gets all that arrives here, byte for byte. */
  @IsOptional()
  @IsUrl(HTTP_URL)
  CONSOLE_FORWARD_ENDPOINT?: string;

  /** Headers for that endpoint, written like OTEL_EXPORTER_OTLP_HEADERS: `key=value,other=value`. */
  @IsOptional()
  @Matches(/^[^=,\s]+=[^,]*(,\s*[^=,\s]+=[^,]*)*$/, {
    message: '$property must be written as key=value,key=value',
  })
  CONSOLE_FORWARD_HEADERS?: string;

  /** Base URLs of the three services. */
  @IsUrl(HTTP_URL)
  PRODUCT_URL = 'http://localhost:30010';

  @IsUrl(HTTP_URL)
  INVENTORY_URL = 'http://localhost:30015';

  @IsUrl(HTTP_URL)
  ORDER_URL = 'http://localhost:30016';

  /** Sent to the services with each change of a fault. */
  @IsOptional()
  @IsString()
  CHAOS_TOKEN?: string;

  /** Arrivals per second of the load at start; 0 starts it paused. */
  @IsNumber()
  @Min(0)
  @Max(200)
  CONSOLE_LOAD_RATE = 5;

  /** Least severe log line that is written. */
  @IsIn(['error', 'warn', 'log', 'debug'])
  LOG_LEVEL: 'error' | 'warn' | 'log' | 'debug' = 'log';
}
