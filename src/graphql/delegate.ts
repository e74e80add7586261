import type { EnforcedClient } from '../data/enforce/enforced-client.js';
import { delegateName } from '../data/prisma/delegate.js';

/** A row of whatever model, as the enforced client returns it. */
export interface Row {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** The reads that generic code makes of whatever model. */
export interface ReadDelegate {
  findMany(args: object): Promise<Row[]>;
  findFirst(args: object): Promise<Row | null>;
  count(args: object): Promise<number>;
}

/** A model's delegate by the model's name. Throws on a name that the client does not have. */
export function delegateOf(db: EnforcedClient, model: string): ReadDelegate {
  const delegates = db as unknown as Record<string, ReadDelegate | undefined>;
  const delegate = delegates[delegateName(model)];
  if (delegate === undefined) throw new Error(`no delegate for ${model}`);
  return delegate;
}
