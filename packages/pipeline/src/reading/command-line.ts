/**
 * Divides a command line into words at spaces; double quotes keep spaces in a word. There is no shell, and nothing else means anything.
 *
 * @throws RangeError that says what it must be.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (!isQuoted && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (isQuoted) throw new RangeError('has a double quote that is not closed');
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new RangeError('must name a program, as in exec:python3 ./summary.py');
  if (words.includes('')) throw new RangeError('must not hold an empty word');
  if (words.some((one) => one.includes('\0'))) throw new RangeError('must not hold NUL');
  const shell = words.find((one) => /^(?:[|&;<>]+|\d?>{1,2}.*|`.*)$|^\$\(/.test(one));
  if (shell !== undefined) throw new RangeError(`is not run by a shell, so "${shell}" means nothing. Write the commands in a script and name that`);
  return words;
}
