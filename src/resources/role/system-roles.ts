import type { Session } from '../../commands/session.js';
import { conflict } from '../../errors.js';

/** The system roles are the code's own (D7): whoever holds one would lose it without anybody's having said so. */
export async function assertNoSystemRole({ tx }: Session, id: string): Promise<void> {
  const role = await tx.role.findUnique({ where: { id }, select: { isSystem: true } });
  if (role?.isSystem === true) throw conflict('a system role is not deleted');
}
