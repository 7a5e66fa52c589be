/** `/sign-in`: name and password, then the second factor where there is one. */
import { useState } from "preact/hooks";
import { url } from "../../api/client";
import { t } from "../../i18n";
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
  navigate(second_factor === "to_enrol" ? "/account" : nextPlace(query.value.get("next")));
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

/** The way to the identity provider of the organisation. */
function Elsewhere() {
  const to = url("/api/oidc/login", { next: nextPlace(query.value.get("next")) });
  return (
    <p>
      <a class="button" href={to}>
        {t("account.oidc")}
      </a>
    </p>
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

export function SignInScreen() {
  const asked = user.value !== null && session.value.second_factor === "needed";
  return (
    <Leaf title={t(asked ? "account.second_factor" : "account.sign_in")}>
      {asked ? <CodeForm onDone={goOn} /> : <PasswordForm />}
      {!asked && session.value.sign_in.oidc && <Elsewhere />}
      {!asked && <p class="small soft">{t("account.no_account")}</p>}
    </Leaf>
  );
}
