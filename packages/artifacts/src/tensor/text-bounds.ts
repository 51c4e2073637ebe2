/** Texts are objects, which take much more memory than they do in a file; their number and their length are bounded. */
export const maxTexts = 2 ** 24;
export const maxTextsLength = 2 ** 28;
