import { type GraphQLError, graphql } from 'graphql';
import { isDomainError } from '../../../src/errors.js';
import { schema } from '../../../src/schema.js';
import { CATALOG } from '../catalog.js';
import type { Selection } from '../oracle/view.js';
import { everythingOf, print } from '../questions/selections.js';
import type { Session } from '../questions/session.js';
import type { TypeName } from '../world/types.js';
import { fieldOf, inputOf, isDeleting, tellsMany, type Write } from './write.js';

/** An error with all that the caller is told. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly issues: unknown;
}

/** What came of a mutation, as the caller sees it. */
export interface Answer {
  /** What the mutation's field answers. */
  readonly payload: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly Told[];
  readonly withheld: readonly string[];
}

/** What is asked of a row that was written. */
export const selectionOf = (type: TypeName): Selection => ({
  ...everythingOf(type),
  version: true,
});

/** Sends a mutation as the caller would, in a request of its own. */
export async function send(session: Session, write: Write): Promise<Answer> {
  const field = fieldOf(write);
  const source = `mutation ($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!) {
    ${field}(input: $input) ${printPayload(write)} }`;
  const contextValue = await session.open();
  const variableValues = { input: inputOf(write) };
  const result = await graphql({ schema, source, variableValues, contextValue });
  contextValue.release();
  const data = JSON.parse(JSON.stringify(result.data ?? null)) as Record<string, never> | null;
  return {
    payload: data?.[field] ?? null,
    errors: (result.errors ?? []).map(told),
    withheld: [...contextValue.withheld].sort(),
  };
}

function printPayload(write: Write): string {
  const { one, many } = CATALOG[write.type];
  if (tellsMany(write)) {
    return write.kind === 'batch' && write.of === 'delete'
      ? '{ deletedIds }'
      : `{ ${many} { id version } }`;
  }
  if (isDeleting(write)) return '{ deletedId }';
  const told = write.kind === 'reveal' ? 'value ' : '';
  return `{ ${told}${one} ${print(write.type, selectionOf(write.type))} }`;
}

function told(error: GraphQLError): Told {
  const { originalError, message, path = [], extensions } = error;
  return isDomainError(originalError)
    ? { code: originalError.code, message, path: [...path], issues: originalError.issues ?? null }
    : {
        code: String(extensions.code ?? originalError ?? message),
        message,
        path: [...path],
        issues: null,
      };
}
