/** Light or dark: the reader's choice, remembered where the browser lets a page remember, else the system's. */
export const colorSchemeScript = String.raw`
const root = document.documentElement;
const schemeName = 'memgeo-scheme';
root.classList.add('has-script');

const rememberedScheme = () => { try { return localStorage.getItem(schemeName); } catch { return null; } };
const rememberScheme = (scheme) => { try { localStorage.setItem(schemeName, scheme); } catch { /* This page may not remember. */ } };
if (['light', 'dark'].includes(rememberedScheme())) root.dataset.scheme = rememberedScheme();

function startColorScheme() {
  const button = document.querySelector('.scheme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.scheme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = () => button.setAttribute('aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    root.dataset.scheme = isDark() ? 'light' : 'dark';
    rememberScheme(root.dataset.scheme);
    show();
  });
  system.addEventListener('change', show);
  show();
}
`;
