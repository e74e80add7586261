import { printSubgraphSchema } from '@apollo/subgraph';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  visit,
} from 'graphql';
import { meaningOf } from '../query/meaning.js';
import type { SubgraphShown } from '../request/reading.js';
import { reachedFrom, rootsOf } from './reached.js';
import { printSorted } from './sorted-sdl.js';
import { markOf } from './subgraph-marks.js';

type Field = GraphQLField<unknown, unknown>;

/** What of the subgraph is shown unless it is said otherwise (docs/federation.md says why). */
export const SUBGRAPH_SHOWN: SubgraphShown = { node: false, authenticated: false };

/**
 * The schema as it is composed, a subgraph of Apollo Federation 2, sorted. What its directives say follows from the very
 * declarations that the gateway decides by.
 *
 * INVARIANT: they take nothing off the gateway: it believes no router (D18).
 */
export function subgraphSdl(schema: GraphQLSchema, shown: SubgraphShown = SUBGRAPH_SHOWN): string {
  const document = parse(printSubgraphSchema(schema), { noLocation: true });
  const roots = rootsOf(schema);
  const used = new Set<string>();
  const use = (name: string, args: Readonly<Record<string, string>> = {}): ConstDirectiveNode => {
    used.add(`@${name}`);
    return directive(name, args);
  };
  const accessible = reachedFrom(schema, (field) => markOf(field).internal !== true);
  const marked = visit(document, {
    ObjectTypeDefinition(node) {
      const type = schema.getType(node.name.value);
      if (!isObjectType(type)) return undefined;
      const isRoot = roots.includes(type);
      const fields = (node.fields ?? []).flatMap((one): FieldDefinitionNode[] => {
        const field = type.getFields()[one.name.value];
        if (field === undefined) return [one];
        if (isRoot && !shown.node && isNode(field)) return [];
        const { managed, internal, permission, signedIn } = markOf(field);
        const directives = [
          ...(one.directives ?? []),
          ...(managed === true ? [use('tag', { name: 'managed' })] : []),
          ...(permission === undefined ? [] : [use('tag', { name: permission })]),
          ...(internal === true ? [use('inaccessible')] : []),
          // Of what others may answer as well it would hide theirs.
          ...(isRoot && shown.authenticated && signedIn && !isNode(field)
            ? [use('authenticated')]
            : []),
        ];
        return [{ ...one, directives }];
      });
      return { ...node, fields, directives: withInaccessible(node) };
    },
    InputObjectTypeDefinition: (node) => ({ ...node, directives: withInaccessible(node) }),
    EnumTypeDefinition: (node) => ({ ...node, directives: withInaccessible(node) }),
  });
  function withInaccessible(node: {
    readonly name: { readonly value: string };
    readonly directives?: readonly ConstDirectiveNode[] | undefined;
  }): readonly ConstDirectiveNode[] {
    const { name, directives = [] } = node;
    return accessible.has(name.value) ? directives : [...directives, use('inaccessible')];
  }
  return printSorted(importing(marked, [...used]));
}

const isNode = (field: Field): boolean => {
  const kind = meaningOf(field.extensions)?.is?.kind;
  return kind === 'node' || kind === 'nodes';
};

function directive(name: string, args: Readonly<Record<string, string>>): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value: { kind: Kind.STRING, value },
    })),
  };
}

/** The same document with more names of federation's imported by its `@link`. */
function importing(document: DocumentNode, names: readonly string[]): DocumentNode {
  return visit(document, {
    Argument(node) {
      if (node.name.value !== 'import' || node.value.kind !== Kind.LIST) return undefined;
      const known = node.value.values;
      const more = names.map((value) => ({ kind: Kind.STRING as const, value }));
      return { ...node, value: { ...node.value, values: [...known, ...more] } };
    },
  });
}
