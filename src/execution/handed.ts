import { record } from '../audit/record.js';
import { canActAnywhere, ownPlace } from '../policy/situation.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import type { Apart } from '../request/apart.js';
import { openConfig } from '../secrets/of-config.js';

interface Kept {
  readonly configId: string;
  readonly envelope: string;
}

interface Found extends Kept {
  readonly organizationId: string | null;
  readonly scopeId: string;
  /** Whether it lies where the execution runs, or is global. */
  readonly isHome: boolean;
  /** Whether this execution is told it for the first time. */
  readonly isNew: boolean;
}

/**
 * The value of a secret config as an execution reads it (D16, D17), noted as handed to it before it is told (D31); undefined: it
 * is none that the execution reads by its privilege. What it reads in another organization is recorded there (D30).
 *
 * INVARIANT: by where it runs alone: what its launcher could read besides is told as to them, sealed.
 *
 * @throws DomainError SECRET_KEY_MISSING
 */
export async function handOut(
  { tx, keyring, principal, requestId }: Apart,
  configId: string,
): Promise<unknown> {
  const { execution } = principal;
  if (execution?.isPrivileged !== true) return undefined;
  const [found] = await tx.$queryRaw<Found[]>`
    WITH found AS (
      SELECT c.id, c.ciphertext, c.organization_id, c.scope_id,
        c.organization_id IS NULL OR c.scope_id = ANY (${[...execution.chain]}::text[]::uuid[]) AS home
      FROM config c JOIN scope s ON s.id = c.scope_id
      WHERE c.id = ${configId}::text::uuid AND c.type = 'SECRET' AND c.ciphertext IS NOT NULL
        AND (c.organization_id IS NULL OR c.scope_id = ANY (${[...execution.chain]}::text[]::uuid[])
          -- At the root of any tenant in which it may act (D30).
          OR ${canActAnywhere(principal)}::boolean AND s.parent_id = ${PLATFORM_ROOT_ID}::text::uuid)
    ), noted AS (
      INSERT INTO execution_secret (execution_id, config_id, envelope)
      SELECT ${execution.id}::text::uuid, id, ciphertext FROM found ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT id::text AS "configId", ciphertext AS envelope, organization_id::text AS "organizationId",
      scope_id::text AS "scopeId", home AS "isHome", EXISTS (SELECT FROM noted) AS "isNew" FROM found`;
  if (found === undefined) return undefined;
  const value = openConfig(keyring, found.configId, found.envelope);
  if (found.isNew || !found.isHome) await recordTold({ tx, principal, requestId }, found);
  return value;
}

async function recordTold(
  { tx, principal, requestId }: Pick<Apart, 'tx' | 'principal' | 'requestId'>,
  { configId, organizationId, scopeId, isHome }: Found,
): Promise<void> {
  await record(tx, {
    principal,
    place: isHome
      ? ownPlace(principal)
      : { ...ownPlace(principal), organizationId, switched: true },
    action: 'config:reveal',
    resourceType: 'config',
    resourceId: configId,
    organizationId,
    scopeId,
    outcome: 'PERMITTED',
    reason: 'read by an execution',
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/**
 * Notes that an execution is told a secret by what its launcher may, such as revealing it (D16): that too is left out of what the
 * execution says (D31).
 */
export async function noteTold(tx: Apart['tx'], executionId: string, config: Kept): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO execution_secret (execution_id, config_id, envelope)
    VALUES (${executionId}::text::uuid, ${config.configId}::text::uuid, ${config.envelope}) ON CONFLICT DO NOTHING`;
}

/** All that was handed to executions of the same tree: one may have passed it on to another. */
export async function secretsOf(
  { tx, keyring }: Pick<Apart, 'tx' | 'keyring'>,
  rootId: string,
): Promise<unknown[]> {
  const kept = await tx.$queryRaw<Kept[]>`
    SELECT s.config_id::text AS "configId", s.envelope
    FROM execution_secret s JOIN execution e ON e.id = s.execution_id
    WHERE e.root_id = ${rootId}::text::uuid`;
  return kept.map(({ configId, envelope }) => openConfig(keyring, configId, envelope));
}
