import { printSubgraphSchema } from '@apollo/subgraph';
import {
  type ASTNode,
  type GraphQLSchema,
  isSpecifiedDirective,
  Kind,
  type NameNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';

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
  return sorted(print(without));
}

/** The schema as it is composed: a subgraph of Apollo Federation 2. */
export function subgraphSchema(schema: GraphQLSchema): string {
  return sorted(printSubgraphSchema(schema));
}

/** Only the order of the text changes: a member that moved in the code is no change of the API. */
function sorted(sdl: string): string {
  const fields = <T extends { readonly fields?: readonly { name: NameNode }[] }>(node: T) => ({
    ...node,
    fields: byName(node.fields),
  });
  const document = visit(parse(sdl), {
    ObjectTypeDefinition: { leave: fields },
    InterfaceTypeDefinition: { leave: fields },
    InputObjectTypeDefinition: { leave: fields },
    EnumTypeDefinition: { leave: (node) => ({ ...node, values: byName(node.values) }) },
    Document: {
      leave: (node) => ({ ...node, definitions: byName(node.definitions) }),
    },
  });
  return `${print(document)}\n`;
}

/** By code unit, the same on every machine; what has no name (the schema itself) comes first. */
function byName<T extends object>(nodes: readonly T[] = []): T[] {
  const name = (node: T & { name?: NameNode }) => node.name?.value ?? '';
  return [...nodes].sort((a, b) => Number(name(a) > name(b)) - Number(name(a) < name(b)));
}
