import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** How large a document is once its fragments have been put in their places. */
export interface QuerySize {
  readonly depth: number;
  readonly fields: number;
  /** The most often that one field stands in one selection, fragments included. */
  readonly repeats: number;
  /** The fields of the answer, if every list with `first` or `last` were that long. */
  readonly cost: number;
}

interface Measured extends QuerySize {
  /** How often each field stands in the selection itself. */
  readonly counts: ReadonlyMap<string, number>;
}

const NOTHING: Measured = { depth: 0, fields: 0, repeats: 0, cost: 0, counts: new Map() };

/** What a list is taken for whose length a variable says, and the longest that there is. */
const PAGE = 50;
const LONGEST = 200;

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
  const measured = new Map<string, Measured>();

  function ofFragment(name: string): Measured {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // A fragment that spreads itself counts nothing the second time; validation refuses it.
    measured.set(name, NOTHING);
    const size = ofSelections(fragments.get(name)?.selectionSet);
    measured.set(name, size);
    return size;
  }

  function ofSelections(set: SelectionSetNode | undefined): Measured {
    let { depth, fields, repeats, cost } = NOTHING;
    const counts = new Map<string, number>();
    const count = (name: string, times: number): void => {
      counts.set(name, (counts.get(name) ?? 0) + times);
    };
    for (const selection of set?.selections ?? []) {
      const size =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : ofSelections(selection.selectionSet);
      fields += size.fields;
      repeats = Math.max(repeats, size.repeats);
      if (selection.kind !== Kind.FIELD) {
        depth = Math.max(depth, size.depth);
        cost += size.cost;
        for (const [name, times] of size.counts) count(name, times);
      } else {
        const isIntrospection = ['__schema', '__type'].includes(selection.name.value);
        depth = Math.max(depth, isIntrospection ? 1 : size.depth + 1);
        fields += 1;
        cost += 1 + lengthOf(selection) * size.cost;
        count(selection.name.value, 1);
      }
    }
    return { depth, fields, repeats: Math.max(repeats, ...counts.values()), cost, counts };
  }

  let { depth, fields, repeats, cost } = NOTHING;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = ofSelections(definition.selectionSet);
    depth = Math.max(depth, size.depth);
    fields = Math.max(fields, size.fields);
    repeats = Math.max(repeats, size.repeats);
    cost = Math.max(cost, size.cost);
  }
  return { depth, fields, repeats, cost };
}

/** How many rows a field says that it is to have; `children` has a page of them unless it says. */
function lengthOf({ name, arguments: given = [] }: FieldNode): number {
  const said = given.find((argument) => ['first', 'last'].includes(argument.name.value))?.value;
  if (said?.kind === Kind.INT) return Math.min(Math.max(Number(said.value), 1), LONGEST);
  return said !== undefined || name.value === 'children' ? PAGE : 1;
}
