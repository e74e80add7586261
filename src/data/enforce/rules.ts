import type { Condition } from '../../policy/condition.js';
import type { Policies, Policy } from '../../policy/define-policy.js';
import { conditionFor, MANAGE } from '../../policy/resolve.js';
import type { Situation } from '../../policy/situation.js';
import { nothing, toPrismaWhere, type Where } from '../../policy/to-prisma-where.js';
import type { DataModel, FieldShape, ModelShape } from '../data-model.js';
import { definite } from './definite.js';

/** A call that the enforced client refuses because it does not know what the call would reveal. */
export class EnforcementError extends Error {
  override readonly name = 'EnforcementError';
}

/** What may be done with a field: filter and sort, filter with Manage(read), only select, nothing. */
export type FieldClass = 'open' | 'managed' | 'selectable' | 'sealed';

/**
 * The policies as they stand for one principal in one place: what rewriting asks while it walks
 * through the arguments of a call. Conditions are resolved once and kept.
 */
export class Rules {
  readonly dataModel: DataModel;
  readonly policies: Policies;
  readonly situation: Situation;
  readonly #conditions = new Map<string, Condition>();
  readonly #definites = new Map<string, Where>();

  constructor(dataModel: DataModel, policies: Policies, situation: Situation) {
    this.dataModel = dataModel;
    this.policies = policies;
    this.situation = situation;
  }

  shape(model: string): ModelShape {
    const shape = this.dataModel[model];
    if (shape === undefined) throw new EnforcementError(`unknown model ${model}`);
    return shape;
  }

  policy(model: string): Policy {
    const policy = this.policies.get(model);
    if (policy === undefined) throw new EnforcementError(`no policy for the model ${model}`);
    return policy;
  }

  /** The field, or an error: a name that the schema does not have is never passed on. */
  field(model: string, name: string): FieldShape {
    const fields = this.shape(model).fields;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw new EnforcementError(`unknown field ${model}.${name}`);
    return field;
  }

  /** INVARIANT: a field that the policy does not name can be neither filtered nor sorted by. */
  classOf(model: string, name: string): FieldClass {
    const { open, managed = [], sealed = [] } = this.policy(model).fields;
    if (sealed.includes(name)) return 'sealed';
    if (open.includes(name)) return 'open';
    return managed.includes(name) ? 'managed' : 'selectable';
  }

  sealed(model: string): readonly string[] {
    return this.policy(model).fields.sealed ?? [];
  }

  /** The rows of a model that the action is permitted on, at the root of a call. */
  rootWhere(model: string, action = 'read'): Where {
    return this.#where(model, action, this.situation.variant);
  }

  /** The same reached from another row: always by reachable tenancy (D4). */
  nestedWhere(model: string): Where {
    return this.#where(model, 'read', 'reachable');
  }

  /** The same, fit to stand under a NOT: to-one relations are joined, so a null would show there. */
  definiteWhere(model: string): Where {
    return this.#definite(model, 'read');
  }

  /** Manage(read) on a row of the model (D15), fit to stand under a NOT. */
  managedWhere(model: string): Where {
    return this.#definite(model, MANAGE);
  }

  /** The rows that permit the action, wherever they may be. */
  reachableWhere(model: string, action: string): Where {
    return this.#where(model, action, 'reachable');
  }

  /** Matches no row of the model. */
  nothing(model: string): Where {
    return nothing(this.keyOf(model));
  }

  condition(model: string, action: string, variant = this.situation.variant): Condition {
    const key = `${variant} ${model} ${action}`;
    const known = this.#conditions.get(key);
    if (known !== undefined) return known;
    // A tier narrows the root of a call; what is reached from its rows has both.
    const { principal, place, tier } = this.situation;
    const narrowed = variant === 'placed' && tier !== undefined ? { tier } : {};
    const situation: Situation = { principal, place, variant, ...narrowed };
    const condition = conditionFor(this.policies, this.policy(model), action, situation);
    this.#conditions.set(key, condition);
    return condition;
  }

  /** INVARIANT: the same object each time, so that `allOf` finds it again. */
  #definite(model: string, action: string): Where {
    const key = `${model} ${action}`;
    const known = this.#definites.get(key);
    if (known !== undefined) return known;
    const condition = definite(this.dataModel, model, this.condition(model, action, 'reachable'));
    const where = toPrismaWhere(condition, this.keyOf(model));
    this.#definites.set(key, where);
    return where;
  }

  #where(model: string, action: string, variant: Situation['variant']): Where {
    return toPrismaWhere(this.condition(model, action, variant), this.keyOf(model));
  }

  /** A required column of the model: the first of its first unique key. */
  keyOf(model: string): string {
    const [first] = Object.values(this.shape(model).uniques);
    const key = first?.[0];
    if (key === undefined) throw new EnforcementError(`the model ${model} has no key`);
    return key;
  }
}

/**
 * All of the filters, each once: those that let everything pass are left out, and what asks twice for
 * Manage(read), of two management fields (D15), asks for it once.
 */
export function allOf(...filters: readonly Where[]): Where {
  const kept = [...new Set(filters.flatMap(conjuncts))];
  const [first, ...others] = kept;
  if (first === undefined) return {};
  return others.length === 0 ? first : { AND: kept };
}

function conjuncts(filter: Where): readonly Where[] {
  const keys = Object.keys(filter);
  if (keys.length === 0) return [];
  return keys.length === 1 && Array.isArray(filter.AND) ? filter.AND.flatMap(conjuncts) : [filter];
}
