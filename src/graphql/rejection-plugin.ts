import SchemaBuilder, { BasePlugin, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';

/** What Pothos knows the plugin by. */
export const REJECTIONS = 'heimdallRejections';

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      [REJECTIONS]: RejectionPlugin<Types>;
    }
  }
}

/**
 * Makes a rejection of what a resolver throws. An executor that completes a list leaves it at what an item throws,
 * and with it the promises of the items before, whose failures then end the process: nobody has asked for them.
 */
class RejectionPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve<T>(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object, T | Promise<T>> {
    return (source, args, context, info) => {
      try {
        return resolve(source, args, context, info) as T;
      } catch (error) {
        return Promise.reject(error);
      }
    };
  }
}

SchemaBuilder.registerPlugin(REJECTIONS, RejectionPlugin as never);
