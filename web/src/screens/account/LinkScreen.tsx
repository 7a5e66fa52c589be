/** `/link#secret`: an invitation or a reset. The secret stands after the #, which no server logs. */
import { useState } from "preact/hooks";
import { send } from "../../api/client";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { label } from "../../i18n/words";
import { navigate } from "../../router";
import { useResource } from "../../state/resource";
import { signIn } from "../../state/session";
import { SmallForm, TextField, useAction } from "../../ui/Form";
import { Loaded } from "../../ui/States";
import { Leaf } from "./Leaf";

interface Link {
  purpose: "invitation" | "first_admin" | "reset";
  login: string | null;
  name: string | null;
  role: string | null;
  expires_at: number; // seconds since 1970
}

const LEAST = 12; // characters of a password

function Accept({ link, address }: { link: Link; address: string }) {
  const [login, setLogin] = useState(link.login ?? "");
  const [name, setName] = useState(link.name ?? "");
  const [password, setPassword] = useState("");
  const action = useAction();
  const reset = link.purpose === "reset";
  const accept = async () => {
    const own = { ...(!link.login && { login }), ...(!reset && name && !link.name && { name }) };
    const { data } = await send<{ login: string }>("POST", address, { json: { password, ...own } });
    const { second_factor } = await signIn(data?.login ?? login, password);
    navigate(second_factor === "to_enrol" ? "/account" : "/", { replace: true });
  };
  return (
    <SmallForm action={action} words={t("account.set_password")} onSubmit={accept}>
      {link.role && <p>{t("account.invited_as", { role: label("role", link.role) })}</p>}
      <p class="small soft">
        {t("account.link_until", {
          date: date(new Date(link.expires_at * 1000).toISOString().slice(0, 10)),
        })}
      </p>
      <TextField
        label={t("account.login")}
        autocomplete="username"
        required
        readOnly={Boolean(link.login)}
        value={login}
        onValue={setLogin}
      />
      {!reset && (
        <TextField
          label={t("account.name")}
          autocomplete="name"
          readOnly={Boolean(link.name)}
          value={name}
          onValue={setName}
        />
      )}
      <TextField
        label={t("account.new_password")}
        help={t("account.password_help", { n: LEAST })}
        type="password"
        autocomplete="new-password"
        minLength={LEAST}
        required
        value={password}
        onValue={setPassword}
      />
    </SmallForm>
  );
}

export function LinkScreen() {
  const [address] = useState(() => `/api/links/${encodeURIComponent(location.hash.slice(1))}`);
  const link = useResource<Link>(address);
  return (
    <Leaf title={t("account.link")}>
      <Loaded of={link}>{(held) => <Accept link={held} address={address} />}</Loaded>
    </Leaf>
  );
}
