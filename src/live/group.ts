import type { Page, Watched } from '../data/changes.js';
import type { DomainError } from '../errors.js';
import type { LiveAsked, LiveEvent, Subscribed, Subscribing } from '../request/live.js';
import type { ScopeNode } from '../request/place.js';
import type { Sight } from './sight.js';
import type { Subscriber } from './subscriber.js';

/** Those who are subscribed by the same right to the same models in the same place: decided once for all of them. */
export interface Group {
  readonly key: string;
  readonly subscribing: Subscribing;
  readonly asked: Pick<LiveAsked, 'scope' | 'scopeHeader' | 'models'>;
  readonly subscribers: Set<Subscriber>;
  sight: Sight;
  /** What the sight was read with: by organization its version, by scope its path. */
  known: ReadonlyMap<string, string>;
  /** The scope that the place is named by. */
  scopeId: string | null;
  /** When it was read, in milliseconds since the process began. */
  readAt: number;
}

/** What a group's sight is made of. */
export interface Read {
  readonly sight: Sight;
  readonly scope: ScopeNode | null;
  readonly vector: Subscribed['vector'];
}

/** What a group's sight hangs on, as it was before it was read. INVARIANT: what nobody looked at before is taken for another. */
export function knownOf(
  { sight, scope, vector }: Read,
  before: Page | undefined,
): Map<string, string> {
  const known = new Map<string, string>();
  const { organizationId } = sight.decisions.place;
  const version = organizationId === null ? undefined : before?.versions[organizationId];
  if (organizationId !== null && version !== undefined) known.set(organizationId, version);
  vector.organizationIds.forEach((id, index) => void known.set(id, vector.versions[index] ?? ''));
  const path = scope === null ? undefined : before?.paths[scope.id];
  if (scope !== null && path !== undefined) known.set(scope.id, path.join());
  return known;
}

/** All that the sights of these hang on. */
export function watchedBy(groups: Iterable<Group>): Watched {
  const organizations = new Set<string>();
  const scopes = new Set<string>();
  for (const { known, scopeId, sight } of groups) {
    for (const id of known.keys()) if (id !== scopeId) organizations.add(id);
    const { organizationId } = sight.decisions.place;
    if (organizationId !== null) organizations.add(organizationId);
    if (scopeId !== null) scopes.add(scopeId);
  }
  return { organizationIds: [...organizations], scopeIds: [...scopes] };
}

/** Whether a group's sight may be another than the one that was read (D18, D48). */
export function isStale({ known, scopeId, sight }: Group, { versions, paths, now }: Page): boolean {
  const { validUntil } = sight.principal;
  if (validUntil !== null && Date.parse(validUntil) <= now) return true;
  const { organizationId } = sight.decisions.place;
  if (organizationId !== null && !known.has(organizationId)) return true;
  if (scopeId !== null && !known.has(scopeId)) return true;
  if (scopeId !== null && known.get(scopeId) !== paths[scopeId]?.join()) return true;
  for (const [id, version] of known) if (id !== scopeId && versions[id] !== version) return true;
  return false;
}

export function tell({ subscribers }: Group, event: LiveEvent): void {
  for (const one of subscribers) one.push(event);
}

export function endAll({ subscribers }: Group, error: DomainError): void {
  for (const one of [...subscribers]) one.end(error);
}
