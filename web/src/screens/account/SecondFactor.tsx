/** The second factor: setting it up, its recovery codes, taking it off. */
import { useState } from "preact/hooks";
import { send } from "../../api/client";
import { t } from "../../i18n";
import { type Session, session, take, user } from "../../state/session";
import { CopyButton } from "../../ui/CopyButton";
import { SmallForm, useAction } from "../../ui/Form";
import { QrCode } from "../page/QrCode";
import { Section } from "../page/Sheet";
import { CodeField, PasswordField } from "./fields";
import { CodeForm } from "./SignInScreen";

const ADDRESS = "/api/account/second-factor";

interface Made {
  secret: string;
  uri: string;
}

function Begin({ onMade }: { onMade: (made: Made) => void }) {
  const [password, setPassword] = useState("");
  const action = useAction();
  const begin = async () => {
    const json = password ? { password } : {};
    const { data } = await send<Made>("POST", ADDRESS, { json });
    if (data) onMade(data);
  };
  return (
    <SmallForm action={action} words={t("account.enrol")} onSubmit={begin}>
      <p>{t("account.enrol_why")}</p>
      {user.value?.has_password && <PasswordField value={password} onValue={setPassword} />}
    </SmallForm>
  );
}

interface ConfirmProps {
  made: Made;
  onCodes: (codes: string[]) => void;
}

function Confirm({ made, onCodes }: ConfirmProps) {
  const [code, setCode] = useState("");
  const action = useAction();
  const confirm = async () => {
    const sent = { json: { code: code.trim() } };
    const { data } = await send<Session & { recovery_codes: string[] }>("PUT", ADDRESS, sent);
    if (!data) return;
    onCodes(data.recovery_codes);
    take(data);
  };
  return (
    <SmallForm action={action} words={t("account.confirm")} onSubmit={confirm}>
      <p>{t("account.scan")}</p>
      <QrCode text={made.uri} title={t("account.qr")} />
      <p class="small">
        {t("account.secret")} <code class="break">{made.secret}</code>{" "}
        <CopyButton text={made.secret} name={t("account.secret")} />
      </p>
      <CodeField value={code} onValue={setCode} />
    </SmallForm>
  );
}

function Codes({ codes }: { codes: string[] }) {
  return (
    <div class="notice" role="status">
      <strong>{t("account.codes")}</strong>
      <p>{t("account.codes_why")}</p>
      <ul class="codes num">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton text={codes.join("\n")} name={t("account.codes")} words={t("common.copy")} />
    </div>
  );
}

export function SecondFactor() {
  const [made, setMade] = useState<Made | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const { second_factor } = session.value;
  const has = user.value?.has_second_factor ?? false;
  return (
    <Section title={t("account.second_factor")}>
      {codes && <Codes codes={codes} />}
      {second_factor === "needed" && <CodeForm onDone={() => undefined} />}
      {has && second_factor !== "needed" && <p>{t("account.second_factor_on")}</p>}
      {!has && !made && <Begin onMade={setMade} />}
      {!has && made && <Confirm made={made} onCodes={setCodes} />}
    </Section>
  );
}
