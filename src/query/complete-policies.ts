import type { ConditionKind, Speakable } from '../policy/condition.js';
import { type Policies, type Policy, policySet } from '../policy/define-policy.js';
import type { DataModel, ModelShape } from './data-model.js';

/**
 * The policies with what the schema adds to them (which model a relation leads to, whether there are
 * global rows), checked against it. Throws, with everything that is wrong, when a model has no policy or a policy names
 * what the schema does not have: a gateway with such a hole does not start.
 */
export function completePolicies(dataModel: DataModel, declared: readonly Policy[]): Policies {
  const policies = policySet(declared.map((policy) => completePolicy(dataModel, policy)));
  const mistakes = [
    ...Object.keys(dataModel)
      .filter((model) => !policies.has(model))
      .map((model) => `the model ${model} has no policy`),
    ...[...policies.values()].flatMap((policy) => mistakesIn(policy, dataModel[policy.model])),
  ];
  if (mistakes.length > 0) throw new Error(`policies and schema disagree:\n${mistakes.join('\n')}`);
  return policies;
}

/** A policy with what the schema adds to it. */
export function completePolicy(dataModel: DataModel, policy: Policy): Policy {
  const { home } = policy;
  const shape = dataModel[policy.model];
  const relations = relationsOf(shape);
  const speakable = speakableOf(policy, shape);
  const isNeverNobodys = OWNERS.some((name) => isRequired(shape, name));
  const complete = { ...policy, relations, speakable, isNeverNobodys };
  if (home === undefined) return complete;
  const organization = shape?.fields[home.organization];
  const hasGlobalRows = organization?.kind === 'scalar' && !organization.required;
  return { ...complete, home: { ...home, hasGlobalRows } };
}

/** What names whose a row is (D7). A required one is never asked whether it is null: the client refuses to. */
const OWNERS = ['createdById', 'ownerId', 'teamId'];

function isRequired(shape: ModelShape | undefined, name: string): boolean {
  const field = shape?.fields[name];
  return field?.kind === 'scalar' && field.required;
}

const KINDS: Readonly<Record<string, ConditionKind>> = {
  String: 'text',
  Int: 'number',
  Boolean: 'boolean',
  DateTime: 'date',
};

/** D11: the open columns, by what they hold, and the scope of rows that live at one of their own. */
function speakableOf({ fields, home }: Policy, shape: ModelShape | undefined): Speakable {
  const columns = Object.fromEntries(
    fields.open.flatMap((name) => {
      // Every write changes these, whoever makes it, or every use: a condition on them would be given away by each (D21).
      if (name === 'version' || name === 'updatedAt' || name === 'lastUsedAt') return [];
      const field = shape?.fields[name];
      if (field?.kind !== 'scalar' || field.list) return [];
      const kind = field.uuid ? 'id' : KINDS[field.type];
      return kind === undefined ? [] : [[name, kind]];
    }),
  );
  const nullable = Object.keys(columns).filter((name) => !isRequired(shape, name));
  const scope = shape?.fields.scope;
  const hasScope =
    home?.inherits.kind === 'array' && scope?.kind === 'relation' && scope.type === 'Scope';
  return { columns, nullable, scope: hasScope && scope.from.includes(home.scope) ? 'scope' : null };
}

function relationsOf(shape: ModelShape | undefined): Record<string, string> {
  const fields = Object.entries(shape?.fields ?? {});
  return Object.fromEntries(
    fields.flatMap(([name, field]) => (field.kind === 'relation' ? [[name, field.type]] : [])),
  );
}

function mistakesIn(policy: Policy, shape: ModelShape | undefined): string[] {
  if (shape === undefined) return [`the policy ${policy.model} is for no model`];
  const { open, managed = [], sealed = [], told = [] } = policy.fields;
  const named = [...open, ...managed, ...sealed, ...columnsOf(policy)];
  const unknown = named.filter((field) => !Object.hasOwn(shape.fields, field));
  const unfiltered = [...open, ...managed].filter((name) => {
    const field = shape.fields[name];
    return field?.kind === 'relation' && !field.list && field.required;
  });
  return [
    ...unknown.map((field) => `the policy ${policy.model} names an unknown field ${field}`),
    ...unfiltered.map((field) => `${policy.model}.${field} must be optional to be narrowed`),
    ...foreignKeys(shape)
      .filter(
        (field) => [...open, ...managed].includes(field) && field !== 'id' && !told.includes(field),
      )
      .map((field) => `the policy ${policy.model} opens the foreign key ${field}`),
  ];
}

function columnsOf({ home, name, cascadesBy }: Policy): string[] {
  const places = [home?.scope, home?.organization, home?.inherits.field, home?.itself];
  return [...places, name, cascadesBy].filter((column) => column !== undefined);
}

/** A foreign key tells the id of a row that may be hidden: it is asked for by the relation (D15). */
function foreignKeys(shape: ModelShape): string[] {
  return Object.values(shape.fields).flatMap((field) =>
    field.kind === 'relation' ? field.from : [],
  );
}
