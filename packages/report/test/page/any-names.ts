import fc from 'fast-check';
import { hostileNames } from '../hostile-report.js';

/** Names of any characters and of pieces that mean something, five at a time. */
const piece = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(...hostileNames, '<', '>', '"', "'", '&', '</', '<!', '--', '=', '`', '\\'));
export const fiveNames = fc.array(fc.array(piece, { maxLength: 3 }).map((parts) => parts.join('')), { minLength: 5, maxLength: 5 });
