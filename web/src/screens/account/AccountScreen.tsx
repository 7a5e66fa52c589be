/** `/account`: who I am here, my password, my second factor, my tokens. */
import { useEffect, useState } from "preact/hooks";
import { send } from "../../api/client";
import { t } from "../../i18n";
import { label } from "../../i18n/words";
import { navigate } from "../../router";
import { DRAFTS, ownNames } from "../../state/own";
import { asked, session, signOut, type User, user } from "../../state/session";
import { SmallForm, TextField, useAction } from "../../ui/Form";
import { Loading } from "../../ui/States";
import { FactList } from "../page/Facts";
import { Section } from "../page/Sheet";
import { PasswordField } from "./fields";
import { Leaf } from "./Leaf";
import { Mail } from "./Mail";
import { SecondFactor } from "./SecondFactor";
import { Tokens } from "./Tokens";
import { useProvinceNames } from "./useProvinceNames";

const AUDITING = ["auditor", "admin"]; // roles

function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [done, setDone] = useState(false);
  const action = useAction();
  const change = async () => {
    await send("PUT", "/api/account/password", { json: { current, new: next } });
    setCurrent("");
    setNext("");
    setDone(true);
  };
  return (
    <Section title={t("account.password")}>
      {done && <p role="status">{t("account.password_changed")}</p>}
      <SmallForm action={action} words={t("account.set_password")} onSubmit={change}>
        <PasswordField label={t("account.current_password")} value={current} onValue={setCurrent} />
        <TextField
          label={t("account.new_password")}
          type="password"
          autocomplete="new-password"
          required
          value={next}
          onValue={setNext}
        />
      </SmallForm>
    </Section>
  );
}

function Leave() {
  const action = useAction();
  const leave = async (everywhere: boolean) => {
    if (await action.run(() => signOut(everywhere))) navigate("/");
  };
  const drafts = ownNames(user.value?.id, DRAFTS).length;
  return (
    <>
      {drafts > 0 && <p class="notice">{t("account.drafts", { n: drafts })}</p>}
      <div class="leaf-actions">
        <button type="button" class="button" onClick={() => leave(false)}>
          {t("account.sign_out")}
        </button>
        <button type="button" class="button" onClick={() => leave(true)}>
          {t("account.sign_out_everywhere")}
        </button>
        <a class="button" href="/proposals">
          {t("proposals.title")}
        </a>
        <a class="button" href="/history">
          {t("history.title")}
        </a>
        {AUDITING.includes(user.value?.acts_as ?? "") && (
          <a class="button" href="/audit">
            {t("audit.title")}
          </a>
        )}
        {user.value?.acts_as === "admin" && (
          <a class="button" href="/people">
            {t("people.title")}
          </a>
        )}
      </div>
      {action.problem && <p class="form-problem">{action.problem}</p>}
    </>
  );
}

function Mine({ me }: { me: User }) {
  const names = useProvinceNames(me.provinces);
  const lessened = me.acts_as !== me.role;
  return (
    <>
      <FactList
        facts={[
          [t("account.login"), me.login],
          [t("account.name"), me.name],
          [t("account.role"), label("role", me.role)],
          [t("account.provinces"), names.join(", ") || t("account.provinces_none")],
        ]}
      />
      {lessened && <p class="notice">{t("account.lessened")}</p>}
      <Leave />
      <SecondFactor />
      {session.value.second_factor !== "needed" && me.has_password && <Password />}
      {session.value.second_factor !== "needed" && <Mail me={me} />}
      {session.value.second_factor !== "needed" && <Tokens />}
    </>
  );
}

export function AccountScreen() {
  const me = user.value;
  const nobody = asked.value && !me;
  useEffect(() => {
    if (nobody) navigate("/sign-in?next=/account", { replace: true });
  }, [nobody]);
  return <Leaf title={t("account.title")}>{me ? <Mine me={me} /> : <Loading />}</Leaf>;
}
