import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { completeDocument, type Surroundings } from './complete-document';

/** What a process says about itself in its document. */
interface Introduction {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/**
 * Serves `/docs` for people and `/docs-json` for programs; the document is made when it is first requested.
 *
 * @param surroundings called when the document is made
 */
export function serveOpenApi(
  app: INestApplication,
  { title, description, version }: Introduction,
  surroundings: () => Surroundings,
): void {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription(`${description} Another method on a path that is listed is answered 405 with \`Allow\`.`)
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  const document = () => completeDocument(SwaggerModule.createDocument(app, config), surroundings());
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json' });
}
