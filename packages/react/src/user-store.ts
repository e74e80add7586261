import type { HeimdallClient, Scope } from '@heimdall/client';

/** Who the user is, as far as it is known. */
export interface UserState {
  readonly loading: boolean;
  /** Why it is not known, once that is sure. */
  readonly error: Error | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly organizationId: string | undefined;
  /** The names of the roles held at the app's place, or inherited into it (D38). */
  readonly roles: readonly string[];
  readonly isPlatformAdmin: boolean;
}

/** INVARIANT: whoever is not known is nobody and may nothing. */
const NOBODY: UserState = {
  loading: true,
  error: undefined,
  id: undefined,
  name: undefined,
  email: undefined,
  organizationId: undefined,
  roles: [],
  isPlatformAdmin: false,
};

/** So many answers are kept; then all are asked anew. */
const MOST_ANSWERS = 10_000;

/** What is known of the user of one client at one place. Another client or place is another store, which knows nothing yet. */
export class UserStore {
  readonly #client: HeimdallClient;
  readonly #place: Scope;
  readonly #listeners = new Set<() => void>();
  #answers = new Map<string, boolean>();
  #state = NOBODY;
  /** Another object after each change of anything. */
  #snapshot = { state: NOBODY };
  #loading: AbortController | undefined;

  /** @param place where the app is; left out, the user's own organization */
  constructor(client: HeimdallClient, place: Scope) {
    this.#client = client;
    this.#place = place;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): { readonly state: UserState } => this.#snapshot;

  /** Begins to ask; answers how to leave off. */
  readonly start = (): (() => void) => {
    void this.#load();
    return () => this.#loading?.abort();
  };

  /** Forgets all, and asks anew. */
  readonly refresh = (): void => {
    this.#answers = new Map();
    this.#change(NOBODY);
    void this.#load();
  };

  /** What is known of a question; what is not known is asked, and meanwhile no. */
  can(action: string, type: string, scope: Scope = this.#place): boolean {
    if (this.#state.loading || this.#state.error !== undefined) return false;
    const question = JSON.stringify([action, type, scope === undefined ? 'own' : [scope]]);
    const answers = this.#answers;
    const known = answers.get(question);
    if (known !== undefined) return known;
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(question, false);
    this.#client.can(action, type, { scope }).then(
      (allowed) => {
        if (!allowed || answers !== this.#answers) return;
        answers.set(question, true);
        this.#change(this.#state);
      },
      // INVARIANT: what cannot be told is no.
      () => {},
    );
    return false;
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const { signal } = loading;
    let state: UserState;
    try {
      const { user, organization, isPlatformAdmin } = await this.#client.viewer({ signal });
      const place = this.#place === undefined ? organization?.id : this.#place;
      const roles = place === undefined ? [] : await this.#client.roles({ scope: place, signal });
      state = {
        loading: false,
        error: undefined,
        id: user?.id,
        name: user?.name,
        email: user?.email,
        organizationId: organization?.id,
        roles,
        isPlatformAdmin,
      };
    } catch (error) {
      state = { ...NOBODY, loading: false, error: asError(error) };
    }
    if (!signal.aborted) this.#change(state);
  }

  #change(state: UserState): void {
    this.#state = state;
    this.#snapshot = { state };
    for (const listener of this.#listeners) listener();
  }
}

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
