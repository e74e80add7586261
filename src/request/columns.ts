import {
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  isUnionType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { meaningOf } from '../query/meaning.js';

/** What tells the operation that is under way. */
export type Operation = Pick<
  GraphQLResolveInfo,
  'operation' | 'fragments' | 'schema' | 'variableValues'
>;

/** The columns with which an operation reads rows of a model: an id, and what its fields read. */
export type ColumnsOf = (model: string, operation: Operation) => readonly string[];

type ByModel = ReadonlyMap<string, readonly string[]>;

const byOperation = new WeakMap<OperationDefinitionNode, ByModel>();
const byRequest = new WeakMap<object, ByModel>();

/**
 * A column is read if and only if some selected field of the operation needs it, as the field itself
 * says. All rows of a model have the same columns in one operation, so that those of a level are
 * still read by one statement, whatever field leads to them.
 */
export const columnsOf: ColumnsOf = (model, operation) => {
  const found = known(operation).get(model);
  if (found === undefined) return ['id'];
  return found;
};

function known(operation: Operation): ByModel {
  const kept =
    byOperation.get(operation.operation) ?? byRequest.get(operation.variableValues as object);
  if (kept !== undefined) return kept;
  const walk = new Walk(operation);
  const columns = walk.columns();
  // What is left out by a variable is another selection in the next request.
  if (walk.isConditional) byRequest.set(operation.variableValues as object, columns);
  else byOperation.set(operation.operation, columns);
  return columns;
}

class Walk {
  readonly #reads = new Map<string, Set<string>>();
  readonly #seen = new Set<string>();
  readonly #schema: GraphQLSchema;
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly #operation: Operation;
  isConditional = false;

  constructor(operation: Operation) {
    this.#operation = operation;
    this.#schema = operation.schema;
    this.#fragments = operation.fragments;
  }

  columns(): ByModel {
    const { operation } = this.#operation;
    const root = this.#schema.getRootType(operation.operation);
    if (root) this.#set(operation.selectionSet, root);
    return new Map([...this.#reads].map(([model, columns]) => [model, [...columns].sort()]));
  }

  #set(set: SelectionSetNode, parent: GraphQLCompositeType): void {
    for (const selection of set.selections) {
      if (this.#isSelected(selection)) this.#selection(selection, parent);
    }
  }

  #selection(selection: SelectionNode, parent: GraphQLCompositeType): void {
    if (selection.kind === 'Field') {
      if (isUnionType(parent)) return;
      const field = parent.getFields()[selection.name.value];
      if (field === undefined) return;
      const target = getNamedType(field.type);
      const meaning = meaningOf(field.extensions);
      this.#read(parent.name, meaning?.reads);
      this.#read(target.name, meaning?.readsThere);
      if (selection.selectionSet && isCompositeType(target)) {
        this.#set(selection.selectionSet, target);
      }
      return;
    }
    if (selection.kind === 'InlineFragment') {
      this.#set(selection.selectionSet, this.#on(selection.typeCondition?.name.value, parent));
      return;
    }
    const fragment = this.#fragments[selection.name.value];
    // A fragment says the same wherever it is spread: its own type is what its fields are of.
    if (fragment === undefined || this.#seen.has(fragment.name.value)) return;
    this.#seen.add(fragment.name.value);
    this.#set(fragment.selectionSet, this.#on(fragment.typeCondition.name.value, parent));
  }

  #read(model: string, columns: readonly string[] = []): void {
    const reads = this.#reads.get(model) ?? new Set(['id']);
    this.#reads.set(model, reads);
    for (const column of columns) reads.add(column);
  }

  #on(name: string | undefined, parent: GraphQLCompositeType): GraphQLCompositeType {
    const type = name === undefined ? parent : this.#schema.getType(name);
    return isCompositeType(type) ? type : parent;
  }

  #isSelected(selection: SelectionNode): boolean {
    if (selection.directives === undefined || selection.directives.length === 0) return true;
    const { variableValues } = this.#operation;
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues);
    if (skip !== undefined || include !== undefined) this.isConditional = true;
    return skip?.if !== true && include?.if !== false;
  }
}
