import { startService } from '@app/bootstrap';
import { ProductModule } from './product.module';

void startService({ SERVICE_NAME: 'product-service', PORT: 30_010, module: ProductModule });
