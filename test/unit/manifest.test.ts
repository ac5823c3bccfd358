/** Whether package.json, which VS Code believes without running anything, says what the code and the files are. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when?: string }[];
    readonly languages: readonly {
      readonly configuration: string;
      readonly icon: { readonly light: string; readonly dark: string };
    }[];
    readonly grammars: readonly { readonly path: string }[];
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const { commands, menus, keybindings, languages, grammars } = manifest.contributes;

const editorCode = readdirSync('src/editor', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(join('src/editor', name), 'utf8'))
  .join('\n');

const literals = (pattern: RegExp) => [...new Set([...editorCode.matchAll(pattern)].map(match => match[1]))];

describe('the manifest', () => {
  it('declares the commands that the code registers, and no other', () => {
    // By `registerCommand('vnet.x'` or through a function that is given the id first.
    const registered = literals(/\b(?:registerCommand|control)\(\s*'(vnet\.\w+)'/g);
    expect(commands.map(({ command }) => command).sort()).toEqual(registered.sort());
  });

  it('uses only its own commands in menus and keys', () => {
    const known = new Set(commands.map(({ command }) => command));
    const used = [...Object.values(menus).flat(), ...keybindings].map(({ command }) => command);
    expect(used.filter(command => !known.has(command))).toEqual([]);
  });

  it('asks only for context keys that the code sets', () => {
    const conditions = [
      ...commands.map(({ enablement }) => enablement),
      ...[...Object.values(menus).flat(), ...keybindings].map(({ when }) => when),
    ];
    const asked = conditions.flatMap(condition => condition?.match(/\bvnet\.\w+Active\b/g) ?? []);
    const set = literals(/'(vnet\.\w+Active)'/g);
    expect([...new Set(asked)].sort()).toEqual(set.sort());
  });

  it('points at files that exist', () => {
    const files = [
      manifest.icon,
      ...languages.flatMap(({ configuration, icon }) => [configuration, icon.light, icon.dark]),
      ...grammars.map(({ path }) => path),
    ];
    expect(files.filter(file => !existsSync(file))).toEqual([]);
  });
});
