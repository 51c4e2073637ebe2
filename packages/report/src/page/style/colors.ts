const light = '--text: #1a1d21; --muted: #565d66; --ground: #ffffff; --box: #f4f5f7; --line: #d5d9de; --edge: #7b838c; --link: #0b5fa5; --good: #0a6b45; --bad: #9a4a00; color-scheme: light;';
const dark = '--text: #e6e8ea; --muted: #a4abb3; --ground: #14171a; --box: #1e2226; --line: #3a4047; --edge: #7b838c; --link: #7cc0f5; --good: #5fd0a0; --bad: #f0a95c; color-scheme: dark;';

/** Colors by the system's setting, unless the reader has chosen; light on paper. */
export const colorsStyle = `
:root { ${light} }
@media (prefers-color-scheme: dark) { :root:not([data-scheme="light"]) { ${dark} } }
:root[data-scheme="dark"] { ${dark} }
@media print { :root:root[data-scheme], :root:root:not([data-scheme]) { ${light} } }
`;
