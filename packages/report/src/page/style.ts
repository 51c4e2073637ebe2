import { claimsStyle } from './style/claims.js';
import { figuresStyle } from './style/figures.js';
import { frameStyle } from './style/frame.js';
import { printStyle } from './style/print.js';
import { colorsStyle } from './style/colors.js';

/** The page's style: light and dark, a list of contents at the side of wide windows, one column in narrow ones, and for print. */
export const pageStyle = [colorsStyle, frameStyle, claimsStyle, figuresStyle, printStyle].join('');
