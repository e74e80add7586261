import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { hashOf } from './named-documents.js';

/** The list of trusted documents cannot be used; one sentence for an operator. */
export class TrustedDocumentsError extends Error {
  override readonly name = 'TrustedDocumentsError';
}

const texts = z.record(z.string(), z.string());
/** What Apollo's `generate-persisted-query-manifest` writes. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

/**
 * Reads the documents that are trusted by their hashes: JSON of hashes and texts, as Relay's compiler and GraphQL Code Generator
 * write it with SHA-256, or a manifest of Apollo's.
 *
 * @throws TrustedDocumentsError
 */
export function readTrustedDocuments(path: string): ReadonlyMap<string, string> {
  const documents = new Map(entriesOf(parsed(path), path));
  for (const [hash, text] of documents) {
    if (hash === hashOf(text)) continue;
    throw new TrustedDocumentsError(`${path} calls a document ${hash}, which is not its SHA-256`);
  }
  return documents;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new TrustedDocumentsError(`${path} cannot be read as JSON`, { cause });
  }
}

function entriesOf(json: unknown, path: string): readonly (readonly [string, string])[] {
  const apollo = manifest.safeParse(json);
  if (apollo.success) return apollo.data.operations.map(({ id, body }) => [id, body]);
  const plain = texts.safeParse(json);
  if (plain.success) return Object.entries(plain.data);
  throw new TrustedDocumentsError(
    `${path} is neither an object of hashes and documents nor a manifest of Apollo's`,
  );
}
