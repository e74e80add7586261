import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import type { AUDIT_OUTCOMES } from '../policy/vocabulary.js';

/** What is to be recorded (D19). The rest (id, moment, who reaches it) is the database's to say. */
export interface AuditEntry {
  readonly principal: Principal;
  /** Where the request acts (D4). */
  readonly place: Place;
  /** What was done or tried, in the words of permissions: `form:update`. */
  readonly action: string;
  /** What the vocabulary calls the type: `form`. */
  readonly resourceType: string;
  readonly resourceId: string | null;
  /** The scope that the resource lives at, or lived at before it was deleted; null: its organization's root. */
  readonly scopeId: string | null;
  /** The organization that was touched; null: the platform. */
  readonly organizationId: string | null;
  readonly outcome: (typeof AUDIT_OUTCOMES)[number];
  /** The deciding reason, in a few words. */
  readonly reason?: string;
  /** The row as it was and as it became, with all of its columns; secrets are left out here. */
  readonly before?: object | null;
  readonly after?: object | null;
  readonly requestId?: string;
}
