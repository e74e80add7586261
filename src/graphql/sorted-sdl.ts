import { type DocumentNode, type NameNode, print, visit } from 'graphql';

/** The text of a schema, sorted. Only the order of the text changes: a member that moved in the code is no change of the API. */
export function printSorted(sdl: DocumentNode): string {
  const fields = <T extends { readonly fields?: readonly { name: NameNode }[] }>(node: T) => ({
    ...node,
    fields: byName(node.fields),
  });
  const document = visit(sdl, {
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
