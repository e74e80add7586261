import { ACTIONS } from '../../world/built-in.js';
import type { Row } from '../../world/types.js';
import { type Asking, may, mayManage, RESOURCE } from '../decide.js';

/** Every action on a row that there is: to read it by use is not to hold `read`, which opens what managers see. */
export const holdsAll = (asking: Asking, row: Row): boolean =>
  (ACTIONS[RESOURCE[row.type]] ?? [])
    .filter((action) => action !== 'create')
    .every((action) => (action === 'read' ? mayManage(asking, row) : may(asking, action, row)));
