import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Limits } from './limits.js';

/** How large a document is once its fragments have been put in their places. */
export interface QuerySize {
  readonly depth: number;
  readonly fields: number;
  /** The most often that one field stands in one selection, fragments included. */
  readonly repeats: number;
  /** How often the schema is asked for, and the same part of it again under other aliases. */
  readonly introspections: number;
  /** The fields of the answer, if every page were as long as it may be. */
  readonly cost: number;
  /** The longest name of a field in the answer. */
  readonly nameLength: number;
}

interface Measured extends QuerySize {
  /** How often each field stands in the selection itself. */
  readonly counts: ReadonlyMap<string, number>;
  /** How often each field is answered, with what lies below it: once, and once for each alias. */
  readonly answered: ReadonlyMap<string, Answered>;
}

interface Answered {
  readonly plain: number;
  readonly aliased: number;
}

const NOTHING: Measured = {
  depth: 0,
  fields: 0,
  repeats: 0,
  introspections: 0,
  cost: 0,
  nameLength: 0,
  counts: new Map(),
  answered: new Map(),
};

/** What nobody needs a credential for, and what answers hundreds of kilobytes for a few words. */
const INTROSPECTIONS: readonly string[] = ['__schema', '__type', '_service'];

type Type = GraphQLNamedType | undefined;
type PageLimits = Pick<
  Limits,
  'pageSize' | 'maxPageSize' | 'nodeIds' | 'representations' | 'checks'
>;
type Variables = Readonly<Record<string, unknown>>;

/** The arguments that say how many rows a page has. */
const LENGTHS: readonly string[] = ['first', 'last'];

/** The arguments that name rows one by one, and the limit of each. */
const LISTS = { ids: 'nodeIds', representations: 'representations', checks: 'checks' } as const;

/**
 * The size of a document's largest operation, without executing or even validating it. What the schema
 * does not have counts as one field, and as one row; validation refuses it.
 *
 * INVARIANT: fragments are counted at every spread. A few hundred tokens of fragments that spread
 * each other twice stand for millions of fields, so a limit on tokens alone would be none. Each
 * fragment is measured once, so measuring stays linear in the length of the document.
 *
 * `__schema` and `__type` count as fields but not as depth: the standard introspection query is
 * deeper than any other, and graphql's own rule MaxIntrospectionDepth bounds what lies below them.
 *
 * Without a request, what is left to a variable is as long as usual; with one, as long as it says, and the operation
 * is the one that it names.
 */
export function querySize(
  document: DocumentNode,
  schema: GraphQLSchema,
  limits: PageLimits,
  request?: { readonly variables: Variables; readonly operationName?: string | null | undefined },
): QuerySize {
  const operations = document.definitions.filter(
    (one): one is OperationDefinitionNode =>
      one.kind === Kind.OPERATION_DEFINITION &&
      (request?.operationName == null || one.name?.value === request.operationName),
  );
  const known = request && { ...defaultsIn(operations), ...request.variables };
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
    const fragment = fragments.get(name);
    const size = ofSelections(fragment?.selectionSet, typeOn(fragment?.typeCondition));
    measured.set(name, size);
    return size;
  }

  function typeOn(condition: NamedTypeNode | undefined, otherwise?: Type): Type {
    return condition === undefined ? otherwise : schema.getType(condition.name.value);
  }

  function ofSelections(set: SelectionSetNode | undefined, parent: Type): Measured {
    let { depth, fields, repeats, introspections, cost, nameLength } = NOTHING;
    const counts = new Map<string, number>();
    const answered = new Map<string, Answered>();
    const count = (name: string, times: number, { plain, aliased }: Answered): void => {
      counts.set(name, (counts.get(name) ?? 0) + times);
      const before = answered.get(name) ?? { plain: 0, aliased: 0 };
      answered.set(name, {
        plain: Math.max(before.plain, plain),
        aliased: before.aliased + aliased,
      });
    };
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        const field = fieldOf(parent, name);
        const size = ofSelections(selection.selectionSet, field && getNamedType(field.type));
        const times = timesOf(size);
        depth = Math.max(depth, name === '__schema' || name === '__type' ? 1 : size.depth + 1);
        fields += 1 + size.fields;
        repeats = Math.max(repeats, size.repeats);
        introspections += size.introspections + (INTROSPECTIONS.includes(name) ? times : 0);
        cost += 1 + lengthOf(selection, field, limits, known) * size.cost;
        const responseName = selection.alias?.value ?? name;
        nameLength = Math.max(nameLength, size.nameLength, responseName.length);
        const isAliased = responseName !== name;
        count(name, 1, isAliased ? { plain: 0, aliased: times } : { plain: times, aliased: 0 });
      } else {
        const size =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(selection.name.value)
            : ofSelections(selection.selectionSet, typeOn(selection.typeCondition, parent));
        depth = Math.max(depth, size.depth);
        fields += size.fields;
        repeats = Math.max(repeats, size.repeats);
        introspections += size.introspections;
        cost += size.cost;
        nameLength = Math.max(nameLength, size.nameLength);
        for (const [name, times] of size.counts) {
          count(name, times, size.answered.get(name) ?? { plain: 0, aliased: 0 });
        }
      }
    }
    repeats = Math.max(repeats, ...counts.values());
    return { depth, fields, repeats, introspections, cost, nameLength, counts, answered };
  }

  let { depth, fields, repeats, introspections, cost, nameLength } = NOTHING;
  for (const { operation, selectionSet } of operations) {
    const root = schema.getRootType(operation);
    const size = ofSelections(selectionSet, root ?? undefined);
    depth = Math.max(depth, size.depth);
    fields = Math.max(fields, size.fields);
    repeats = Math.max(repeats, size.repeats);
    introspections = Math.max(introspections, size.introspections);
    cost = Math.max(cost, size.cost);
    nameLength = Math.max(nameLength, size.nameLength);
  }
  return { depth, fields, repeats, introspections, cost, nameLength };
}

/** How often the largest part of a selection is answered. */
function timesOf({ answered }: Measured): number {
  let most = 1;
  for (const { plain, aliased } of answered.values()) most = Math.max(most, plain + aliased);
  return most;
}

function fieldOf(parent: Type, name: string): GraphQLField<unknown, unknown> | undefined {
  const hasFields = isObjectType(parent) || isInterfaceType(parent);
  return hasFields ? parent.getFields()[name] : undefined;
}

/**
 * How many rows a field has: one, or those of a page if it takes `first` or `last`, or those that it is
 * given the ids of. Its page is as long as the document or its variable says; or as the schema says, or the limit,
 * where neither does.
 */
function lengthOf(
  { arguments: given = [] }: FieldNode,
  field: GraphQLField<unknown, unknown> | undefined,
  limits: PageLimits,
  variables: Variables | undefined,
): number {
  const args = field?.args ?? [];
  const argumentOf = (name: string): unknown => {
    const value = given.find((one) => one.name.value === name)?.value;
    return value && valueFromASTUntyped(value, variables as Record<string, unknown>);
  };
  for (const [name, most] of Object.entries(LISTS)) {
    if (!args.some((one) => one.name === name)) continue;
    const ids = argumentOf(name);
    return Array.isArray(ids) ? Math.min(Math.max(ids.length, 1), limits[most]) : 1;
  }
  const taken = args.filter(({ name }) => LENGTHS.includes(name));
  if (taken.length === 0) return 1;
  for (const { name, defaultValue } of taken) {
    const said = given.some((one) => one.name.value === name) ? argumentOf(name) : defaultValue;
    if (typeof said === 'number') return Math.min(Math.max(said, 1), limits.maxPageSize);
  }
  return limits.pageSize;
}

/** What variables are that a request leaves out. */
function defaultsIn(operations: readonly OperationDefinitionNode[]): Variables {
  const defaults: Record<string, unknown> = {};
  for (const { variableDefinitions = [] } of operations) {
    for (const { variable, defaultValue } of variableDefinitions) {
      if (defaultValue) defaults[variable.name.value] = valueFromASTUntyped(defaultValue);
    }
  }
  return defaults;
}
