import type { HeimdallClient, Scope } from '@heimdall/client';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import { type UserState, UserStore } from './user-store.js';

const Store = createContext<UserStore | undefined>(undefined);

export interface HeimdallProviderProps {
  /** Asks as the user; of another user it is another client. */
  readonly client: HeimdallClient;
  /** Where the app is (D4): an id; null, the global tier; left out, the user's own organization. */
  readonly scope?: string | null;
  readonly children?: ReactNode;
}

/** Tells what is within who the user is. */
export function HeimdallProvider({ client, scope, children }: HeimdallProviderProps): ReactNode {
  const store = useMemo(() => new UserStore(client, scope), [client, scope]);
  useEffect(() => store.start(), [store]);
  return <Store.Provider value={store}>{children}</Store.Provider>;
}

/** The user, and what to show them (D38). Nothing of it protects anything: the gateway decides at each request. */
export interface User extends UserState {
  /** Whether a role of exactly this name is among `roles`. */
  readonly hasRole: (name: string) => boolean;
  /**
   * Whether something may be done with any such resource at a place, the app's unless it is said. False until the answer has
   * come, and then it is rendered again.
   */
  readonly can: (action: string, type: string, scope?: Scope) => boolean;
  /** Forgets all that is known, and asks anew. */
  readonly refresh: () => void;
}

/**
 * Who the user is. While that is not known, or cannot be known, there are no roles, and nothing may be done.
 *
 * @throws Error outside of a HeimdallProvider
 */
export function useUser(): User {
  const store = useContext(Store);
  if (store === undefined) throw new Error('useUser is used outside of a HeimdallProvider');
  const snapshot = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  return useMemo(
    () => ({
      ...snapshot.state,
      hasRole: (name) => snapshot.state.roles.includes(name),
      can: (action, type, scope) => store.can(action, type, scope),
      refresh: store.refresh,
    }),
    [snapshot, store],
  );
}

export interface RequireRoleProps {
  /** The exact name of the role. */
  readonly role: string;
  /** What is shown to everybody else, and until it is known. */
  readonly fallback?: ReactNode;
  readonly children?: ReactNode;
}

/** Shows what is within to who holds a role (D38). It protects nothing: what is within must not be a secret. */
export function RequireRole({ role, fallback = null, children }: RequireRoleProps): ReactNode {
  return useUser().hasRole(role) ? children : fallback;
}
