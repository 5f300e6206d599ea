// Copies the pinned npm files that the portal serves or prints with into static/vendor/ (git-ignored), with their
// licences and a manifest, and draws the Aksel icons of static/portal/icons.txt into one sprite.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const MODULES = 'node_modules';
const TARGET = 'static/vendor';
const ICONS = 'static/portal/icons.txt';

const FILES = {
  '@digdir/designsystemet-css': ['dist/src/index.css', 'dist/theme/designsystemet.css'],
  '@digdir/designsystemet-web': ['dist/umd/index.js'],
  '@fontsource-variable/inter': [
    'files/inter-latin-wght-normal.woff2',
    'files/inter-latin-ext-wght-normal.woff2',
    'files/inter-cyrillic-wght-normal.woff2',
  ],
  // Full, static files: WeasyPrint prints garbage from several subset files of one family and weight.
  'inter-ui': ['Regular', 'Italic', 'Medium', 'SemiBold', 'SemiBoldItalic', 'Bold', 'BoldItalic'].map(
    (style) => `web/Inter-${style}.woff2`,
  ),
  '@fontsource/vazirmatn': ['files/vazirmatn-arabic-400-normal.woff2', 'files/vazirmatn-arabic-700-normal.woff2'],
};

const staging = `${TARGET}.new`;
const manifest = [];

/** Writes one file and enters it in the manifest. */
function put(description, name, content) {
  const file = join(description.name.replace('@', '').replace('/', '-'), name);
  const path = join(staging, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  manifest.push({
    package: description.name,
    version: description.version,
    license: description.license,
    file,
    sha256: createHash('sha256').update(content).digest('hex'),
  });
}

/** The package's own description, with its name, version and licence. */
function describe(name) {
  return JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8'));
}

/** A script or style sheet without the pointer to a source map that is not vendored (collectstatic would fail on it). */
function withoutSourceMap(name, content) {
  if (!/\.(js|css)$/.test(name)) return content;
  return Buffer.from(content.toString('utf8').replace(/\n?\/[/*]# sourceMappingURL=.*$/gm, ''));
}

/** Copies the package's licence file. */
function putLicence(description) {
  const folder = join(MODULES, description.name);
  const name = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  if (name) put(description, 'LICENSE', readFileSync(join(folder, name)));
}

/** One <symbol> of an Aksel icon, by its name. */
function symbol(name) {
  const path = join(MODULES, '@navikt/aksel-icons/dist/svg', `${name}.svg`);
  if (!existsSync(path)) throw new Error(`${ICONS}: Aksel har ikke noe ikon som heter ${name}`);
  const drawing = readFileSync(path, 'utf8').replace(/^[^]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`;
}

rmSync(staging, { recursive: true, force: true });
for (const [name, files] of Object.entries(FILES)) {
  const description = describe(name);
  for (const file of files) {
    put(description, basename(file), withoutSourceMap(file, readFileSync(join(MODULES, name, file))));
  }
  putLicence(description);
}

const lines = readFileSync(ICONS, 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim());
const icons = [...new Set(lines.join(' ').split(/\s+/).filter(Boolean))].sort();
const aksel = describe('@navikt/aksel-icons');
put(aksel, 'icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${icons.map(symbol).join('')}</svg>\n`);
putLicence(aksel);

writeFileSync(join(staging, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
rmSync(TARGET, { recursive: true, force: true });
renameSync(staging, TARGET);
console.log(`${manifest.length} filer, ${icons.length} ikoner`);
