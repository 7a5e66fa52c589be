/** `/people`: accounts and invitations, for administrators. */
import { useState } from "preact/hooks";
import { send } from "../../api/client";
import { t } from "../../i18n";
import { label } from "../../i18n/words";
import { useResource } from "../../state/resource";
import type { User } from "../../state/session";
import { CopyButton } from "../../ui/CopyButton";
import { type Action, SmallForm, TextField, useAction } from "../../ui/Form";
import { Loaded } from "../../ui/States";
import { Section } from "../page/Sheet";
import { Leaf } from "./Leaf";
import { MailField } from "./Mail";
import { ProvinceList, RoleSelect } from "./RoleFields";
import { useProvinceNames } from "./useProvinceNames";

const USERS = "/api/admin/users";
const INVITATIONS = "/api/admin/invitations";

interface Person extends User {
  active: boolean;
}

interface Invited {
  id: string;
  login: string | null;
  name: string | null;
  role: string;
  provinces: string[];
}

interface Made {
  link: string;
  mail: "sent" | "failed" | "none"; // what came of sending it
}

function OneTimeLink({ link, mail }: Made) {
  return (
    <div class="notice" role="status">
      {mail !== "none" && <p>{t(mail === "sent" ? "people.link_sent" : "people.link_not_sent")}</p>}
      <p>{t("people.link_once")}</p>
      <code class="break">{link}</code>{" "}
      <CopyButton text={link} name={t("account.link")} words={t("common.copy")} />
    </div>
  );
}

interface ChangeProps {
  person: Person;
  action: Action;
  onChanged: () => void;
}

function ChangeForm({ person, action, onChanged }: ChangeProps) {
  const [role, setRole] = useState(person.role);
  const [provinces, setProvinces] = useState(person.provinces);
  const [mail, setMail] = useState(person.mail ?? "");
  const save = async () => {
    const json = { role, provinces, ...(mail !== (person.mail ?? "") && { mail }) };
    await send("PATCH", `${USERS}/${person.id}`, { json });
    onChanged();
  };
  return (
    <SmallForm action={action} words={t("edit.save")} onSubmit={save}>
      <RoleSelect value={role} onChange={setRole} />
      <ProvinceList chosen={provinces} onChange={setProvinces} />
      <MailField value={mail} onValue={setMail} />
    </SmallForm>
  );
}

function PersonActions({ person, action, onChanged }: ChangeProps) {
  const [made, setMade] = useState<Made | null>(null);
  const activate = async () => {
    await send("PATCH", `${USERS}/${person.id}`, { json: { active: !person.active } });
    onChanged();
  };
  const reset = async () => {
    const { data } = await send<Made>("POST", `${USERS}/${person.id}/reset`);
    setMade(data ?? null);
  };
  const forget = async () => {
    await send("DELETE", `${USERS}/${person.id}/second-factor`);
    onChanged();
  };
  return (
    <>
      {made && <OneTimeLink {...made} />}
      <div class="leaf-actions">
        <button type="button" class="button" onClick={() => action.run(activate)}>
          {t(person.active ? "people.close" : "people.open")}
        </button>
        <button type="button" class="button" onClick={() => action.run(reset)}>
          {t("people.reset")}
        </button>
        {person.has_second_factor && (
          <button type="button" class="button" onClick={() => action.run(forget)}>
            {t("people.forget_factor")}
          </button>
        )}
      </div>
    </>
  );
}

function PersonEntry({ person, onChanged }: { person: Person; onChanged: () => void }) {
  const names = useProvinceNames(person.provinces);
  const action = useAction();
  const facts = [
    person.name && person.name !== person.login && person.login,
    label("role", person.role),
    names.join(", "),
    !person.active && t("people.closed"),
  ];
  return (
    <li class="leaf-entry plain" data-login={person.login}>
      <details>
        <summary>
          <strong>{person.name || person.login}</strong>{" "}
          <span class="small soft">{facts.filter(Boolean).join(" · ")}</span>
        </summary>
        <ChangeForm person={person} action={action} onChanged={onChanged} />
        <PersonActions person={person} action={action} onChanged={onChanged} />
      </details>
    </li>
  );
}

function InviteForm({ onInvited }: { onInvited: (made: Made | null) => void }) {
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [mail, setMail] = useState("");
  const [role, setRole] = useState("viewer");
  const [provinces, setProvinces] = useState<string[]>([]);
  const action = useAction();
  const invite = async () => {
    const json = { role, provinces, ...(login && { login }), ...(name && { name }), mail };
    const { data } = await send<Made>("POST", INVITATIONS, { json });
    setLogin("");
    setName("");
    setMail("");
    onInvited(data ?? null);
  };
  return (
    <SmallForm action={action} words={t("people.invite")} onSubmit={invite}>
      <TextField
        label={t("account.login")}
        help={t("people.login_help")}
        value={login}
        onValue={setLogin}
      />
      <TextField label={t("account.name")} value={name} onValue={setName} />
      <MailField value={mail} onValue={setMail} help={t("people.mail_help")} />
      <RoleSelect value={role} onChange={setRole} />
      <ProvinceList chosen={provinces} onChange={setProvinces} />
    </SmallForm>
  );
}

function InvitedEntry({ one, onGone }: { one: Invited; onGone: () => void }) {
  const names = useProvinceNames(one.provinces);
  const action = useAction();
  const revoke = async () => {
    await send("DELETE", `${INVITATIONS}/${one.id}`);
    onGone();
  };
  const who = one.name ?? one.login ?? t("people.anyone");
  return (
    <li class="leaf-entry plain">
      <div>
        <strong>{who}</strong>{" "}
        <span class="small soft">
          {[label("role", one.role), names.join(", ")].filter(Boolean).join(" · ")}
        </span>{" "}
        <button type="button" class="button" onClick={() => action.run(revoke)}>
          {t("people.revoke")}
        </button>
        {action.problem && <p class="form-problem">{action.problem}</p>}
      </div>
    </li>
  );
}

export function PeopleScreen() {
  const people = useResource<{ users: Person[] }>(USERS);
  const invited = useResource<{ invitations: Invited[] }>(INVITATIONS);
  const [link, setLink] = useState<Made | null>(null);
  const onInvited = (made: Made | null) => {
    setLink(made);
    invited.reload();
  };
  return (
    <Leaf title={t("people.title")}>
      <Loaded of={people}>
        {({ users }) => (
          <ul class="leaf-entries">
            {users.map((person) => (
              <PersonEntry key={person.id} person={person} onChanged={people.reload} />
            ))}
          </ul>
        )}
      </Loaded>
      {people.data && (
        <Section title={t("people.invite")}>
          {link && <OneTimeLink {...link} />}
          <InviteForm onInvited={onInvited} />
          {!people.error && (
            <Loaded of={invited}>
              {({ invitations }) => (
                <ul class="leaf-entries">
                  {invitations.map((one) => (
                    <InvitedEntry key={one.id} one={one} onGone={invited.reload} />
                  ))}
                </ul>
              )}
            </Loaded>
          )}
        </Section>
      )}
    </Leaf>
  );
}
