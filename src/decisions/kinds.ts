import { badUserInput } from '../errors.js';
import { atScope, definePolicy, type Policies, type Policy } from '../policy/define-policy.js';
import { isWord, type ResourceType } from '../policy/vocabulary.js';

/** The models of the types of resources that the gateway owns, by what the vocabulary calls these. */
export type Models = ReadonlyMap<string, string>;

/** What a question is about: rows of the gateway's own, or what only other services know. */
export type Kind =
  | { readonly own: true; readonly model: string; readonly policy: Policy }
  | { readonly own: false; readonly policy: Policy };

/**
 * The kind of what is asked. Throws BAD_USER_INPUT on an action that a type of the gateway's own does not have, and
 * on what is no name: the one mistake would look like a refusal, the other means something in a permission (D10).
 */
export function kindOf(
  { models, policies }: { readonly models: Models; readonly policies: Policies },
  { resourceType, action }: { readonly resourceType: string; readonly action: string },
): Kind {
  const model = models.get(resourceType);
  const policy = model === undefined ? undefined : policies.get(model);
  if (model !== undefined && policy !== undefined) {
    if (!Object.hasOwn(policy.actions, action)) {
      const known = Object.keys(policy.actions).join(', ');
      throw badUserInput(`a ${resourceType} has no such action: it has ${known}`);
    }
    return { own: true, model, policy };
  }
  if (!isWord(resourceType)) throw badUserInput('that is no name of a type of resource');
  if (!isWord(action)) throw badUserInput('that is no name of an action');
  return { own: false, policy: foreignPolicy(resourceType, action) };
}

/**
 * The policy of a resource that another service keeps: by permissions alone, with the same patterns (D10) and the
 * same reach (D7) as for the gateway's own, at the scope that the asker names.
 */
export function foreignPolicy(resourceType: string, action: string): Policy {
  // The vocabulary is closed for what the gateway decides about its own rows; of others it knows what is stored.
  const managed = { kind: 'managed', resource: resourceType as ResourceType, action } as const;
  return definePolicy('a resource of another service', {
    home: atScope,
    ownership: 'owned',
    name: 'name',
    actions: { read: managed, [action]: managed },
    fields: { open: [] },
  });
}
