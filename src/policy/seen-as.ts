import type { Principal } from './principal.js';
import { canActAnywhere } from './situation.js';

/**
 * Somebody as somebody else sees them (D21): with all that they hold, but with no flag, and in no organization, that the
 * viewer does not have.
 *
 * @returns null where they are at home in an organization that is out of the viewer's reach
 */
export function seenAs(viewed: Principal, viewer: Principal): Principal | null {
  const goesAnywhere = canActAnywhere(viewer);
  if (!goesAnywhere && viewed.organizationId !== viewer.organizationId) return null;
  return Object.freeze({
    ...viewed,
    isPlatformAdmin: viewed.isPlatformAdmin && viewer.isPlatformAdmin,
    // It is what opens other organizations (D4).
    isProvider: viewed.isProvider && goesAnywhere,
  });
}
