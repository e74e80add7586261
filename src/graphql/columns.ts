import {
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { Policies } from '../policy/define-policy.js';
import type { DataModel, FieldShape } from '../query/data-model.js';

/** What rows of a model are read with. */
export interface Columns {
  readonly select: Readonly<Record<string, true>>;
  /** The same for the same columns. */
  readonly key: string;
}

/** What tells the operation that is under way. */
export type Operation = Pick<GraphQLResolveInfo, 'operation' | 'fragments'>;

export type ColumnsOf = (model: string, operation: Operation) => Columns;

/** Columns that fields of other names show. */
const SHOWN_BY: Readonly<Record<string, readonly string[]>> = {
  roleIds: ['roles'],
  path: ['ancestors'],
};

/** By these it is decided in memory what a row permits; without them the database is asked. */
const DECIDED_BY: readonly string[] = ['governedBy', 'roleIds'];

/**
 * Which columns an operation needs. Documents, times and lists are dear to carry and so are read only
 * where the operation names a field that shows them, in whatever type and under whatever alias; all
 * other columns always.
 */
export function createColumns(dataModel: DataModel, policies: Policies): ColumnsOf {
  const known = new WeakMap<OperationDefinitionNode, (model: string) => Columns>();

  function columnsOf(model: string, named: ReadonlySet<string>): Columns {
    const { sealed = [], managed = [] } = policies.get(model)?.fields ?? {};
    const decides = named.has('canUse') || managed.some((field) => named.has(field));
    const names = Object.entries(dataModel[model]?.fields ?? {})
      .filter(([name, field]) => field.kind === 'scalar' && !sealed.includes(name))
      .filter(([name, field]) => {
        if (!isDear(field) || named.has(name)) return true;
        if (decides && DECIDED_BY.includes(name)) return true;
        return (SHOWN_BY[name] ?? []).some((shown) => named.has(shown));
      })
      .map(([name]) => name);
    return {
      select: Object.fromEntries(names.map((name) => [name, true as const])),
      key: names.join(),
    };
  }

  return (model, { operation, fragments }) => {
    const found = known.get(operation);
    if (found !== undefined) return found(model);
    const named = fieldNames([operation, ...Object.values(fragments)]);
    const byModel = new Map<string, Columns>();
    const find = (one: string): Columns => {
      const columns = byModel.get(one) ?? columnsOf(one, named);
      byModel.set(one, columns);
      return columns;
    };
    known.set(operation, find);
    return find(model);
  };
}

function isDear(field: FieldShape): boolean {
  return (
    field.kind === 'scalar' && (field.list || field.type === 'Json' || field.type === 'DateTime')
  );
}

/** Every name of a field in a document: more than one operation selects, never less. */
function fieldNames(
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const definition of definitions) {
    visit(definition, { Field: ({ name }) => void names.add(name.value) });
  }
  return names;
}
