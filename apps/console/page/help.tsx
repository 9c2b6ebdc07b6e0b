import { signal } from '@preact/signals';
import { Dialog } from './dialog';

export const helpIsOpen = signal(false);

/** Every key of the page, read from the controls that have one. */
export function Help() {
  if (!helpIsOpen.value) return null;
  const controls = [...document.querySelectorAll<HTMLElement>('[data-key]')];
  return (
    <Dialog
      title="Keys"
      onClose={() => {
        helpIsOpen.value = false;
      }}
    >
      <dl class="key-list">
        {controls.map((control) => (
          <div key={control.dataset.key}>
            <dt>
              <kbd>{control.querySelector('kbd')?.textContent ?? control.dataset.key}</kbd>
            </dt>
            <dd>{nameOf(control)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** The visible text and the label of a control, without the key itself. */
function nameOf(control: HTMLElement): string {
  const parts = [...control.childNodes].filter(({ nodeName }) => nodeName !== 'KBD');
  return control.ariaLabel ?? parts.map(({ textContent }) => textContent).join(' ');
}
