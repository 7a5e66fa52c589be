/** Tokens for programs: made, shown once, taken back. */
import { useState } from "preact/hooks";
import { send } from "../../api/client";
import { t } from "../../i18n";
import { date } from "../../i18n/format";
import { label, words } from "../../i18n/words";
import { useResource } from "../../state/resource";
import { CopyButton } from "../../ui/CopyButton";
import { SmallForm, TextField, useAction } from "../../ui/Form";
import { Loaded } from "../../ui/States";
import { Section } from "../page/Sheet";

const ADDRESS = "/api/account/tokens";
const DAYS = 90;

interface Token {
  id: string;
  name: string;
  scopes: string[];
  expires_at: number; // seconds since 1970
  used_at: number | null;
}

interface Held {
  tokens: Token[];
  good_until: number | null; // seconds since 1970: of who signs in at an identity provider
}

const day = (seconds: number): string => date(new Date(seconds * 1000).toISOString().slice(0, 10));

function TokenRow({ token, onGone }: { token: Token; onGone: () => void }) {
  const action = useAction();
  const revoke = async () => {
    await send("DELETE", `${ADDRESS}/${token.id}`);
    onGone();
  };
  return (
    <tr>
      <th scope="row">{token.name}</th>
      <td>{token.scopes.map((scope) => label("scope", scope)).join(", ")}</td>
      <td class="num">{day(token.expires_at)}</td>
      <td class="num">{token.used_at ? day(token.used_at) : t("account.token_unused")}</td>
      <td>
        <button type="button" class="button" onClick={() => action.run(revoke)}>
          {t("account.token_revoke")}
        </button>
        {action.problem && <div class="form-problem">{action.problem}</div>}
      </td>
    </tr>
  );
}

function TokenTable({ tokens, onGone }: { tokens: Token[]; onGone: () => void }) {
  if (!tokens.length) return <p class="soft">{t("account.tokens_none")}</p>;
  return (
    <div class="scroll-x">
      <table class="leaf-table">
        <thead>
          <tr>
            <th>{t("account.token_name")}</th>
            <th>{t("account.token_scope")}</th>
            <th>{t("account.token_until")}</th>
            <th>{t("account.token_used")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onGone={onGone} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewToken({ onMade }: { onMade: (secret: string) => void }) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState("read");
  const [days, setDays] = useState(String(DAYS));
  const action = useAction();
  const make = async () => {
    const json = { name, scopes: [scope], days: Number(days) };
    const { data } = await send<{ token: string }>("POST", ADDRESS, { json });
    setName("");
    onMade(data?.token ?? "");
  };
  return (
    <SmallForm action={action} words={t("account.token_make")} onSubmit={make}>
      <TextField label={t("account.token_name")} required value={name} onValue={setName} />
      <div class="form-field">
        <label class="label" for="token-scope">
          {t("account.token_scope")}
        </label>
        <select
          id="token-scope"
          class="field"
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
        >
          {words("scope").map((word) => (
            <option key={word.value} value={word.value}>
              {label("scope", word.value)}
            </option>
          ))}
        </select>
      </div>
      <TextField
        label={t("account.token_days")}
        type="number"
        min={1}
        required
        value={days}
        onValue={setDays}
      />
    </SmallForm>
  );
}

export function Tokens() {
  const [secret, setSecret] = useState("");
  const held = useResource<Held>(ADDRESS);
  const made = (token: string) => {
    setSecret(token);
    held.reload();
  };
  return (
    <Section title={t("account.tokens")}>
      <p>{t("account.tokens_why")}</p>
      {secret && (
        <div class="notice" role="status">
          <p>{t("account.token_once")}</p>
          <code class="break">{secret}</code>{" "}
          <CopyButton text={secret} name={t("account.tokens")} words={t("common.copy")} />
        </div>
      )}
      <Loaded of={held}>
        {({ tokens, good_until: until }) => (
          <>
            {until && <p class="small soft">{t("account.tokens_rest", { date: day(until) })}</p>}
            <TokenTable tokens={tokens} onGone={held.reload} />
          </>
        )}
      </Loaded>
      <NewToken onMade={made} />
    </Section>
  );
}
