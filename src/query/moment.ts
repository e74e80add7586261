/** Whether a date is a moment that the database holds: of the years 1 to 9999 (D46, `heimdall_bound_moments`). */
export function isMoment(value: Date): boolean {
  const year = value.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
