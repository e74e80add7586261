/** Makes `%`, `_` and `\` literal: Prisma hands string filters to LIKE as they are (model §6.4). */
export function escapeLike(value: string): string {
  return value.replaceAll(/[\\%_]/g, '\\$&');
}
