/** The address that reminders and one-time links of an account are sent to. */
import { useState } from "preact/hooks";
import { send } from "../../api/client";
import { t } from "../../i18n";
import { loadSession, type User } from "../../state/session";
import { SmallForm, TextField, useAction } from "../../ui/Form";
import { Section } from "../page/Sheet";
import { PasswordField } from "./fields";

interface FieldProps {
  value: string;
  onValue: (text: string) => void;
  help?: string;
}

export function MailField(given: FieldProps) {
  return <TextField {...given} label={t("account.mail")} type="email" autocomplete="off" />;
}

export function Mail({ me }: { me: User }) {
  const [mail, setMail] = useState(me.mail ?? "");
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const action = useAction();
  const change = async () => {
    setDone(false);
    const json = { mail, ...(me.has_password && { password }) };
    await send("PUT", "/api/account/mail", { json });
    setPassword("");
    setDone(true);
    await loadSession();
  };
  return (
    <Section title={t("account.mail_title")}>
      {done && <p role="status">{t("account.mail_changed")}</p>}
      <SmallForm action={action} words={t("account.set_mail")} onSubmit={change}>
        <MailField value={mail} onValue={setMail} help={t("account.mail_why")} />
        {me.has_password && (
          <PasswordField
            label={t("account.current_password")}
            value={password}
            onValue={setPassword}
          />
        )}
      </SmallForm>
    </Section>
  );
}
