/** Dialogs over Base UI: focus goes in, stays in, and returns. Only for losing work, leaving the app, search and help. */
import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog } from "@base-ui/react/dialog";
import type { JSX, ReactNode } from "react";
import { useT } from "../state/prefs.ts";
import { Icon } from "./Icon.tsx";

export interface ConfirmProps {
  readonly open: boolean;
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly onAnswer: (yes: boolean) => void;
  readonly children?: ReactNode;
}

export function Confirm({ open, title, text, confirm, cancel, onAnswer, children }: ConfirmProps): JSX.Element {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onAnswer(false)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog small">
          <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="soft">{text}</AlertDialog.Description>
          {children}
          <div className="row end">
            <AlertDialog.Close className="b">{cancel}</AlertDialog.Close>
            <button type="button" className="b pri" onClick={() => onAnswer(true)}>
              {confirm}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

export function Sheet({
  open,
  title,
  onClose,
  children,
  wide = false,
}: {
  readonly open: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}): JSX.Element {
  const t = useT();
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={`dialog${wide ? " wide" : ""}`}>
          <div className="row">
            <Dialog.Title className="dialog-title grow">{title}</Dialog.Title>
            <Dialog.Close className="b quiet ico" aria-label={t("dialog.close")}>
              <Icon name="close" />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
