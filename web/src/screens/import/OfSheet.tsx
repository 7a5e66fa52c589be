/** What was found of the whole sheet. What lacks in every row is said with the way to mend it. */
import { t } from "../../i18n";
import { Findings } from "./Findings";
import type { Finding, Preview } from "./types";
import { targetTitle } from "./words";

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function OfSheet({ made }: { made: Preview }) {
  const isLacking = ({ code, header }: Finding) => code === "required" && header !== null;
  const lacking = made.findings.filter(isLacking);
  const { layer } = made.options;
  return (
    <>
      {lacking.map(({ header }) => (
        <p key={header} class="notice" role="alert" data-testid="import-lacks">
          {t("import.lacks", { what: capital(targetTitle(layer, header ?? "")) })}
        </p>
      ))}
      <Findings of={made.findings.filter((one) => !isLacking(one))} notice />
    </>
  );
}
