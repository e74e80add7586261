import type { ImplementableObjectRef } from '@pothos/core';
import { builder } from './builder.js';
import type { ModelName, RowOf, Types } from './types.js';

const refs = new Map<string, unknown>();

/**
 * The GraphQL type of a model's rows: one for each model, made when it is first asked for, so that
 * types lead to each other without their files doing so.
 */
export function refOf<M extends ModelName>(model: M): ImplementableObjectRef<Types, RowOf<M>> {
  const known = refs.get(model) ?? builder.objectRef<RowOf<M>>(model);
  refs.set(model, known);
  return known as ImplementableObjectRef<Types, RowOf<M>>;
}
