import {
  type ASTNode,
  type GraphQLSchema,
  isSpecifiedDirective,
  Kind,
  type NameNode,
  parse,
  printSchema,
  visit,
} from 'graphql';
import { printSorted } from '../graphql/sorted-sdl.js';

/** What federation adds to a schema besides its directives: scalars, types and two root fields. */
const FEDERATION = /^(_Any|_Entity|_Service|_entities|_service|link__.*|federation__.*)$/;

/** The schema as clients see it: plain GraphQL, which every tool reads, without federation. */
export function clientSchema(schema: GraphQLSchema): string {
  const foreign = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  const isFederation = (node: ASTNode): boolean =>
    'name' in node && node.name !== undefined && FEDERATION.test((node.name as NameNode).value);
  const without = visit(parse(printSchema(schema)), {
    enter(node) {
      if (node.kind === Kind.FIELD_DEFINITION || node.kind.endsWith('TypeDefinition')) {
        return isFederation(node) ? null : undefined;
      }
      if (node.kind !== Kind.DIRECTIVE_DEFINITION) return undefined;
      return foreign.some(({ name }) => name === node.name.value) ? null : undefined;
    },
  });
  return printSorted(without);
}
