/**
 * The one place that knows @vscode/webview-ui-toolkit, which is no longer developed (microsoft/vscode-webview-ui-toolkit#561):
 * registers the controls the panel uses. What replaces it registers elements under the same names, or changes the tags here and in
 * the templates of this folder.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/** Defines `<vscode-button>` and its fellows; call it once, before anything is drawn. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeBadge(),
    vsCodeButton(),
    vsCodeDivider(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

/** What the panel reads from and writes to a dropdown or a text field, whoever makes it. */
export interface ValueControl extends HTMLElement {
  value: string;
}
