import type { DataModel } from '../../query/data-model.js';
import { EnforcementError } from '../../query/enforcement-error.js';

/**
 * The delegates of a client, and nothing that leads to the client itself.
 *
 * INVARIANT: an extended Prisma client leads by `$parent` to the one without enforcement, and what
 * is extended once more could change a call after it was guarded. So neither the client nor a
 * delegate shows any of its `$` properties, whatever the caller casts it to.
 */
export function delegatesOnly(client: object, dataModel: DataModel): object {
  const delegates = client as Readonly<Record<string, object>>;
  return facade((name) => {
    const model = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    if (!Object.hasOwn(dataModel, model)) return undefined;
    const delegate = delegates[name] as Readonly<Record<string, unknown>> | undefined;
    if (delegate === undefined) return undefined;
    return facade((own) => (Object.hasOwn(delegate, own) ? delegate[own] : undefined));
  });
}

/** An object without a prototype, whose properties are looked up: a prototype leads on, too. */
function facade(find: (name: string) => unknown): object {
  return new Proxy(Object.freeze(Object.create(null) as object), {
    get(_target, name) {
      // `$$typeof` is what printers of values ask everything for.
      if (typeof name !== 'string' || name.startsWith('_') || name === '$$typeof') return undefined;
      if (name.startsWith('$'))
        throw new EnforcementError(`${name} is not for the enforced client`);
      return find(name);
    },
  });
}
