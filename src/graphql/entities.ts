import { defaultFieldResolver, type GraphQLSchema, isUnionType } from 'graphql';
import { badUserInput, unauthenticated } from '../errors.js';
import type { Context } from '../request/context.js';
import { subgraphSdl } from './subgraph-sdl.js';

/**
 * Has `_entities` refuse what is not a representation of an entity. The library that resolves the
 * field throws errors of its own at these, which would count as ours.
 *
 * INVARIANT: the field is not Pothos's, so no auth scope is around it: it asks here who is asking.
 */
export function guardEntities(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()._entities;
  const union = schema.getType('_Entity');
  if (field === undefined || !isUnionType(union)) throw new Error('the schema has no entities');
  const entities: ReadonlySet<unknown> = new Set(union.getTypes().map(({ name }) => name));
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (root, args, context: Context, info) => {
    if (context.principal.kind === 'ANONYMOUS') throw unauthenticated();
    const representations = args.representations as readonly unknown[];
    const most = context.limits.representations;
    if (representations.length > most) {
      throw badUserInput(`at most ${most} representations at once`);
    }
    for (const one of representations) {
      if (
        typeof one !== 'object' ||
        one === null ||
        !entities.has(Reflect.get(one, '__typename'))
      ) {
        throw badUserInput('a representation names an entity by __typename');
      }
    }
    return resolve(root, args, context, info);
  };
  return schema;
}

/** Has `_service` say the subgraph as this gateway is told to show it. */
export function tellSubgraph(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()._service;
  if (field === undefined) throw new Error('the schema is no subgraph');
  const printed = new Map<string, string>();
  field.resolve = (_root, _args, { subgraph }: Context) => {
    const key = JSON.stringify(subgraph);
    const sdl = printed.get(key) ?? subgraphSdl(schema, subgraph);
    printed.set(key, sdl);
    return { sdl };
  };
  return schema;
}
