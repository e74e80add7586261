export { audited } from './audited.js';
export { cascading } from './cascading.js';
export { credential } from './credential.js';
export { edited } from './edited.js';
export { executable } from './executable.js';
export { owned } from './owned.js';
export { placed } from './placed.js';
