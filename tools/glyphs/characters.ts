/** The 94 printable characters of ASCII but the space, U+0021 to U+007E: class k is the character with code point 33 + k. */
export const characters: readonly string[] = Array.from({ length: 94 }, (_, k) => String.fromCharCode(0x21 + k));

/** Number of classes. */
export const classCount = characters.length;

/** Height and width of an image in pixels. */
export const imageSize = 28;

/** Pixels in one image. */
export const imagePixels = imageSize * imageSize;
