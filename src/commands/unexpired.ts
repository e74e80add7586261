/** Memberships, or roles on them, that have not ended (D48), by the database's clock. */
export const unexpired = (now: Date) => ({
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
});
