/** The dialog in which the user writes about a packet. */
import { html, nothing, render } from 'lit';
import { LONGEST_COMMENT } from '../../src/simulation/protocol';
import { t } from '../strings';
import { displayNumber } from './columns';

/** Asks for the comment of a packet. @param written gets the new text, empty where there should be none; not called for no change */
export function editComment(number: number, text: string, written: (text: string) => void): void {
  const dialog = document.createElement('dialog');
  const save = (changed = dialog.querySelector('textarea')?.value.trim() ?? text): void => {
    dialog.close();
    if (changed !== text) {
      written(changed);
    }
  };
  dialog.className = 'comment-editor';
  dialog.setAttribute('aria-labelledby', 'comment-label');
  render(
    html`<label id="comment-label" for="comment-text"
        >${t('Comment on packet {0}', displayNumber(number))}</label
      >
      <textarea
        id="comment-text"
        rows="4"
        maxlength=${LONGEST_COMMENT}
        .value=${text}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            save();
          }
        }}
      ></textarea>
      <div class="comment-buttons">
        ${
          text === ''
            ? nothing
            : html`<vscode-button class="comment-remove" appearance="secondary" @click=${() => save('')}
                >${t('Remove')}</vscode-button
              >`
        }
        <vscode-button appearance="secondary" @click=${() => dialog.close()}>${t('Cancel')}</vscode-button>
        <vscode-button title=${t('Save (Ctrl+Enter)')} @click=${() => save()}>${t('Save')}</vscode-button>
      </div>`,
    dialog,
  );
  // The keys of the page behind it are not its own.
  dialog.addEventListener('keydown', event => event.stopPropagation());
  dialog.addEventListener('close', () => dialog.remove());
  (document.querySelector('main') ?? document.body).append(dialog);
  dialog.showModal();
  dialog.querySelector('textarea')?.focus();
}
