import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** `/docs` for people and `/docs-json` for programs; the document is made when it is first asked for. */
export function serveOpenApi(app: INestApplication, service: string, version: string): void {
  const description = `Part of the database load demo: ${service}, on the PostgreSQL database that three services share.`;
  const config = new DocumentBuilder()
    .setTitle(service)
    .setDescription(description)
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'docs-json',
  });
}
