/** Who the user is and what they may, for showing and hiding in React. */
export {
  HeimdallProvider,
  type HeimdallProviderProps,
  RequireRole,
  type RequireRoleProps,
  type User,
  useUser,
} from './provider.js';
