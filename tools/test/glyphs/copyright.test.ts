import { classifyCopyright, isPermissive, readCopyright } from '../../glyphs/copyright.js';

const text = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2010 Somebody
License: OFL-1.1

Files: debian/*
Copyright: 2011 Somebody else
License: GPL-3+

License: OFL-1.1
 The text.
`;

test('readCopyright() leaves out the licence of the packaging', () => {
  expect(readCopyright(text)).toEqual([{ files: '*', licence: 'OFL-1.1' }]);
});

test('classifyCopyright() calls a package permissive only if all its licences are', () => {
  expect(classifyCopyright(text)).toBe('permissive');
  expect(classifyCopyright(text.replace('Files: debian/*', 'Files: *.ttf'))).toBe('unclear');
  expect(classifyCopyright('This package was debianized by somebody.\n\nLicense:\n OFL 1.1')).toBe('unclear');
});

test.each([
  ['OFL-1.1', true],
  ['OFL-1.1-RFN', true],
  ['MIT and Bitstream-Vera', true],
  ['GPL-3+FontException or OFL-1.1', true],
  ['GPL-2+ with Font exception and OFL-1.1', false],
  ['GPL-2+FE', false],
  ['AGPL-3 with Font exception', false],
  ['LPPL-1.3c', false],
  ['CC-BY-3.0', false],
])('isPermissive(%j) is %j', (licence, expected) => {
  expect(isPermissive(licence)).toBe(expected);
});
