import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { levelsOf, longestList } from './nesting.js';

/** What is written in a document besides its fields, the most of any of its operations. */
export interface DocumentShape {
  /** After every fragment has been put in its places, as the directives. */
  readonly aliases: number;
  readonly directives: number;
  /** That an operation defines. */
  readonly variables: number;
  /** Objects and lists within one another in its literals. */
  readonly literalDepth: number;
  /** The longest list among its literals. */
  readonly listLength: number;
}

interface Counted {
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: Counted = { aliases: 0, directives: 0 };

/**
 * Measures what a document writes besides its fields, without validating it.
 *
 * INVARIANT: a fragment is counted at every spread, and measured once, as `querySize` does.
 */
export function documentShape(document: DocumentNode): DocumentShape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  const counted = new Map<string, Counted>();
  let literalDepth = 0;
  let listLength = 0;

  function literal(value: ValueNode | undefined): void {
    if (value?.kind !== Kind.LIST && value?.kind !== Kind.OBJECT) return;
    literalDepth = Math.max(literalDepth, levelsOf(value, insideOf));
    listLength = Math.max(listLength, longestList(value, insideOf, lengthOf));
  }

  function argumentsOf(given: readonly ArgumentNode[] | undefined): void {
    for (const { value } of given ?? []) literal(value);
  }

  function directivesOf(
    given: readonly (DirectiveNode | ConstDirectiveNode)[] | undefined,
  ): number {
    for (const one of given ?? []) argumentsOf(one.arguments);
    return given?.length ?? 0;
  }

  function ofFragment(name: string): Counted {
    const known = counted.get(name);
    if (known !== undefined) return known;
    // One that spreads itself counts nothing the second time; validation refuses it.
    counted.set(name, NOTHING);
    const fragment = fragments.get(name);
    const own = directivesOf(fragment?.directives);
    const { aliases, directives } = ofSelections(fragment?.selectionSet);
    const all = { aliases, directives: directives + own };
    counted.set(name, all);
    return all;
  }

  function below(selection: SelectionNode): Counted {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (selection.kind === Kind.FIELD) argumentsOf(selection.arguments);
    return ofSelections(selection.selectionSet);
  }

  function ofSelections(set: SelectionSetNode | undefined): Counted {
    let { aliases, directives } = NOTHING;
    for (const selection of set?.selections ?? []) {
      const within = below(selection);
      const isAlias = selection.kind === Kind.FIELD && selection.alias !== undefined;
      aliases += within.aliases + (isAlias ? 1 : 0);
      directives += within.directives + directivesOf(selection.directives);
    }
    return { aliases, directives };
  }

  let aliases = 0;
  let directives = 0;
  let variables = 0;
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) ofFragment(one.name.value);
    if (one.kind !== Kind.OPERATION_DEFINITION) continue;
    const defined = one.variableDefinitions ?? [];
    for (const { defaultValue } of defined) literal(defaultValue);
    const size = ofSelections(one.selectionSet);
    const onDefinitions = defined.reduce((sum, { directives: on }) => sum + directivesOf(on), 0);
    aliases = Math.max(aliases, size.aliases);
    directives = Math.max(
      directives,
      size.directives + directivesOf(one.directives) + onDefinitions,
    );
    variables = Math.max(variables, defined.length);
  }
  return { aliases, directives, variables, literalDepth, listLength };
}

function insideOf(value: ValueNode): readonly ValueNode[] | undefined {
  if (value.kind === Kind.LIST) return value.values;
  return value.kind === Kind.OBJECT ? value.fields.map((field) => field.value) : undefined;
}

const lengthOf = (value: ValueNode): number => (value.kind === Kind.LIST ? value.values.length : 0);
