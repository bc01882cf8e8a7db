import { toast } from 'svelte-sonner';

/** A short note that goes by itself. Nothing that must be read is ever said here only. */
export interface ToastNote {
  readonly title: string;
  readonly text?: string | undefined;
  readonly kind?: 'plain' | 'success' | 'problem' | undefined;
  readonly action?: { readonly label: string; readonly onclick: () => void } | undefined;
}

/** Shows a note in the `ToastHost`; a problem stays longer. */
export function showToast(note: ToastNote): void {
  const options = {
    ...(note.text === undefined ? {} : { description: note.text }),
    ...(note.action === undefined
      ? {}
      : { action: { label: note.action.label, onClick: note.action.onclick } }),
    duration: note.kind === 'problem' ? 12_000 : 5000,
  };
  switch (note.kind) {
    case 'success':
      toast.success(note.title, options);
      break;
    case 'problem':
      toast.error(note.title, options);
      break;
    case 'plain':
    case undefined:
      toast(note.title, options);
  }
}
