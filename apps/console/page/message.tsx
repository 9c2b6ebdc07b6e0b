import { signal } from '@preact/signals';

interface Message {
  text: string;
  tone: 'good' | 'bad';
}

const SHOWN_MS = 6_000;

const message = signal<Message>();
let timer: number | undefined;

/** Shows one sentence for a while. */
export function say(text: string, tone: Message['tone'] = 'good'): void {
  clearTimeout(timer);
  message.value = { text, tone };
  timer = window.setTimeout(() => {
    message.value = undefined;
  }, SHOWN_MS);
}

export function MessageLine() {
  return (
    <output class={`message ${message.value?.tone ?? ''}`} hidden={!message.value}>
      {message.value?.text}
    </output>
  );
}
