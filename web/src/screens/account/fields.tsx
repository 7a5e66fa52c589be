/** The fields that several of these forms have: a password, a code of the second factor. */
import { t } from "../../i18n";
import { TextField } from "../../ui/Form";

interface Props {
  value: string;
  onValue: (text: string) => void;
}

interface PasswordProps extends Props {
  label?: string;
}

/** The password that is in force. */
export function PasswordField({ label = t("account.password"), ...rest }: PasswordProps) {
  return (
    <TextField {...rest} label={label} type="password" autocomplete="current-password" required />
  );
}

export function CodeField({ help, ...rest }: Props & { help?: string }) {
  return (
    <TextField
      {...rest}
      label={t("account.code")}
      help={help}
      inputMode="numeric"
      autocomplete="one-time-code"
      required
    />
  );
}
