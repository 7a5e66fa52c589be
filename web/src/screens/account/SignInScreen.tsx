/** `/sign-in`: name and password, then the second factor where there is one. */
import { useState } from "preact/hooks";
import { url } from "../../api/client";
import { type Key, t } from "../../i18n";
import { navigate, query } from "../../router";
import {
  nextPlace,
  type Session,
  session,
  showSecondFactor,
  signIn,
  user,
} from "../../state/session";
import { SmallForm, TextField, useAction } from "../../ui/Form";
import { CodeField, PasswordField } from "./fields";
import { Leaf } from "./Leaf";

function goOn({ second_factor }: Session): void {
  if (second_factor === "needed") return; // the next form asks for it
  navigate(second_factor === "to_enrol" ? "/account" : next());
}

function PasswordForm() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const action = useAction();
  return (
    <SmallForm
      action={action}
      words={t("account.sign_in")}
      onSubmit={async () => goOn(await signIn(login, password))}
    >
      <TextField
        label={t("account.login")}
        autocomplete="username"
        required
        value={login}
        onValue={setLogin}
      />
      <PasswordField value={password} onValue={setPassword} />
    </SmallForm>
  );
}

const next = () => nextPlace(query.value.get("next"));

/** The way to the identity provider of the organisation. */
function Elsewhere() {
  return (
    <p>
      <a class="button" href={url("/api/oidc/login", { next: next() })}>
        {t("account.oidc")}
      </a>
    </p>
  );
}

const WHYS = ["bad_credentials", "csrf", "provider_error", "no_role"] as const; // codes of the server

function why(code: string): Key {
  const known = WHYS.find((one) => one === code);
  return known ? `account.failed.${known}` : "account.failed.other";
}

/** Why the way by the identity provider led back here. */
function Failed({ code }: { code: string }) {
  return (
    <div class="notice" role="alert">
      <strong>{t("account.failed")}</strong>
      <div>{t(why(code))}</div>
      <div>{t("account.failed_way")}</div>
      <div class="tiny">{t("state.code", { code })}</div>
    </div>
  );
}

function Already({ name }: { name: string }) {
  return (
    <div class="notice" role="status">
      <p>{t("account.already", { name })}</p>
      <a class="button primary" href={next()}>
        {t("account.go_on")}
      </a>
    </div>
  );
}

export function CodeForm({ onDone }: { onDone: (session: Session) => void }) {
  const [code, setCode] = useState("");
  const action = useAction();
  return (
    <SmallForm
      action={action}
      words={t("account.confirm")}
      onSubmit={async () => onDone(await showSecondFactor(code.trim()))}
    >
      <CodeField help={t("account.code_help")} value={code} onValue={setCode} />
    </SmallForm>
  );
}

function WaysIn() {
  return (
    <>
      <PasswordForm />
      {session.value.sign_in.oidc && <Elsewhere />}
      <p class="small soft">{t("account.no_account")}</p>
    </>
  );
}

export function SignInScreen() {
  const asked = user.value !== null && session.value.second_factor === "needed";
  const failed = query.value.get("failed");
  return (
    <Leaf title={t(asked ? "account.second_factor" : "account.sign_in")}>
      {failed && !user.value && <Failed code={failed} />}
      {user.value && !asked && <Already name={user.value.name} />}
      {asked ? <CodeForm onDone={goOn} /> : <WaysIn />}
    </Leaf>
  );
}
