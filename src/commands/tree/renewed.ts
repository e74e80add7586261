import { Decisions } from '../../policy/decisions.js';
import { createSession, type Session } from '../session.js';

/**
 * The session as what was done so far has made it: the principal as they are now, who may own what they have just
 * made, and nothing remembered of scopes that were moved.
 */
export async function renewed(session: Session): Promise<Session> {
  const principal = await session.principalNow();
  const { dataModel, decisions } = session.guarding;
  const anew = new Decisions(decisions.policies, principal, session.place);
  const within = { ...session, principal, guarding: { dataModel, decisions: anew } };
  // INVARIANT: one record, wherever of the command something is done (D19).
  return createSession(within, session);
}
