import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** How large a document is once its fragments have been put in their places. */
export interface QuerySize {
  readonly depth: number;
  readonly fields: number;
}

const NOTHING: QuerySize = { depth: 0, fields: 0 };

/**
 * The size of a document's largest operation, without executing or even validating it.
 *
 * INVARIANT: fragments are counted at every spread. A few hundred tokens of fragments that spread
 * each other twice stand for millions of fields, so a limit on tokens alone would be none. Each
 * fragment is measured once, so measuring stays linear in the length of the document.
 *
 * `__schema` and `__type` count as fields but not as depth: the standard introspection query is
 * deeper than any other, and graphql's own rule MaxIntrospectionDepth bounds what lies below them.
 */
export function querySize(document: DocumentNode): QuerySize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const measured = new Map<string, QuerySize>();

  function ofFragment(name: string): QuerySize {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // A fragment that spreads itself counts nothing the second time; validation refuses it.
    measured.set(name, NOTHING);
    const size = ofSelections(fragments.get(name)?.selectionSet);
    measured.set(name, size);
    return size;
  }

  function ofSelections(set: SelectionSetNode | undefined): QuerySize {
    let depth = 0;
    let fields = 0;
    for (const selection of set?.selections ?? []) {
      const size =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : ofSelections(selection.selectionSet);
      if (selection.kind !== Kind.FIELD) {
        depth = Math.max(depth, size.depth);
        fields += size.fields;
      } else {
        const isIntrospection = ['__schema', '__type'].includes(selection.name.value);
        depth = Math.max(depth, isIntrospection ? 1 : size.depth + 1);
        fields += size.fields + 1;
      }
    }
    return { depth, fields };
  }

  let depth = 0;
  let fields = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = ofSelections(definition.selectionSet);
    depth = Math.max(depth, size.depth);
    fields = Math.max(fields, size.fields);
  }
  return { depth, fields };
}
