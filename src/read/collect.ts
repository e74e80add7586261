import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** An operation with its variables, as a plan is made of it. */
export interface Asked {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The fields of an object by their names in the answer, in its order: those of one name are answered together. */
export type Collected = ReadonlyMap<string, readonly FieldNode[]>;

/** The fields that an object of the type has, as GraphQL collects them (§6.3.2 of its specification). */
export function collect(
  asked: Asked,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
): Collected {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  for (const set of sets) if (set !== undefined) addAll(asked, type, set, fields, spread);
  return fields;
}

function addAll(
  asked: Asked,
  type: GraphQLObjectType,
  set: SelectionSetNode,
  fields: Map<string, FieldNode[]>,
  spread: Set<string>,
): void {
  for (const selection of set.selections) {
    if (!isSelected(selection, asked)) continue;
    switch (selection.kind) {
      case 'Field': {
        const name = (selection.alias ?? selection.name).value;
        const known = fields.get(name);
        if (known === undefined) fields.set(name, [selection]);
        else known.push(selection);
        break;
      }
      case 'InlineFragment': {
        if (isOn(asked, type, selection.typeCondition?.name.value)) {
          addAll(asked, type, selection.selectionSet, fields, spread);
        }
        break;
      }
      case 'FragmentSpread': {
        const { value: name } = selection.name;
        const fragment = asked.fragments[name];
        if (fragment === undefined || spread.has(name)) break;
        spread.add(name);
        if (isOn(asked, type, fragment.typeCondition.name.value)) {
          addAll(asked, type, fragment.selectionSet, fields, spread);
        }
      }
    }
  }
}

function isOn({ schema }: Asked, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const other = schema.getType(condition);
  return isAbstractType(other) && schema.isSubType(other, type);
}

function isSelected(selection: SelectionNode, { variables }: Asked): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  if (skip?.if === true) return false;
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return include?.if !== false;
}
