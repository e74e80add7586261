/** A typed client of the Heimdall gateway. */
export {
  type CallOptions,
  type CheckOptions,
  type ClientOptions,
  type ConfigValue,
  type Execution,
  type Form,
  type FormPage,
  HeimdallClient,
  type LaunchOptions,
  type RequestOptions,
  type RunOptions,
  type Scope,
  type ScopeOptions,
  type Viewer,
} from './client.js';
export { type Document, document } from './document.js';
export * from './errors.js';
export type { ExecutionStatus, FormFilter, FormOrder } from './generated.js';
