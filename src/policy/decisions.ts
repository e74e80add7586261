import type { Policies, Policy } from './define-policy.js';
import type { Principal } from './principal.js';
import type { Residual } from './residual.js';
import { residualFor } from './resolve.js';
import { type Extent, type Place, REACHABLE, type Situation } from './situation.js';

/** What may be done with a field: filter and sort, filter with Manage(read), only select, nothing. */
export type FieldClass = 'open' | 'managed' | 'shown' | 'sealed';

/** The policies as they stand for one principal in one place: the residual of each action, resolved once. */
export class Decisions {
  readonly policies: Policies;
  readonly principal: Principal;
  readonly place: Place;
  readonly #reachable: Map<string, Residual>;
  readonly #placed = new Map<string, Residual>();

  constructor(policies: Policies, principal: Principal, place: Place, along?: Decisions) {
    this.policies = policies;
    this.principal = principal;
    this.place = place;
    this.#reachable = along === undefined ? new Map() : along.#reachable;
  }

  /**
   * The same for a part of the place. What is reached from its rows is decided as here.
   * INVARIANT: `part` covers less of the same place; principal, organization and chain stay.
   */
  within(part: Place): Decisions {
    return new Decisions(this.policies, this.principal, part, this);
  }

  policy(model: string): Policy {
    const policy = this.policies.get(model);
    if (policy === undefined) throw new Error(`no policy for the model ${model}`);
    return policy;
  }

  /** INVARIANT: a field that the policy does not name can be neither filtered nor sorted by. */
  classOf(model: string, field: string): FieldClass {
    const { open, managed = [], sealed = [] } = this.policy(model).fields;
    if (sealed.includes(field)) return 'sealed';
    if (open.includes(field)) return 'open';
    return managed.includes(field) ? 'managed' : 'shown';
  }

  sealed(model: string): readonly string[] {
    return this.policy(model).fields.sealed ?? [];
  }

  /** Which rows of a model permit the action, among those of the extent. */
  residual(model: string, action: string, extent: Extent = REACHABLE): Residual {
    const tier = extent.kind === 'placed' ? extent.tier : undefined;
    const known = extent.kind === 'placed' ? this.#placed : this.#reachable;
    const key = `${model} ${action} ${tier}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const { principal, place } = this;
    const situation: Situation = { principal, place, extent };
    const residual = residualFor(this.policies, this.policy(model), action, situation);
    known.set(key, residual);
    return residual;
  }
}
